/** SSH (RFC 4253): banners, key exchange in the clear, then sealed packets. */
import type { Actor } from '../engine/actor.ts';
import type { Remote } from '../engine/host.ts';
import type { Process } from '../engine/simulation.ts';
import { opaque } from '../wire/application/opaque.ts';
import { ecdhInit, ecdhReply, keyExchangeInit, newKeys } from '../wire/application/ssh.ts';
import { ascii } from '../wire/bytes.ts';
import { openTcp } from './tcp.ts';

export const SSH_PORT = 22;

/** One log-in: three wrong passwords, or a short session. */
export function* sshLogin(actor: Actor, remote: Remote, succeeds: boolean): Process {
  const { random } = actor;
  const tcp = yield* openTcp(actor, remote, SSH_PORT);
  if (tcp === null) return;
  yield* tcp.send(0, ascii(succeeds ? 'SSH-2.0-OpenSSH_9.6\r\n' : 'SSH-2.0-libssh_0.9.6\r\n'));
  yield* tcp.send(1, ascii('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'), 0.01);
  yield* tcp.send(0, keyExchangeInit(random));
  yield* tcp.send(1, keyExchangeInit(random), 0.001);
  yield* tcp.send(0, ecdhInit(random), 0.002);
  yield* tcp.send(1, ecdhReply(random), 0.006);
  yield* tcp.send(0, newKeys());
  const sealed = (from: 0 | 1, bytes: number, think = 0.001) => tcp.send(from, opaque(bytes, random), think);
  yield* sealed(0, 44);
  yield* sealed(1, 44);
  yield* sealed(0, 60);
  yield* sealed(1, 52, 0.004);
  for (let i = 0; i < (succeeds ? 1 : 3); i++) {
    yield* sealed(0, 148, 0.002);
    yield* sealed(1, succeeds ? 36 : 52, succeeds ? 0.02 : random.uniform(1.5, 2.6));
  }
  for (let keys = succeeds ? random.int(40, 200) : 0; keys > 0; keys--) {
    yield* sealed(0, 36, random.exponential(0.4));
    yield* sealed(1, random.bool(0.2) ? random.size(600, 0.8) : 36);
  }
  yield* tcp.close(0);
}
