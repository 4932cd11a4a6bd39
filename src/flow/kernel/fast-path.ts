import { decodePacket } from '../../packet/decode.ts';
import type { TakenCounts } from '../../packet/layer-count.ts';
import { Packet } from '../../packet/packet.ts';
import { type ConnectionMemory, WINDOW_BYTES } from '../table/connection-memory.ts';
import type { ConnectionTimers } from '../table/connection-timers.ts';
import type { Timeouts } from '../table/timeouts.ts';
import {
  ARP,
  DATAGRAMS,
  DATAGRAMS_OVER_IPV6,
  DUE,
  EVENT,
  EVENT_AT,
  EVENT_SLOT,
  FROM_ORIGINATOR,
  HURRIED,
  NEXT_TICK,
  OF_INTEREST,
  OPENED,
  OTHER,
  OVER_IPV6,
  SET_BACK,
  SHOWN,
  TAGGED,
  TAKEN,
} from './ledger.ts';

/** What the compiled module exports (assembly/index.ts); every pointer is a byte offset into its memory. */
interface Exports {
  configure(
    recordsAt: number,
    tableAt: number,
    checksIp: boolean,
    checksTransport: boolean,
    learnsSenders: boolean,
    looksInside: boolean,
    isObserved: boolean,
  ): void;
  setTimeouts(
    open: number,
    interactive: number,
    handshake: number,
    syn: number,
    timer: number,
    linger: number,
    attempt: number,
    close: number,
  ): void;
  records(start: number, end: number, snaplen: number): number;
  takePacket(ip: number, end: number, wireEnd: number, ts: number): number;
  setWatched(isWatched: boolean): void;
}

export interface FastPathOptions {
  timeouts: Readonly<Timeouts>;
  checksIp: boolean;
  checksTransport: boolean;
  learnsSenders: boolean;
  /** Services are looked for in payloads. */
  looksInside: boolean;
  /** What they say is wanted too. */
  isObserved: boolean;
  /** Somebody wants to see packets, or that they are counted. */
  isWatched: boolean;
}

/** Who does what the fast path leaves to do. */
export interface FastPathOwner {
  /** The watcher is to see a packet that was taken; the slot is -1 where it is of no connection. */
  show(slot: number, packet: Packet, isOrig: boolean): void;
  /** Whether `opened` has to be told: that some connection is expected. */
  expects(): boolean;
  /** The packet began a TCP connection. */
  opened(slot: number, packet: Packet): void;
  /** A packet that was taken has a payload to look at. */
  inspect(slot: number, packet: Packet, isOrig: boolean): void;
}

const NEVER = -1;
const RECORD_HEADER = 16;

/**
 * The compiled short way of what most packets are: segments and datagrams of connections that are known, or that begin
 * plainly. Everything else it leaves alone, and the connection table, whose semantics it has, takes it. It sees only
 * what lies in its own window.
 */
export class FastPath {
  /** Where a reader puts the bytes of the capture. */
  readonly window: Uint8Array;
  readonly #windowAt: number;
  readonly #exports: Exports;
  readonly #ledger: Float64Array;
  readonly #timers: ConnectionTimers;
  readonly #owner: FastPathOwner;
  /** The packet that is to be looked at. */
  readonly #packet = new Packet();
  /** Sees every packet that is taken, decoded, before anybody else does. */
  onPacket: ((packet: Packet) => void) | null = null;

  constructor(
    module: WebAssembly.Module,
    { memory, buffer, entries, recordsAt, tableAt, windowAt }: ConnectionMemory,
    timers: ConnectionTimers,
    owner: FastPathOwner,
    options: FastPathOptions,
  ) {
    this.window = new Uint8Array(buffer, windowAt, WINDOW_BYTES);
    this.#windowAt = windowAt;
    this.#exports = new WebAssembly.Instance(module, { env: { memory: memory! } }).exports as unknown as Exports;
    this.#ledger = entries;
    this.#timers = timers;
    this.#owner = owner;
    this.#packet.bytes = this.window;
    this.#packet.view = new DataView(buffer, windowAt, WINDOW_BYTES);
    const { timeouts, checksIp, checksTransport, learnsSenders, looksInside, isObserved, isWatched } = options;
    this.#exports.configure(recordsAt, tableAt, checksIp, checksTransport, learnsSenders, looksInside, isObserved);
    this.#exports.setWatched(isWatched);
    this.#exports.setTimeouts(
      timeouts.tcpInactivityTimeout,
      timeouts.interactiveInactivityTimeout,
      timeouts.udpInactivityTimeout,
      timeouts.tcpSynTimeout,
      timeouts.tcpSessionTimer,
      timeouts.tcpConnectionLinger,
      timeouts.tcpAttemptDelay,
      timeouts.tcpCloseDelay,
    );
  }

  /** Records taken so far. */
  get taken(): number {
    return this.#ledger[TAKEN];
  }

  /** The same by layer; of a protocol that is not counted they are TCP. */
  counts(): TakenCounts {
    const ledger = this.#ledger;
    return {
      taken: ledger[TAKEN],
      tagged: ledger[TAGGED],
      tcpOverIpv6: ledger[OVER_IPV6],
      udp: ledger[DATAGRAMS],
      udpOverIpv6: ledger[DATAGRAMS_OVER_IPV6],
      arp: ledger[ARP],
      other: ledger[OTHER],
    };
  }

  /**
   * Takes the records of a little-endian pcap with microseconds and Ethernet that lie in the window between `start`
   * and `end`, up to the first one that is not plain. Returns where that one is; `taken` grows by what was taken.
   */
  takeRecords(start: number, end: number, snaplen: number): number {
    const ledger = this.#ledger;
    const at = this.#windowAt;
    for (let next = start; ; ) {
      ledger[DUE] = NEVER;
      ledger[EVENT] = 0;
      ledger[NEXT_TICK] = this.#timers.nextTick;
      ledger[SET_BACK] = this.#timers.setBack;
      const first = next;
      next = this.#exports.records(first + at, end + at, snaplen) - at;
      const { onPacket } = this;
      if (onPacket !== null)
        for (let record = first; record < next; record = this.#packet.end) onPacket(this.#read(record));
      const event = ledger[EVENT];
      if (event !== 0) {
        this.#finish(event, ledger[EVENT_AT] - at);
        continue;
      }
      const due = ledger[DUE];
      // A packet from long before the others is for the long way.
      if (due === NEVER || due < this.#timers.setBack) return next;
      this.#timers.advance(due);
    }
  }

  /** What is left to do of the packet in the record at `start`. */
  #finish(event: number, start: number): void {
    const slot = this.#ledger[EVENT_SLOT];
    const isOrig = (event & FROM_ORIGINATOR) !== 0;
    if ((event & OPENED) !== 0) {
      this.#timers.add(slot);
      if (this.#owner.expects()) this.#owner.opened(slot, this.#read(start));
    }
    if ((event & HURRIED) !== 0) this.#timers.hurry(slot);
    if ((event & (SHOWN | OF_INTEREST)) === 0) return;
    const packet = this.#read(start);
    if ((event & SHOWN) !== 0) this.#owner.show(slot, packet, isOrig);
    if ((event & OF_INTEREST) !== 0) this.#owner.inspect(slot, packet, isOrig);
  }

  /** The packet in the record at `start`, which was taken. */
  #read(start: number): Packet {
    const packet = this.#packet;
    const { view } = packet;
    packet.ts = view.getUint32(start, true) + view.getUint32(start + 4, true) / 1e6;
    packet.offset = start + RECORD_HEADER;
    packet.end = packet.offset + view.getUint32(start + 8, true);
    packet.origlen = view.getUint32(start + 12, true);
    if (!decodePacket(packet, false)) throw new Error('a packet that was taken cannot be decoded');
    return packet;
  }

  /** Takes a decoded packet over IP, all of it; false where it is not plain. The time has to be up to it. */
  takePacket(packet: Packet): boolean {
    if (packet.bytes !== this.window) return false;
    const at = this.#windowAt;
    const wireEnd = packet.offset + packet.origlen + at;
    const event = this.#exports.takePacket(packet.ipOffset + at, packet.end + at, wireEnd, packet.ts);
    if (event === 0) return false;
    const slot = this.#ledger[EVENT_SLOT];
    if ((event & HURRIED) !== 0) this.#timers.hurry(slot);
    if ((event & OF_INTEREST) !== 0) this.#owner.inspect(slot, packet, (event & FROM_ORIGINATOR) !== 0);
    return true;
  }
}
