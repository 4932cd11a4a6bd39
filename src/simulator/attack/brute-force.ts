import { z } from 'zod';
import type { Host } from '../engine/host.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { MQTT_PORT, openMqtt } from '../session/mqtt.ts';
import { SSH_PORT, sshLogin } from '../session/ssh.ts';
import { TELNET_PORT, telnetLogin } from '../session/telnet.ts';
import { type Attack, commonOptions, defineAttack } from './attack.ts';

const options = z.strictObject({
  ...commonOptions,
  service: z.enum(['telnet', 'ssh', 'mqtt']).default('telnet'),
  target: z.string().optional(),
  /** Log-ins begun per second. */
  rate: z.coerce.number().positive().max(100).default(2),
  duration: z.coerce.number().positive().default(90),
});
type Options = z.output<typeof options>;

const PORTS = { telnet: TELNET_PORT, ssh: SSH_PORT, mqtt: MQTT_PORT } as const;
const VICTIMS = { telnet: ['camera', 'doorbell', 'tv'], ssh: ['hub', 'nas'], mqtt: ['hub'] } as const;

/** Passwords from a list, one after the other, against a service of the home. */
export const bruteForce = defineAttack({
  kind: 'brute-force',
  options,
  attackers: ['plug', 'speaker', 'sensor', 'camera'],
  accepts: () => ['brute-force'],
  detail: ({ service }) => `brute-force-${service}`,
  *run(attack) {
    const { random, options: wanted } = attack;
    const victim = attack.target(wanted.target, VICTIMS[wanted.service]);
    // The attacked machine offers the service, whatever its maker intended.
    victim.services.set(PORTS[wanted.service], wanted.service);
    const end = attack.now + wanted.duration * SECOND;
    for (let attempt = 0; attack.now < end; attempt++) {
      attack.spawn(tryPassword(attack, victim, attempt));
      yield random.jitter(1 / wanted.rate, 0.3) * SECOND;
    }
  },
});

const ACCOUNTS = [
  ['root', 'xc3511'],
  ['root', 'vizxv'],
  ['root', 'admin'],
  ['admin', 'admin'],
  ['root', '888888'],
  ['root', 'default'],
  ['root', '54321'],
  ['support', 'support'],
  ['root', ''],
  ['admin', 'password'],
  ['root', 'root'],
  ['user', 'user'],
  ['admin', 'smcadmin'],
  ['root', '1111'],
  ['guest', 'guest'],
  ['root', 'klv1234'],
  ['admin', '7ujMko0admin'],
] as const;

function* tryPassword(attack: Attack<Options>, victim: Host, attempt: number): Process {
  const [user, password] = ACCOUNTS[attempt % ACCOUNTS.length]!;
  switch (attack.options.service) {
    case 'telnet':
      yield* telnetLogin(attack, victim, user, password);
      break;
    case 'ssh':
      yield* sshLogin(attack, victim, false);
      break;
    case 'mqtt':
      yield* openMqtt(attack, victim, { clientId: `c${attempt}`, username: user, password, keepAliveSeconds: 60 }, 5);
      break;
  }
}
