/** Telnet (RFC 854): option negotiation, prompt, name, password, refusal. */
import type { Actor } from '../engine/actor.ts';
import type { Remote } from '../engine/host.ts';
import type { Process } from '../engine/simulation.ts';
import { ascii } from '../wire/bytes.ts';
import { openTcp } from './tcp.ts';

export const TELNET_PORT = 23;
const DO = 0xfd;
const WILL = 0xfb;
const WONT = 0xfc;
const IAC = 0xff;
const [ECHO, SUPPRESS_GO_AHEAD, WINDOW_SIZE] = [1, 3, 31];

/** One failed log-in. */
export function* telnetLogin(actor: Actor, remote: Remote, user: string, password: string): Process {
  const tcp = yield* openTcp(actor, remote, TELNET_PORT);
  if (tcp === null) return;
  yield* tcp.send(
    1,
    Uint8Array.of(IAC, DO, ECHO, IAC, DO, WINDOW_SIZE, IAC, WILL, ECHO, IAC, WILL, SUPPRESS_GO_AHEAD),
    0.01,
  );
  yield* tcp.send(0, Uint8Array.of(IAC, WONT, ECHO, IAC, WONT, WINDOW_SIZE, IAC, DO, ECHO, IAC, DO, SUPPRESS_GO_AHEAD));
  yield* tcp.send(1, ascii('\r\nlogin: '), 0.01);
  yield* tcp.send(0, ascii(`${user}\r\n`), 0.05);
  yield* tcp.send(1, ascii(`${user}\r\nPassword: `), 0.005);
  yield* tcp.send(0, ascii(`${password}\r\n`), 0.05);
  yield* tcp.send(1, ascii('\r\nLogin incorrect\r\nlogin: '), actor.random.uniform(0.8, 2.2));
  if (actor.random.bool(0.3)) yield* tcp.reset(0);
  else yield* tcp.close(0);
}
