import { z } from 'zod';
import type { Remote } from '../engine/host.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { openTcp } from '../session/tcp.ts';
import { openTlsTo } from '../session/tls.ts';
import { opaque } from '../wire/application/opaque.ts';
import { ascii } from '../wire/bytes.ts';
import { type Attack, commonOptions, defineAttack } from './attack.ts';

const options = z.strictObject({
  ...commonOptions,
  /** reconnect: a connection per call; persist: one connection that is kept (IRC); tls: a connection per call, sealed. */
  type: z.enum(['reconnect', 'persist', 'tls']).default('reconnect'),
  /** Seconds between calls, and their relative deviation. */
  period: z.coerce.number().positive().default(10),
  jitter: z.coerce.number().min(0).max(1).default(0.05),
  duration: z.coerce.number().positive().default(600),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
});
type Options = z.output<typeof options>;

/** A bot that calls its command server again and again for orders. */
export const beacon = defineAttack({
  kind: 'beacon',
  options,
  attackers: ['plug', 'camera', 'speaker', 'sensor'],
  // A connection that is called again and again and kept is how a bot is commanded; the other types are clocks alone.
  accepts: ({ type }) => ['beacon', 'rhythm', 'sequence', ...(type === 'persist' ? (['remote-control'] as const) : [])],
  detail: ({ type }) => `beacon-${type}`,
  *run(attack) {
    const { random, options: wanted } = attack;
    const server = attack.outside();
    const end = attack.now + wanted.duration * SECOND;
    if (wanted.type === 'persist') {
      yield* keepCalling(attack, server, end);
      return;
    }
    while (attack.now < end) {
      const began = attack.now;
      yield* wanted.type === 'tls' ? callSealed(attack, server) : call(attack, server);
      const pause = random.jitter(wanted.period, wanted.jitter) * SECOND;
      yield Math.max(0, pause - (attack.now - began));
    }
  },
});

function* call(attack: Attack<Options>, server: Remote): Process {
  const { random, options: wanted } = attack;
  const tcp = yield* openTcp(attack, server, wanted.port ?? 4444);
  if (tcp === null) return;
  yield* tcp.send(0, opaque(random.int(44, 52), random));
  // Now and then there is an order.
  yield* tcp.send(1, opaque(random.bool(0.05) ? random.int(120, 400) : 16, random), 0.005);
  yield* tcp.close(0);
}

function* callSealed(attack: Attack<Options>, server: Remote): Process {
  const { random, options: wanted } = attack;
  const session = yield* openTlsTo(attack, server, null, '1.3', { profile: 'go', port: wanted.port ?? 443, resume: 0 });
  if (session === null) return;
  yield* session.exchange(random.int(180, 200), random.bool(0.05) ? random.int(300, 900) : 64);
  yield* session.close();
}

function* keepCalling(attack: Attack<Options>, server: Remote, end: number): Process {
  const { random, options: wanted } = attack;
  const tcp = yield* openTcp(attack, server, wanted.port ?? 6667);
  if (tcp === null) return;
  const nick = `[XX|${random.hex(8)}]`;
  yield* tcp.send(0, ascii(`NICK ${nick}\r\nUSER x x x :x\r\n`));
  yield* tcp.send(1, ascii(`:irc 001 ${nick} :\r\n:irc 376 ${nick} :\r\n`), 0.02);
  yield* tcp.send(0, ascii('MODE #x\r\nJOIN #x\r\n'));
  while (attack.now < end) {
    yield* tcp.send(1, ascii('PING :irc\r\n'));
    yield* tcp.send(0, ascii('PONG :irc\r\n'), 0.002);
    yield* tcp.pause(random.jitter(wanted.period, wanted.jitter));
  }
  yield* tcp.close(1);
}
