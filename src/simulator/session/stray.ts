/** What is left of connections that a device forgot when it lost its network: the far side has not heard of it. */
import type { Actor } from '../engine/actor.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { opaque } from '../wire/application/opaque.ts';
import { Flag, tcpFrame } from '../wire/tcp.ts';

/** A server sends on an old connection, again and again, until the device resets it. */
export function* strayData(actor: Actor): Process {
  const { host, random } = actor;
  const known = [...host.names.values()];
  if (known.length === 0) return;
  const { remote } = random.pick(known);
  yield random.exponential(40) * SECOND;
  const [seq, ack] = [random.uint32(), random.uint32()];
  const toPort = random.int(host.stack.ports[0], host.stack.ports[1]);
  const segment = {
    from: remote.v4,
    fromPort: 443,
    to: host.v4,
    toPort,
    seq,
    ack,
    flags: Flag.ACK | Flag.PSH,
    window: 501,
  };
  const payload = opaque(random.size(60, 0.6), random);
  for (let attempt = 0; attempt < 6; attempt++) {
    actor.send(tcpFrame(segment, payload));
    if (host.up) {
      yield host.latency;
      const back = { from: host.v4, fromPort: toPort, to: remote.v4, toPort: 443, seq: ack, ack: 0 };
      actor.send(tcpFrame({ ...back, flags: Flag.RST, window: 0 }));
      return;
    }
    yield 0.4 * 2 ** attempt * SECOND;
  }
}
