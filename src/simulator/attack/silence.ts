import { z } from 'zod';
import { Device, switchOff, switchOn } from '../device/device.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { arpRequest } from '../wire/arp.ts';
import { commonOptions, defineAttack } from './attack.ts';

const options = z.strictObject({
  ...commonOptions,
  /** Seconds until it comes back; by default it does not. */
  duration: z.coerce.number().positive().optional(),
});

/** A device falls silent: broken, unplugged, or jammed. No frame of it is malicious; the episode tells when. */
export const silence = defineAttack({
  kind: 'silence',
  options,
  attackers: ['camera', 'sensor', 'plug', 'doorbell'],
  accepts: () => ['silence'],
  detail: () => 'silence',
  *run(attack) {
    const { home, host, episode, options: wanted } = attack;
    const device = home.actors.find((actor) => actor.host === host);
    if (!(device instanceof Device)) return;
    episode.onset = attack.now;
    episode.end = wanted.duration === undefined ? home.end : Math.min(home.end, attack.now + wanted.duration * SECOND);
    device.disabled = true;
    switchOff(device);
    home.spawn(searchFor(device));
    if (wanted.duration === undefined) return;
    yield wanted.duration * SECOND;
    device.disabled = false;
    device.spawn(switchOn(device));
  },
});

/** The router asks for it a few times, then forgets it. */
function* searchFor(device: Device): Process {
  const { home, host, random } = device;
  yield random.uniform(5, 40) * SECOND;
  for (let i = 0; i < 3 && !host.up; i++) {
    home.simulation.send(arpRequest(home.router.v4, host.v4.ip), { label: 'benign', detail: '-', device: 'router' });
    yield SECOND;
  }
}
