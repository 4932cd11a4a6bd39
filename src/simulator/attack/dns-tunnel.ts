import { z } from 'zod';
import type { Random } from '../engine/random.ts';
import { SECOND } from '../engine/simulation.ts';
import { exchange } from '../session/dns.ts';
import { reach } from '../session/neighbour.ts';
import { RecordType, type Resource, ResponseCode } from '../wire/application/dns.ts';
import { commonOptions, defineAttack } from './attack.ts';

const options = z.strictObject({
  ...commonOptions,
  /** Queries per second. */
  rate: z.coerce.number().positive().max(200).default(4),
  duration: z.coerce.number().positive().default(180),
});

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** Data in the labels of names, and in the answers: as iodine and dnscat2 do. */
export const dnsTunnel = defineAttack({
  kind: 'dns-tunnel',
  options,
  attackers: ['camera', 'speaker', 'plug', 'laptop'],
  accepts: () => ['dns-tunnel', 'exfiltration'],
  detail: () => 'dns-tunnel',
  *run(attack) {
    const { random, options: wanted, home } = attack;
    const zone = `${random.pick(['t', 'ns1', 'dl', 'c'])}.${base32(random, 7)}.${random.pick(['com', 'net', 'xyz'])}`;
    attack.involve(home.router);
    const end = attack.now + wanted.duration * SECOND;
    yield* reach(attack, home.router);
    while (attack.now < end) {
      const busy = random.bool(0.7);
      const labels = Array.from({ length: busy ? random.int(2, 3) : 1 }, () =>
        base32(random, busy ? random.int(50, 62) : 12),
      );
      const name = `${labels.join('.')}.${zone}`;
      const type = random.pick([RecordType.TXT, RecordType.TXT, RecordType.CNAME]);
      const answer: Resource =
        type === RecordType.TXT
          ? { type, name, ttl: 0, texts: [base32(random, busy ? random.int(60, 220) : 16)] }
          : { type, name, ttl: 0, target: `${base32(random, random.int(20, 60))}.${zone}` };
      yield* exchange(attack, name, type, random.logNormal(45, 0.4), ResponseCode.NOERROR, [answer]);
      yield random.exponential(1 / wanted.rate) * SECOND;
    }
  },
});

function base32(random: Random, length: number): string {
  return Array.from({ length }, () => random.pick([...ALPHABET])).join('');
}
