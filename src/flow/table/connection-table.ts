import { decodeTunnel, NO_TUNNEL_HEADER, TUNNEL_PACKET } from '../../packet/decode.ts';
import { type Packet, PROTO_ICMP, PROTO_ICMPV6, PROTO_TCP, PROTO_UDP, TCP_SYN } from '../../packet/packet.ts';
import { reasons } from '../../packet/reason.ts';
import type { AppRecord } from '../app-record.ts';
import { ChecksumPolicy } from '../checksum-policy.ts';
import type { Conn } from '../conn.ts';
import { isReversedTcp, isReversedUdp } from '../first-direction.ts';
import { History } from '../history.ts';
import { icmpCounterpart, icmpv6Counterpart } from '../icmp-counterpart.ts';
import { FastPath, type FastPathOwner } from '../kernel/fast-path.ts';
import { copyMacs } from '../link-address.ts';
import { privateNets } from '../private-nets.ts';
import { AppObserver } from '../service/app-observer.ts';
import { tunnelServices } from '../service/service.ts';
import { ServiceDetector } from '../service/service-detector.ts';
import type { PacketWatcher } from '../station-counts.ts';
import { TcpConnections } from '../tcp/tcp-connection.ts';
import { TcpReassembly } from '../tcp/tcp-reassembly.ts';
import { Weirds } from '../weird.ts';
import { BAD_CHECKSUMS, HAS_PARENTS, INTERACTIVE, NO_TUNNEL } from './connection-flags.ts';
import { ConnectionMemory } from './connection-memory.ts';
import { ConnectionReporter } from './connection-reporter.ts';
import { ConnectionStore } from './connection-store.ts';
import { ConnectionTimers } from './connection-timers.ts';
import { Fragments } from './fragment.ts';
import {
  DEADLINE,
  FLAGS,
  IPV6_KEY,
  LAST,
  MACS,
  ONE_WAY_KEY,
  ORIG_COUNTERS,
  ORIG_IP_BYTES,
  ORIG_LENGTH,
  ORIG_PACKETS,
  PORTS,
  RESP_COUNTERS,
  RESP_IP_BYTES,
  RESP_LENGTH,
  RESP_PACKETS,
  SERIAL,
  SERVICES,
  START,
  VLANS,
  WHEEL_BUCKET,
  WORDS,
} from './record-layout.ts';
import { IN_QUEUE } from './session-queue.ts';
import { defaultTimeouts, type Timeouts } from './timeouts.ts';
import { tunnelOf } from './tunnel-of.ts';
import { TunnelParents } from './tunnel-parents.ts';
import { WatchedSides } from './watched-sides.ts';

export interface ConnectionTableOptions {
  /** Called once for every connection, when it has ended. */
  onConn: (conn: Conn) => void;
  /** Take packets whose transport checksum is wrong: all of them (`zeek -C`), or those of senders that have no right one. */
  ignoreChecksums?: boolean | 'auto';
  /** Sees packets, or has them counted, before they are taken; the caller shows it what it gives to `packet` itself. */
  watcher?: PacketWatcher;
  /** Receives what application protocols say in the clear; without it nothing of them is parsed. */
  onApp?: (record: AppRecord) => void;
  timeouts?: Partial<Timeouts>;
  /** Ceiling of concurrent connections; beyond it the one that would end soonest is ended. */
  maxConnections?: number;
  /** Networks in CIDR form, for `local_orig` and `local_resp`; the private ones by default. */
  localNets?: readonly string[];
  /** Recognise application protocols; false is `zeek -b`, which also leaves out the timers that belong to them. */
  services?: boolean;
  /** Of the uids. */
  seed?: number;
  /** Of the hash: a number that nobody can guess, so that nobody can make connections collide; tests give their own. */
  hashSeed?: number;
  /** The compiled fast path; without it everything takes the long way, with the same result. */
  kernel?: WebAssembly.Module;
}

export const DEFAULT_MAX_CONNECTIONS = 262_144;
const DATA = 0x1;
const UNKNOWN_PACKET = 0x400;

/** Packets to Zeek's connection records: direction, counts, states, time-outs, in bounded memory. */
export class ConnectionTable {
  readonly weirds: Weirds;
  /** Connections that were ended early because the table was full. */
  evictedEmergency = 0;
  /** What a reader of captures can hand records to straight away; null without `kernel`. */
  readonly fastPath: FastPath | null;
  readonly #store: ConnectionStore;
  readonly #timers: ConnectionTimers;
  readonly #history: History;
  readonly #reassembly: TcpReassembly;
  readonly #tcp: TcpConnections;
  readonly #fragments: Fragments;
  readonly #parents: TunnelParents;
  readonly #reporter: ConnectionReporter;
  readonly #timeouts: Timeouts;
  readonly #checksums: ChecksumPolicy;
  readonly #checkIpChecksum: boolean;
  readonly #services: ServiceDetector | null;
  readonly #watched: WatchedSides;

  constructor(options: ConnectionTableOptions) {
    const seed = options.seed ?? 0;
    this.#timeouts = { ...defaultTimeouts, ...options.timeouts };
    this.#checkIpChecksum = options.ignoreChecksums !== true;
    const memory = new ConnectionMemory(
      options.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
      options.kernel !== undefined,
    );
    this.weirds = new Weirds(memory.entries);
    this.#checksums = new ChecksumPolicy(options.ignoreChecksums ?? false, memory.senders);
    this.#store = new ConnectionStore(memory, options.hashSeed ?? crypto.getRandomValues(new Int32Array(1))[0]);
    this.#watched = new WatchedSides(this.#store, memory, options.watcher);
    const findsServices = options.services ?? true;
    const dnsInterval = findsServices ? this.#timeouts.dnsSessionTimeout : null;
    this.#timers = new ConnectionTimers(this.#store, dnsInterval, (slot) => this.#remove(slot));
    this.#history = new History(this.#store);
    this.#reassembly = new TcpReassembly(this.#store, this.#history);
    this.#tcp = new TcpConnections(this.#store, this.#history, this.#reassembly, this.weirds, this.#timeouts, (slot) =>
      this.#flip(slot),
    );
    this.#fragments = new Fragments(this.weirds);
    this.#parents = new TunnelParents(this.#store, seed);
    this.#reporter = new ConnectionReporter(this.#store, this.#history, this.#parents, {
      onConn: options.onConn,
      localNets: options.localNets ?? privateNets,
      seed,
    });
    const observer = options.onApp === undefined ? null : new AppObserver(this.#reporter, options.onApp);
    this.#services = findsServices
      ? new ServiceDetector(this.#store, observer, (slot) => this.#setInteractive(slot))
      : null;
    this.fastPath =
      options.kernel === undefined
        ? null
        : new FastPath(options.kernel, memory, this.#timers, this.#fastPathOwner(), {
            timeouts: this.#timeouts,
            checksIp: this.#checkIpChecksum,
            checksTransport: this.#checkIpChecksum,
            learnsSenders: options.ignoreChecksums === 'auto',
            looksInside: this.#services !== null,
            isObserved: observer !== null,
            isWatched: options.watcher !== undefined,
          });
  }

  #fastPathOwner(): FastPathOwner {
    return {
      show: (slot, packet, isOrig) => this.#watched.show(slot, packet, isOrig),
      inspect: (slot, packet, isOrig) => this.#inspect(slot, packet, isOrig),
      expects: () => this.#services?.expects === true,
      opened: (slot, packet) => this.#opened(slot, packet),
    };
  }

  /** Concurrent connections right now. */
  get size(): number {
    return this.#store.count;
  }

  /**
   * Takes one decoded packet; frames without a transport that has ports or types are passed over. `alike` is what the
   * watcher said of it.
   */
  packet(packet: Packet, alike = 0): void {
    this.advance(packet.ts);
    this.weirds.clock(packet.ts);
    if (packet.srcPort >= 0) {
      const isTunnelled = packet.depth > 0;
      if (!isTunnelled && isFast(packet.proto) && this.fastPath?.takePacket(packet)) return;
      this.#take(packet, isTunnelled ? this.#parents.carrierUid(packet) : null, isTunnelled ? 0 : alike);
    } else if (packet.isFragment) this.#takeFragment(packet, null);
  }

  #takeFragment(fragment: Packet, parent: string | null): void {
    const packet = this.#fragments.add(fragment);
    if (packet === null || packet.srcPort < 0) return;
    this.#take(packet, packet.carrierVersion === 0 ? parent : this.#parents.carrierUid(packet));
  }

  /** `parent` is the uid of the tunnel directly around the packet. */
  #take(packet: Packet, parent: string | null, alike = 0): void {
    const store = this.#store;
    const { floats, words } = store;
    const { proto } = packet;
    let kind = packet.ipVersion === 6 ? proto | IPV6_KEY : proto;
    let { dstPort } = packet;
    if (proto === PROTO_ICMP || proto === PROTO_ICMPV6) {
      // Ports of ICMP: the type and that of its answer; without one the type and the code, in one direction.
      const answer = proto === PROTO_ICMP ? icmpCounterpart(packet.srcPort) : icmpv6Counterpart(packet.srcPort);
      if (answer >= 0) dstPort = answer;
      else kind |= ONE_WAY_KEY;
    }
    let slot = store.find(packet, kind, packet.srcPort, dstPort);
    let isOrig = store.forward;
    if (slot >= 0) {
      const isAlive = floats[(slot * WORDS) / 2 + DEADLINE] > packet.ts;
      const isReuse =
        isAlive && proto === PROTO_TCP && (packet.tcpFlags & TCP_SYN) !== 0 && this.#tcp.isReuse(slot, packet);
      if (!isAlive || isReuse) {
        this.#remove(slot);
        slot = -1;
      }
    }
    const isNew = slot < 0;
    if (isNew) {
      slot = this.#open(packet, kind, dstPort);
      isOrig = store.forward;
    }
    if (alike !== 0) this.#watched.note(slot, packet, isOrig, alike);
    if (parent !== null || (words[slot * WORDS + FLAGS] & HAS_PARENTS) !== 0) this.#noteParent(slot, parent, isNew);
    const isSound = this.#deliver(slot, packet, isOrig, isNew);
    if (isNew) this.#timers.add(slot);
    if (isNew && this.#services?.expects === true) this.#opened(slot, packet);
    if (isSound && packet.payloadCaptured > 0) this.#inspect(slot, packet, isOrig);
  }

  /** Looks into the payload: which protocol it is, and whether it is a tunnel. */
  #inspect(slot: number, packet: Packet, isOrig: boolean): void {
    if (packet.proto === PROTO_TCP) this.#services?.segment(slot, packet, isOrig);
    else if (packet.proto === PROTO_UDP) {
      const kind = tunnelOf(this.#store, slot, packet);
      if (kind !== 0) this.#takeInner(slot, packet, kind);
      else if (this.#services?.datagram(slot, packet, isOrig) === true) this.#flipLate(slot);
    }
  }

  #opened(slot: number, packet: Packet): void {
    if (packet.proto === PROTO_TCP && (packet.tcpFlags & TCP_SYN) !== 0) this.#services?.opened(slot, packet);
  }

  #setInteractive(slot: number): void {
    this.#store.words[slot * WORDS + FLAGS] |= INTERACTIVE;
  }

  #noteParent(slot: number, parent: string | null, isNew: boolean): void {
    if (this.#parents.note(slot, parent, isNew)) this.#history.check(slot, UNKNOWN_PACKET, 0x58);
  }

  /** What a UDP tunnel carries is a packet like any other, with this connection as its parent. */
  #takeInner(slot: number, packet: Packet, kind: number): void {
    const at = slot * WORDS + FLAGS;
    const { words } = this.#store;
    if ((words[at] & NO_TUNNEL) !== 0) return;
    const found = decodeTunnel(packet, kind, this.#checkIpChecksum);
    const problem = packet.reason === 0 ? null : reasons[packet.reason];
    if (problem === 'bad_tunnel_header') words[at] |= NO_TUNNEL;
    if (found !== NO_TUNNEL_HEADER && this.#services !== null) {
      words[slot * WORDS + SERVICES] |= tunnelServices[kind].low;
    }
    if (problem !== null) this.weirds.count(`${problem}_in_tunnel`);
    if (found !== TUNNEL_PACKET) return;
    const parent = packet.carrierVersion === 0 ? this.#reporter.uid(slot) : this.#parents.carrierUid(packet);
    if (packet.srcPort >= 0) this.#take(packet, parent);
    else if (packet.isFragment) this.#takeFragment(packet, parent);
  }

  /** Time goes on to `ts`, with a packet or without one, so that a quiet network's connections end in time. */
  advance(ts: number): void {
    this.#timers.advance(ts);
  }

  /** Connections that go on and have lasted for so many seconds, as they would be if they ended now; at most so many. */
  open(seconds: number, most: number): Conn[] {
    const { floats } = this.#store;
    const open: Conn[] = [];
    for (const slot of this.#timers.slots()) {
      const at = (slot * WORDS) / 2;
      if (floats[at + LAST] - floats[at + START] < seconds) continue;
      open.push(this.#reporter.describe(slot));
      if (open.length === most) break;
    }
    return open;
  }

  /** Ends all connections that are still open, in the order of their first packets. */
  flush(): void {
    const slots = this.#timers.slots();
    const { words } = this.#store;
    slots.sort((a, b) => (words[a * WORDS + SERIAL] >>> 0) - (words[b * WORDS + SERIAL] >>> 0));
    for (const slot of slots) this.#remove(slot);
  }

  #open(packet: Packet, kind: number, dstPort: number): number {
    const store = this.#store;
    if (store.isFull) {
      this.evictedEmergency++;
      this.#remove(this.#timers.soonest());
    }
    const slot = store.insert(packet, kind, packet.srcPort, dstPort);
    const { words, floats, octets } = store;
    const base = slot * WORDS;
    floats[base / 2 + START] = packet.ts;
    floats[base / 2 + LAST] = packet.ts;
    if (packet.srcMac >= 0) copyMacs(octets, (base + MACS) * 4, packet);
    words[base + VLANS] = (packet.vlan + 1) | ((packet.innerVlan + 1) << 16);
    store.forward = true;
    const { udpInactivityTimeout, icmpInactivityTimeout } = this.#timeouts;
    if (packet.proto === PROTO_TCP) {
      this.#tcp.open(slot);
      floats[base / 2 + DEADLINE] = packet.ts + udpInactivityTimeout;
      if (isReversedTcp(packet)) this.#flipFirst(slot, packet);
    } else {
      floats[base / 2 + ORIG_LENGTH] = -1;
      floats[base / 2 + RESP_LENGTH] = -1;
      const timeout = packet.proto === PROTO_UDP ? udpInactivityTimeout : icmpInactivityTimeout;
      floats[base / 2 + DEADLINE] = packet.ts + timeout;
      if (packet.proto === PROTO_UDP && isReversedUdp(packet)) this.#flipFirst(slot, packet);
    }
    return slot;
  }

  /** The first packet came from the server: its sender is the responder. */
  #flipFirst(slot: number, packet: Packet): void {
    this.#flip(slot);
    const { words } = this.#store;
    const ports = words[slot * WORDS + PORTS];
    // With the same address and port at both ends there is no direction to tell.
    this.#store.forward = ports >>> 16 === (ports & 0xffff) && packet.src0 === packet.dst0;
  }

  #flip(slot: number): void {
    this.#store.flip(slot);
    this.#reassembly.flip(slot);
    this.#history.add(slot, 0x5e);
  }

  /** The first packet was an answer after all: as in Zeek it stays counted where it was. */
  #flipLate(slot: number): void {
    this.#flip(slot);
    this.#store.flipCounts(slot);
  }

  /** False where the packet's checksum was wrong. */
  #deliver(slot: number, packet: Packet, isOrig: boolean, isNew: boolean): boolean {
    const { words, floats } = this.#store;
    const base = slot * WORDS;
    if (!this.#checksums.accepts(packet)) {
      this.#badChecksum(slot, packet, isOrig);
      return false;
    }
    if (packet.proto === PROTO_TCP) {
      // A handshake that gets ahead, or ends, moves the deadline nearer or away by more than the wheel looks at.
      const before = floats[base / 2 + DEADLINE];
      this.#tcp.process(slot, packet, isOrig);
      if (!isNew && floats[base / 2 + DEADLINE] < before) this.#timers.hurry(slot);
    } else this.#deliverDatagram(slot, packet, isOrig);
    words[base + (isOrig ? ORIG_PACKETS : RESP_PACKETS)]++;
    floats[base / 2 + (isOrig ? ORIG_IP_BYTES : RESP_IP_BYTES)] += packet.ipTotalLength;
    return true;
  }

  #deliverDatagram(slot: number, packet: Packet, isOrig: boolean): void {
    const { words, floats } = this.#store;
    const at = (slot * WORDS) / 2;
    const length = at + (isOrig ? ORIG_LENGTH : RESP_LENGTH);
    const { proto } = packet;
    // Of a transport that nothing is known of, nothing is payload.
    const isKnown = proto === PROTO_UDP || proto === PROTO_ICMP || proto === PROTO_ICMPV6;
    floats[length] = Math.max(0, floats[length]) + (isKnown ? packet.payloadLength : 0);
    floats[at + LAST] = packet.ts;
    if (packet.proto === PROTO_UDP) {
      if (words[slot * WORDS + WHEEL_BUCKET] !== IN_QUEUE) {
        floats[at + DEADLINE] = packet.ts + this.#timeouts.udpInactivityTimeout;
      }
      this.#history.check(slot, isOrig ? DATA : DATA << 1, isOrig ? 0x44 : 0x64);
    } else floats[at + DEADLINE] = packet.ts + this.#timeouts.icmpInactivityTimeout;
  }

  #badChecksum(slot: number, packet: Packet, isOrig: boolean): void {
    if (packet.proto === PROTO_ICMP || packet.proto === PROTO_ICMPV6) {
      this.weirds.count('bad_ICMP_checksum');
      return;
    }
    this.weirds.count(packet.proto === PROTO_TCP ? 'bad_TCP_checksum' : 'bad_UDP_checksum');
    const counter = slot * WORDS + (isOrig ? ORIG_COUNTERS : RESP_COUNTERS) + BAD_CHECKSUMS;
    this.#history.addScaled(slot, counter, isOrig ? 0x43 : 0x63);
  }

  #remove(slot: number): void {
    this.#timers.remove(slot);
    this.#reporter.report(slot);
    this.#services?.forget(slot);
    this.#reporter.forget(slot);
    this.#history.forget(slot);
    this.#reassembly.forget(slot);
    this.#parents.forget(slot);
    this.#store.remove(slot);
  }
}

export function createConnectionTable(options: ConnectionTableOptions): ConnectionTable {
  return new ConnectionTable(options);
}

const isFast = (proto: number): boolean => proto === PROTO_TCP || proto === PROTO_UDP;
