/** Finding the hardware address behind an IP address: ARP, kept and refreshed as stacks do. */
import type { Actor } from '../engine/actor.ts';
import { Host, type Remote } from '../engine/host.ts';
import { MINUTE, type Process, SECOND } from '../engine/simulation.ts';
import { arpReply, arpRequest } from '../wire/arp.ts';

/** Makes sure that frames can be sent towards `remote`. False when a machine of the home does not answer. */
export function* reach(actor: Actor, remote: Remote): Process<boolean> {
  const { home, host, random } = actor;
  const target = remote instanceof Host ? remote : home.router;
  if (target === host || (host.neighbours.get(target) ?? 0) > actor.now) return true;
  const known = host.neighbours.has(target);
  for (let attempt = 0; attempt < 3; attempt++) {
    // A known neighbour is first asked directly (RFC 1122, 2.3.2.1).
    actor.send(arpRequest(host.v4, target.v4.ip, known && attempt === 0 ? target.mac : undefined));
    if (target.up) {
      yield target.latency * random.uniform(0.3, 1);
      actor.send(arpReply(target.v4, host.v4));
      host.neighbours.set(target, actor.now + random.uniform(1, 6) * MINUTE);
      // The asked machine learns the asker's address too.
      target.neighbours.set(host, actor.now + random.uniform(1, 6) * MINUTE);
      return true;
    }
    yield SECOND;
  }
  host.neighbours.delete(target);
  return false;
}
