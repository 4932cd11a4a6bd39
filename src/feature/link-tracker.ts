/**
 * Follows the connections of a packet stream in bounded memory, just closely enough for per-packet features and
 * behaviour rules (flow/ makes the exact Zeek records).
 */

import { isLikelyUdpServer } from '../flow/service/likely-server-ports.ts';
import { Fragments } from '../flow/table/fragment.ts';
import { formatMac } from '../packet/address.ts';
import {
  type Packet,
  PROTO_ICMP,
  PROTO_ICMPV6,
  PROTO_TCP,
  PROTO_UDP,
  TCP_ACK,
  TCP_FIN,
  TCP_RST,
  TCP_SYN,
} from '../packet/packet.ts';
import { type Host, HostTable, LocalPrefixes } from './host.ts';
import { Channel, Link } from './link.ts';

/** Linux answers a SYN three times within 7 s; a gateway forgets idle UDP after 60 s and TCP after 5 min (as Zeek). */
const TCP_IDLE = 300;
const UDP_IDLE = 60;
/** A closed connection lingers for late packets (2 × the maximum segment lifetime that systems use). */
const CLOSED_IDLE = 60;
const CHANNEL_IDLE = 3600;
const SWEEP_INTERVAL = 30;
/** ICMP types that ask: echo, timestamp, address mask; ICMPv6 echo. Others tell, and their sender is the originator. */
const ICMP_REPLY: Record<number, number> = { 0: 8, 14: 13, 18: 17, 129: 128 };

export interface TrackerLimits {
  hosts: number;
  channels: number;
  links: number;
}
export const trackerDefaults: TrackerLimits = { hosts: 16_384, channels: 32_768, links: 32_768 };
/** Share that is dropped at once where a limit is passed, so that the search for it does not count. */
const SLACK = 1.25;

/** The part of one packet in its connection. */
export interface Step {
  link: Link;
  /** 0 from the originator, 1 from the responder. */
  direction: 0 | 1;
  /** The packet that began it, as far as was seen. */
  opened: boolean;
  /** The packet that first ended it (FIN or RST). */
  closed: boolean;
  /** The responder's refusal: RST in answer to SYN. */
  refused: boolean;
  /** Another connection, that this packet refuses: a host has no such port (ICMP). */
  refuses: Link | null;
  /** Seconds since the connection's previous packet, and since the previous one in this direction; 0 for the first. */
  sinceLast: number;
  sinceSame: number;
}

/** The link-layer address belongs to whoever is on this network; behind a router it is the router's. */
function nameLink(host: Host, { bytes }: Packet, offset: number): void {
  if (host.mac === null && host.scope === 'local') host.mac = formatMac(bytes, offset);
}

/** The same for both directions. */
const keyOf = (one: Host, port: number, other: Host, otherPort: number, proto: number): string =>
  one.id < other.id || (one.id === other.id && port <= otherPort)
    ? `${one.id}:${port}:${other.id}:${otherPort}:${proto}`
    : `${other.id}:${otherPort}:${one.id}:${port}:${proto}`;

const UNREACHABLE = 3;
const NO_PORT = 3;
/** Ports below are the system's. */
const isUdpService = (port: number): boolean => port < 1024 || isLikelyUdpServer(port);

/** The same packet once more, out of time order: some files hold a capture twice. */
const isCopy = ({ tcpSeq, ts }: Packet, { firstSeq, lastSeen }: Link): boolean => tcpSeq === firstSeq && ts < lastSeen;

export class LinkTracker {
  readonly hosts: HostTable;
  private readonly channels = new Map<string, Channel>();
  private readonly links = new Map<string, Link>();
  private readonly limits: TrackerLimits;
  private nextSweep = 0;
  /** Told of connections that ended by being idle; those that end with FIN or RST show in the step. */
  onIdle: ((link: Link) => void) | undefined;
  private readonly step: Step = {
    link: undefined as unknown as Link,
    direction: 0,
    opened: false,
    closed: false,
    refused: false,
    refuses: null,
    sinceLast: 0,
    sinceSame: 0,
  };

  private readonly prefixes: LocalPrefixes;
  /** What is odd about fragments is counted by the connection table. */
  private readonly fragments = new Fragments({ count() {} });

  constructor(prefixes = new LocalPrefixes(), limits: TrackerLimits = trackerDefaults) {
    this.prefixes = prefixes;
    this.limits = limits;
    this.hosts = new HostTable(limits.hosts, prefixes);
  }

  /** The packet that the frame completes: itself unless it is a fragment; null while pieces are missing. */
  whole(packet: Packet): Packet | null {
    return packet.isFragment && packet.srcPort < 0 ? this.fragments.add(packet) : packet;
  }

  /** Takes the next packet in time order. Null for what belongs to no connection (no IP, no transport, a later fragment). The answer is reused. */
  update(packet: Packet): Step | null {
    if (packet.ipVersion === 0 || packet.srcPort < 0) return null;
    const { ts } = packet;
    this.prefixes.learn(packet);
    if (ts >= this.nextSweep || this.isOverfull) this.sweep(ts);
    const source = this.hosts.source(packet);
    const destination = this.hosts.destination(packet);
    if (packet.srcMac >= 0) {
      nameLink(source, packet, packet.srcMac);
      nameLink(destination, packet, packet.dstMac);
    }
    const { step } = this;
    const link = this.find(packet, source, destination);
    step.link = link;
    const { channel } = link;
    step.direction = channel.orig === source && this.isOriginPort(packet, link) ? 0 : 1;
    step.opened = link.packets[0] + link.packets[1] === 0;
    step.sinceLast = step.opened ? 0 : Math.max(0, ts - link.lastSeen);
    const previous = link.last[step.direction];
    step.sinceSame = Number.isNaN(previous) ? 0 : Math.max(0, ts - previous);
    this.count(packet, link, step);
    step.refuses = this.refusedBy(packet, source, destination);
    return step;
  }

  private get isOverfull(): boolean {
    return this.links.size > SLACK * this.limits.links || this.channels.size > SLACK * this.limits.channels;
  }

  private isOriginPort(packet: Packet, link: Link): boolean {
    return packet.proto !== PROTO_TCP && packet.proto !== PROTO_UDP ? true : packet.srcPort === link.origPort;
  }

  private find(packet: Packet, source: Host, destination: Host): Link {
    const { proto, ts } = packet;
    const icmp = proto === PROTO_ICMP || proto === PROTO_ICMPV6;
    let [sourcePort, destinationPort] = [packet.srcPort, packet.dstPort];
    let replied = false;
    if (icmp) {
      // Type and code stand for ports: an echo reply belongs to the request that it answers.
      const request = ICMP_REPLY[sourcePort];
      replied = request !== undefined;
      sourcePort = destinationPort = request ?? sourcePort;
    }
    const forward = keyOf(source, sourcePort, destination, destinationPort, proto);
    const known = this.links.get(forward);
    const syn = proto === PROTO_TCP && (packet.tcpFlags & (TCP_SYN | TCP_ACK)) === TCP_SYN;
    // A new SYN on the ports of a finished connection begins another one.
    const reused = known && syn && (known.state === 'closed' || known.state === 'refused') && !isCopy(packet, known);
    if (known && !reused) return known;
    // A group is spoken to and never speaks.
    const toGroup = destination.scope === 'multicast';
    const toResponder = toGroup || (icmp ? !replied : this.sentByOriginator(packet, syn, source, destination));
    const orig = toResponder ? source : destination;
    const resp = toResponder ? destination : source;
    const link = this.open(
      orig,
      resp,
      proto,
      toResponder ? sourcePort : destinationPort,
      toResponder ? destinationPort : sourcePort,
      ts,
    );
    if (syn) link.firstSeq = packet.tcpSeq;
    this.links.delete(forward);
    this.links.set(forward, link);
    return link;
  }

  /**
   * The sender of a SYN, of a segment that no conversation holds (without ACK), and of a datagram that answers nothing;
   * else, where the beginning was missed, the side that has no service's port, and of two alike the one with the higher.
   */
  private sentByOriginator(packet: Packet, syn: boolean, source: Host, destination: Host): boolean {
    const { proto, tcpFlags, srcPort, dstPort } = packet;
    if (syn) return true;
    if (proto === PROTO_TCP) {
      if ((tcpFlags & TCP_SYN) !== 0) return false;
      return (tcpFlags & (TCP_ACK | TCP_RST)) === 0 || srcPort >= dstPort;
    }
    // Who was spoken to at this port before goes on in the old conversation.
    if (this.channels.has(`${destination.id}>${source.id}:${srcPort}:${proto}`)) return false;
    const [isServer, asksServer] = [isUdpService(srcPort), isUdpService(dstPort)];
    return isServer === asksServer ? !isServer || srcPort >= dstPort : asksServer;
  }

  /** The connection that an ICMP "port unreachable" of its responder refuses; what is quoted says which. */
  private refusedBy(
    { proto, srcPort, dstPort, view, payloadOffset: at, payloadCaptured }: Packet,
    source: Host,
    destination: Host,
  ): Link | null {
    if (proto !== PROTO_ICMP || srcPort !== UNREACHABLE || dstPort !== NO_PORT || payloadCaptured < 28) return null;
    const header = (view.getUint8(at) & 15) * 4;
    if (payloadCaptured < header + 4) return null;
    const [port, to] = [view.getUint16(at + header), view.getUint16(at + header + 2)];
    const link = this.links.get(keyOf(destination, port, source, to, view.getUint8(at + 9)));
    if (link?.state !== 'attempt' || link.channel.orig !== destination) return null;
    link.state = 'refused';
    destination.failed.add(link.lastSeen, 1);
    link.channel.open = Math.max(0, link.channel.open - 1);
    return link;
  }

  private open(orig: Host, resp: Host, proto: number, origPort: number, port: number, ts: number): Link {
    const channel = this.channelOf(orig, resp, proto, port);
    const link = new Link(channel, origPort, ts);
    channel.started.add(ts, 1);
    orig.started.add(ts, 1);
    // A return to a channel after a pause counts towards spreading as much of 1 as the pause is long for the window.
    const pause = link.sincePrevious;
    orig.spread.addEach(ts, (constant) => (Number.isNaN(pause) ? 1 : 1 - Math.exp(-Math.max(0, pause) / constant)));
    channel.lastStart = ts;
    channel.count++;
    channel.open++;
    return link;
  }

  private channelOf(orig: Host, resp: Host, proto: number, port: number): Channel {
    const key = `${orig.id}>${resp.id}:${port}:${proto}`;
    let channel = this.channels.get(key);
    if (!channel) {
      channel = new Channel(orig, resp, proto, port);
      this.channels.set(key, channel);
    }
    return channel;
  }

  private count(packet: Packet, link: Link, step: Step): void {
    const { ts, payloadLength, tcpFlags } = packet;
    const { channel } = link;
    const { direction } = step;
    link.packets[direction]++;
    link.bytes[direction] += payloadLength;
    link.last[direction] = ts;
    link.lastSeen = channel.lastSeen = ts;
    channel.packets.add(ts, 1);
    channel.bytes.add(ts, payloadLength);
    step.closed = false;
    step.refused = false;
    if (packet.proto !== PROTO_TCP) {
      if (direction === 1 && link.state === 'attempt') link.state = 'established';
      return;
    }
    const reset = (tcpFlags & TCP_RST) !== 0;
    // What ends without an ACK has never begun: a probe, whose answer says what became of it.
    const isProbe = link.state === 'attempt' && (tcpFlags & (TCP_ACK | TCP_RST)) === 0;
    if (link.state === 'attempt' && direction === 1) {
      step.refused = reset && link.packets[1] === 1;
      if (step.refused) channel.orig.failed.add(ts, 1);
      link.state = step.refused ? 'refused' : 'established';
      if (step.refused) this.close(link, step);
    } else if (
      (reset || (tcpFlags & TCP_FIN) !== 0) &&
      !isProbe &&
      link.state !== 'closed' &&
      link.state !== 'refused'
    ) {
      link.state = 'closed';
      this.close(link, step);
    }
  }

  private close(link: Link, step: Step): void {
    const { channel } = link;
    step.closed = true;
    channel.open = Math.max(0, channel.open - 1);
    channel.lastEnd = link.lastSeen;
    const size = Math.log1p(link.bytes[0]);
    channel.usualSize = Number.isNaN(channel.usualSize) ? size : channel.usualSize + (size - channel.usualSize) * 0.3;
  }

  /** Forgets what was idle for long, then, above a limit, what is oldest. */
  private sweep(ts: number): void {
    this.nextSweep = ts + SWEEP_INTERVAL;
    for (const [key, link] of this.links) {
      const ended = link.state === 'closed' || link.state === 'refused';
      const idle = ended ? CLOSED_IDLE : link.channel.proto === PROTO_TCP ? TCP_IDLE : UDP_IDLE;
      if (ts - link.lastSeen > idle || this.links.size > this.limits.links) {
        this.links.delete(key);
        if (ended) continue;
        link.channel.open = Math.max(0, link.channel.open - 1);
        this.onIdle?.(link);
      }
    }
    for (const [key, channel] of this.channels) {
      if (ts - channel.lastSeen > CHANNEL_IDLE || this.channels.size > this.limits.channels) this.channels.delete(key);
    }
  }
}
