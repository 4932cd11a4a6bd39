/** Setting the clock by NTP. */
import type { Actor } from '../engine/actor.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { ntpRequest, ntpResponse } from '../wire/ntp.ts';
import { udpFrame } from '../wire/udp.ts';
import { resolve } from './dns.ts';
import { reach } from './neighbour.ts';

const PORT = 123;

export function* syncTime(actor: Actor, server: string, version: 3 | 4 = 4): Process {
  const { host, random } = actor;
  const remote = yield* resolve(actor, server);
  yield* reach(actor, remote);
  const port = host.stack.layout === 'windows' || random.bool(0.4) ? PORT : host.nextPort();
  const origin = actor.now;
  actor.send(udpFrame(host.v4, port, remote.v4, PORT, ntpRequest(origin, version)));
  if (random.bool(0.01)) {
    yield 4 * SECOND; // lost; it tries again at its next period
    return;
  }
  yield remote.latency * random.uniform(0.95, 1.1);
  const answer = ntpResponse(origin, origin + remote.latency / 2, version, remote.v4.ip);
  actor.send(udpFrame(remote.v4, PORT, host.v4, port, answer));
}
