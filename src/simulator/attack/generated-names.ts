import { z } from 'zod';
import { SECOND } from '../engine/simulation.ts';
import { resolve, resolveMissing } from '../session/dns.ts';
import { openTcp } from '../session/tcp.ts';
import { opaque } from '../wire/application/opaque.ts';
import { commonOptions, defineAttack } from './attack.ts';

const options = z.strictObject({
  ...commonOptions,
  /** Queries per second. */
  rate: z.coerce.number().positive().max(200).default(2),
  duration: z.coerce.number().positive().default(180),
});

const ENDINGS = ['com', 'net', 'org', 'info', 'biz', 'ru', 'top'];
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Malware that tries the names of the day until one exists. */
export const generatedNames = defineAttack({
  kind: 'generated-names',
  options,
  attackers: ['speaker', 'camera', 'laptop', 'plug'],
  accepts: () => ['generated-names'],
  detail: () => 'generated-names',
  *run(attack) {
    const { random, options: wanted, home } = attack;
    attack.involve(home.router);
    const end = attack.now + wanted.duration * SECOND;
    while (attack.now < end) {
      const length = random.int(11, 19);
      const label = Array.from({ length }, () => LETTERS[random.int(0, 25)]).join('');
      const name = `${label}.${random.pick(ENDINGS)}`;
      if (random.bool(0.015)) {
        const server = yield* resolve(attack, name);
        const tcp = server && (yield* openTcp(attack, server, 8080));
        if (tcp !== null) {
          yield* tcp.send(0, opaque(96, random));
          yield* tcp.send(1, opaque(32, random), 0.02);
          yield* tcp.close(1);
        }
      } else yield* resolveMissing(attack, name);
      yield random.exponential(1 / wanted.rate) * SECOND;
    }
  },
});
