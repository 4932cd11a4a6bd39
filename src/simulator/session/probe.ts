/** Raw segments and datagrams, made without a stack's help, as scanners and flooders send them. */
import type { Actor } from '../engine/actor.ts';
import { Host, type Remote } from '../engine/host.ts';
import type { Process } from '../engine/simulation.ts';
import { echoFrame, portUnreachableFrame } from '../wire/icmp.ts';
import { Flag, synOptions, tcpFrame } from '../wire/tcp.ts';
import { udpFrame } from '../wire/udp.ts';

export interface SynOptions {
  fromPort: number;
  seq: number;
  window: number;
  options?: Uint8Array;
  /** Whether the prober's kernel, which knows nothing of it, answers a SYN-ACK with a reset. */
  resets?: boolean;
}

/** One SYN and what comes back; ends when the answer has passed. */
export function* probeSyn(actor: Actor, remote: Remote, port: number, syn: SynOptions): Process {
  const from = actor.host.v4;
  const { fromPort, seq, window, options, resets = true } = syn;
  const forth = { from, fromPort, to: remote.v4, toPort: port };
  actor.send(tcpFrame({ ...forth, seq, ack: 0, flags: Flag.SYN, window, ...(options && { options }) }));
  const answer = remote.answers(port);
  if (answer === 'silent') return;
  yield remote.latency * actor.random.uniform(0.9, 1.2);
  const back = { from: remote.v4, fromPort: port, to: from, toPort: fromPort, ack: (seq + 1) >>> 0 };
  if (answer === 'closed') {
    actor.send(tcpFrame({ ...back, seq: 0, flags: Flag.RST | Flag.ACK, window: 0 }));
    return;
  }
  const theirs = actor.random.uint32();
  const { window: room } = remote.stack;
  const mss = synOptions('lwip', 1460, 0, null);
  actor.send(tcpFrame({ ...back, seq: theirs, flags: Flag.SYN | Flag.ACK, window: room, options: mss }));
  if (!resets) return;
  yield actor.host.latency * actor.random.uniform(0.3, 1);
  actor.send(tcpFrame({ ...forth, seq: (seq + 1) >>> 0, ack: 0, flags: Flag.RST, window: 0 }));
}

/** One echo request; a machine that is there answers. */
export function* probeEcho(actor: Actor, remote: Remote, sequence: number, payload: Uint8Array): Process {
  const identifier = actor.host.mac[5]! * 257;
  actor.send(echoFrame(actor.host.v4, remote.v4, false, identifier, sequence, payload));
  if (remote instanceof Host ? !remote.up : remote.answers(0) === 'silent') return;
  yield remote.latency * actor.random.uniform(0.9, 1.2);
  actor.send(echoFrame(remote.v4, actor.host.v4, true, identifier, sequence, payload));
}

/** One datagram; `refused` machines say that nobody listens. */
export function* probeUdp(
  actor: Actor,
  remote: Remote,
  fromPort: number,
  port: number,
  payload: Uint8Array,
  refused: boolean,
): Process {
  const frame = udpFrame(actor.host.v4, fromPort, remote.v4, port, payload);
  actor.send(frame);
  if (!refused) return;
  yield remote.latency * actor.random.uniform(0.9, 1.2);
  actor.send(portUnreachableFrame(remote.v4, actor.host.v4, frame));
}
