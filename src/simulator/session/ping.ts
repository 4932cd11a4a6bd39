/** Echo requests by which some devices watch their own connection. */
import type { Actor } from '../engine/actor.ts';
import type { Process } from '../engine/simulation.ts';
import { ascii } from '../wire/bytes.ts';
import { echoFrame } from '../wire/icmp.ts';
import { reach } from './neighbour.ts';

const PAYLOAD = ascii('\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f !"#$%&\'()*+,-./01234567');

export function* pingRouter(actor: Actor, count: number): Process {
  const { host, home, random } = actor;
  if (!(yield* reach(actor, home.router))) return;
  const identifier = random.int(1, 0xffff);
  for (let sequence = 0; sequence < count; sequence++) {
    actor.send(echoFrame(host.v4, home.router.v4, false, identifier, sequence, PAYLOAD));
    yield home.router.latency * random.uniform(0.5, 1.5);
    actor.send(echoFrame(home.router.v4, host.v4, true, identifier, sequence, PAYLOAD));
    yield 1_000_000 * random.uniform(0.99, 1.02);
  }
}
