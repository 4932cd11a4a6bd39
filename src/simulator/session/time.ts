/** Setting the clock by NTP. */
import type { Actor } from '../engine/actor.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { ntpRequest, ntpResponse } from '../wire/application/ntp.ts';
import { udpFrame } from '../wire/udp.ts';
import { resolve } from './dns.ts';
import { reach } from './neighbour.ts';

const PORT = 123;

export function* syncTime(actor: Actor, server: string, version: 3 | 4 = 4): Process {
  const { host, home, random } = actor;
  const remote = yield* resolve(actor, server);
  if (remote === null) return;
  yield* reach(actor, remote);
  const port = host.stack.layout === 'windows' || random.bool(0.4) ? PORT : host.nextPort();
  const origin = actor.now;
  actor.send(udpFrame(host.v4, port, remote.v4, PORT, ntpRequest(origin, version)));
  // Some servers of the pool have retired, and some datagrams are lost: it tries once more, then at its next period.
  const retired = (remote.v4.ip[3]! * 7 + remote.v4.ip[2]!) % 16 === 0;
  if (retired || home.line.isDown(actor.now) || random.bool(0.01)) {
    yield random.uniform(3, 6) * SECOND;
    actor.send(udpFrame(host.v4, port, remote.v4, PORT, ntpRequest(actor.now, version)));
    return;
  }
  yield remote.latency * random.uniform(0.95, 1.1);
  const answer = ntpResponse(origin, origin + remote.latency / 2, version, remote.v4.ip);
  actor.send(udpFrame(remote.v4, PORT, host.v4, port, answer));
}
