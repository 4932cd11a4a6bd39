import { z } from 'zod';
import type { Host } from '../engine/host.ts';
import { MILLISECOND, type Process, SECOND, type Tag } from '../engine/simulation.ts';
import { reach } from '../session/neighbour.ts';
import { arpReply } from '../wire/arp.ts';
import { allocate } from '../wire/bytes.ts';
import { type Attack, commonOptions, defineAttack } from './attack.ts';

const options = z.strictObject({
  ...commonOptions,
  /** arp: puts itself between a device and the router. */
  type: z.enum(['arp']).default('arp'),
  target: z.string().optional(),
  /** Seconds between the lies. */
  period: z.coerce.number().positive().default(2),
  duration: z.coerce.number().positive().default(120),
});
type Options = z.output<typeof options>;

/** Claims somebody else's address. */
export const spoofing = defineAttack({
  kind: 'spoofing',
  options,
  attackers: ['camera', 'plug', 'laptop', 'sensor'],
  accepts: () => ['spoofing'],
  detail: ({ type }) => `spoofing-${type}`,
  run: poisonArp,
});

/** Unasked ARP replies to both sides; what they then send each other passes through the attacker. */
function* poisonArp(attack: Attack<Options>): Process {
  const { home, host, random, options: wanted } = attack;
  const victim = attack.target(wanted.target, ['phone', 'laptop', 'speaker', 'tv']);
  const { router } = home;
  attack.involve(router);
  yield* reach(attack, victim);
  yield* reach(attack, router);
  const divert = diversion(attack, victim);
  const end = attack.now + wanted.duration * SECOND;
  const lie = (claimed: Host, to: Host): void =>
    attack.send(arpReply({ mac: host.mac, ip: claimed.v4.ip, padded: host.wired }, to.v4));
  try {
    while (attack.now < end) {
      lie(router, victim);
      lie(victim, router);
      home.simulation.interceptors.add(divert);
      yield random.jitter(wanted.period, 0.05) * SECOND;
    }
  } finally {
    home.simulation.interceptors.delete(divert);
  }
  // As the tools do on exit: the truth again, three times.
  for (let i = 0; i < 3; i++) {
    attack.send(arpReply(router.v4, victim.v4));
    attack.send(arpReply(victim.v4, router.v4));
    yield 100 * MILLISECOND;
  }
}

const ARP = 0x0806;

/** Frames between victim and router go to the attacker's hardware address, and on from there a moment later. */
function diversion(attack: Attack<Options>, victim: Host): (data: Uint8Array, tag: Tag) => boolean {
  const { home, host } = attack;
  const { router } = home;
  const is = (data: Uint8Array, at: number, mac: Uint8Array): boolean => {
    for (let i = 0; i < 6; i++) if (data[at + i] !== mac[i]) return false;
    return true;
  };
  let free = 0;
  return (data, tag) => {
    if (tag === attack.tag || ((data[12]! << 8) | data[13]!) === ARP) return true;
    const outward = is(data, 6, victim.mac) && is(data, 0, router.mac);
    const inward = is(data, 6, router.mac) && is(data, 0, victim.mac);
    if (!outward && !inward) return true;
    const relayed = allocate(data.length);
    relayed.set(data);
    relayed.set(host.mac, 6);
    data.set(host.mac, 0);
    // First in, first out.
    free = Math.max(free + 5, attack.now + attack.random.logNormal(300, 0.3));
    attack.spawn(forward(attack, relayed), (free - attack.now) / SECOND);
    return true;
  };
}

function* forward(attack: Attack<Options>, frame: Uint8Array): Process {
  attack.send(frame);
  yield 0;
}
