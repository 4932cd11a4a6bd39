import { z } from 'zod';
import { type Process, SECOND } from '../engine/simulation.ts';
import { openTcp } from '../session/tcp.ts';
import { openTlsTo } from '../session/tls.ts';
import { opaque } from '../wire/application/opaque.ts';
import { type Attack, commonOptions, defineAttack } from './attack.ts';

const options = z.strictObject({
  ...commonOptions,
  /** tls: sealed, to port 443; raw: in the clear, to a high port. */
  type: z.enum(['tls', 'raw']).default('tls'),
  megabytes: z.coerce.number().positive().max(10_000).default(15),
  /** Megabits per second. */
  rate: z.coerce.number().positive().default(4),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
});
type Options = z.output<typeof options>;

const PIECE_BYTES = 200_000;

/** A device sends out far more than it ever did, to somebody it never spoke to. */
export const exfiltration = defineAttack({
  kind: 'exfiltration',
  options,
  attackers: ['hub', 'nas', 'light-bridge', 'plug', 'printer'],
  accepts: () => ['exfiltration', 'rate'],
  detail: ({ type }) => `exfiltration-${type}`,
  *run(attack) {
    const send = yield* openChannel(attack);
    if (send === null) return;
    const { megabytes, rate } = attack.options;
    let rest = megabytes * 1e6;
    while (rest > 0) {
      const began = attack.now;
      const bytes = Math.min(rest, PIECE_BYTES);
      yield* send(bytes);
      rest -= bytes;
      yield Math.max(0, ((bytes * 8) / (rate * 1e6)) * SECOND - (attack.now - began));
    }
  },
});

/** The way out: sends so many bytes and waits for the short answer. */
function* openChannel(attack: Attack<Options>): Process<((bytes: number) => Process) | null> {
  const { random, options: wanted } = attack;
  const server = attack.outside();
  if (wanted.type === 'tls') {
    const session = yield* openTlsTo(attack, server, null, '1.3', { profile: 'go', port: wanted.port ?? 443 });
    return session && ((bytes) => session.exchange(bytes, 120));
  }
  const tcp = yield* openTcp(attack, server, wanted.port ?? 4443);
  return (
    tcp &&
    function* (bytes) {
      yield* tcp.send(0, opaque(bytes, random));
      yield* tcp.send(1, opaque(4, random));
    }
  );
}
