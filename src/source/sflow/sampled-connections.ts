/**
 * Joins sampled packets to the connections that they belong to. The end of one is hardly ever sampled, so a connection
 * is told in parts, of a minute at most. Memory is bounded: the oldest leave when it is full.
 */
import { icmpCounterpart, icmpv6Counterpart } from '../../flow/icmp-counterpart.ts';
import { isLikelyTcpServer, isLikelyUdpServer } from '../../flow/service/likely-server-ports.ts';
import { scopeOf } from '../../packet/address-scope.ts';
import { PROTO_ICMP, PROTO_ICMPV6, PROTO_TCP, TCP_ACK, TCP_SYN } from '../../packet/packet.ts';
import { elapsed, turn } from '../netflow/complete.ts';
import type { ExportedFlow } from '../netflow/exported-flow.ts';
import { Generations } from '../netflow/generations.ts';

/** Milliseconds of the agent's uptime: what goes on longer is told again. */
const ACTIVE = 60_000;

interface Joined {
  /** As the first packet went; counters of the other direction are those of the answer. */
  flow: ExportedFlow;
  packets: number;
  /** Whether the sender of the first packet has begun; null while no packet has shown it. */
  isOriginator: boolean | null;
}

export class SampledConnections {
  readonly #open: Generations<Joined>;
  readonly #onFlow: (flow: ExportedFlow) => void;

  constructor(onFlow: (flow: ExportedFlow) => void, limit = 65_536) {
    this.#onFlow = onFlow;
    this.#open = new Generations((joined) => this.#deliver(joined), limit);
  }

  /** Takes one packet as a flow of its own. */
  add(packet: ExportedFlow): void {
    const [there, back] = keysOf(packet);
    const isKnown = this.#open.get(there) !== undefined;
    const key = isKnown || this.#open.get(back) === undefined ? there : back;
    const joined = this.#open.take(key);
    const isAnswer = key !== there;
    if (joined && isCurrent(joined.flow, packet)) {
      merge(joined, packet, isAnswer);
      this.#open.put(key, joined);
      return;
    }
    if (joined) this.#deliver(joined);
    this.#open.put(there, { flow: packet, packets: 1, isOriginator: opens(packet) });
  }

  /** Delivers those of which nothing came since the ageing before this one. */
  age(): void {
    this.#open.age();
  }

  /** Delivers everything that waits. */
  flush(): void {
    this.#open.flush();
  }

  #deliver({ flow, packets, isOriginator }: Joined): void {
    if (packets > 1) flow.length = Math.max(0, elapsed(flow.startUptime!, flow.endUptime!)) / 1e3;
    if (!(isOriginator ?? looksLikeOriginator(flow))) {
      turn(flow);
      if (flow.icmpType !== null) flow.icmpType = counterpartOf(flow);
    }
    this.#onFlow(flow);
  }
}

/** Both directions; ICMP has no ports, and an answer has the type of an answer. */
function keysOf(packet: ExportedFlow): [there: string, back: string] {
  const { exporter, proto, source, destination, icmpType } = packet;
  const kind = icmpType === null ? '' : Math.min(icmpType, counterpartOf(packet));
  const [from, to] = [`${source} ${packet.sourcePort}`, `${destination} ${packet.destinationPort}`];
  const first = `${exporter} ${proto} ${kind}`;
  return [`${first} ${from} ${to}`, `${first} ${to} ${from}`];
}

/** The same type where it has no answer. */
function counterpartOf({ proto, icmpType }: ExportedFlow): number {
  const type = icmpType ?? 0;
  const counterpart = proto === PROTO_ICMPV6 ? icmpv6Counterpart(type) : icmpCounterpart(type);
  return counterpart < 0 ? type : counterpart;
}

/** Far before its first packet is an agent that was started again. */
const isCurrent = (known: ExportedFlow, packet: ExportedFlow): boolean =>
  Math.abs(elapsed(known.startUptime!, packet.startUptime!)) <= ACTIVE;

function merge(joined: Joined, packet: ExportedFlow, isAnswer: boolean): void {
  const { flow } = joined;
  joined.packets++;
  if (isAnswer) {
    flow.answerPackets = (flow.answerPackets ?? 0) + packet.packets!;
    flow.answerBytes = (flow.answerBytes ?? 0) + packet.bytes!;
    flow.answerFlags = packet.flags === null ? flow.answerFlags : (flow.answerFlags ?? 0) | packet.flags;
  } else {
    flow.packets! += packet.packets!;
    flow.bytes! += packet.bytes!;
    flow.flags = packet.flags === null ? flow.flags : (flow.flags ?? 0) | packet.flags;
  }
  flow.isEstimate ||= packet.isEstimate;
  // Datagrams may overtake each other.
  if (elapsed(flow.endUptime!, packet.endUptime!) > 0) flow.endUptime = packet.endUptime;
  flow.end = packet.end;
  const isOpener = opens(packet);
  if (isOpener !== null) joined.isOriginator = isOpener !== isAnswer;
}

/** Whether the sender has begun, where the packet itself shows it. */
function opens({ proto, flags, icmpType }: ExportedFlow): boolean | null {
  if (proto === PROTO_TCP && flags !== null && (flags & TCP_SYN) !== 0) return (flags & TCP_ACK) === 0;
  if (proto === PROTO_ICMP && (icmpType === 8 || icmpType === 0)) return icmpType === 8;
  if (proto === PROTO_ICMPV6 && (icmpType === 128 || icmpType === 129)) return icmpType === 128;
  return null;
}

/** Which packet was picked first is chance: the port where a server is likely is the responder's, or the lower one. */
function looksLikeOriginator({ proto, source, destination, sourcePort, destinationPort }: ExportedFlow): boolean {
  if (sourcePort === null || destinationPort === null || scopeOf(destination!) === 'multicast') return true;
  if (scopeOf(source!) === 'multicast') return false;
  const isServer = proto === PROTO_TCP ? isLikelyTcpServer : isLikelyUdpServer;
  const [from, to] = [isServer(sourcePort), isServer(destinationPort)];
  return from === to ? sourcePort >= destinationPort : to;
}
