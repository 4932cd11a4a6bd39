import type { Packet } from '../packet/packet.ts';
import {
  FORWARDED,
  FORWARDS,
  HEARD,
  OWN,
  RECEIVED,
  RECEIVED_BYTES,
  RECEIVER_SHIFT,
  SENT,
  SENT_BYTES,
  SILENCE,
  SPOKE,
  STATION_DOUBLES,
  STATIONS,
  WATCH_EPOCH,
  WATCH_NOW,
  WATCH_UNTIL,
} from './kernel/ledger.ts';
import type { ConnectionMemory } from './table/connection-memory.ts';

/** Sees packets for the sake of who sends and receives them. */
export interface PacketWatcher {
  /** From now on, until the next call, packets that it need not see are counted here. */
  watch(counts: StationCounts): void;
  /**
   * Sees a decoded packet. The answer is that of `StationCounts.alike` where others of the same connection, in the same
   * direction and between the same link-layer addresses, would tell it nothing but their number and length; 0 where it
   * wants to see the next one too. A SYN, and TCP payloads that begin like HTTP or XML, it sees in any case.
   */
  packet(packet: Packet): number;
}

/** What was counted for a station since it was taken last. */
export interface StationCount {
  sent: number;
  sentBytes: number;
  received: number;
  receivedBytes: number;
  /** Frames that it got for addresses in the internet. */
  forwarded: number;
}

/**
 * Packets and bytes of stations, counted by the fast path for packets that a watcher need not see. A station is a number
 * below `STATIONS` that the watcher gives to a link-layer address.
 */
export class StationCounts {
  readonly #entries: Float64Array;
  readonly #words: Int32Array;
  readonly #stations: Float64Array;
  /** Of `take`, reused. */
  readonly #count: StationCount = { sent: 0, sentBytes: 0, received: 0, receivedBytes: 0, forwarded: 0 };

  /** Without memory nothing is ever counted. */
  constructor(memory: Pick<ConnectionMemory, 'entries' | 'words' | 'stations'> | null = null) {
    this.#entries = memory?.entries ?? new Float64Array(WATCH_NOW + 1);
    this.#words = memory?.words ?? new Int32Array(WATCH_EPOCH + 1);
    this.#stations = memory?.stations ?? new Float64Array(0);
    this.showFrom(Number.NEGATIVE_INFINITY);
    this.renew();
  }

  /** The number under which what is said now is valid. */
  get epoch(): number {
    return this.#words[WATCH_EPOCH];
  }

  /** Time of the last packet that was counted. */
  get now(): number {
    return this.#entries[WATCH_NOW];
  }

  /** What was said of packets holds no more. */
  renew(): void {
    // Zero is what a new connection has.
    this.#words[WATCH_EPOCH] = (this.#words[WATCH_EPOCH] + 1) | 0 || 1;
  }

  /** A packet at or after `ts` (seconds) is shown, whatever was said. */
  showFrom(ts: number): void {
    this.#entries[WATCH_UNTIL] = ts;
  }

  /**
   * Packets like this one are counted for the sender and, unless it is negative, the receiver; see `PacketWatcher`.
   * `forwards`: the receiver hands them on. `isOwn`: they come from an IPv4 address of the sender's own.
   */
  alike(sender: number, receiver: number, forwards: boolean, isOwn: boolean): number {
    if (sender >= STATIONS - 1 || receiver >= STATIONS - 1) return 0;
    const flags = (forwards ? FORWARDS : 0) | (isOwn ? OWN : 0);
    return (sender + 1) | ((receiver + 1) << RECEIVER_SHIFT) | flags;
  }

  /** The number is given to another one. */
  reset(station: number): void {
    if (station < STATIONS) this.#stations.fill(0, station * STATION_DOUBLES, (station + 1) * STATION_DOUBLES);
  }

  /** It spoke at `ts`; a packet that comes after a longer silence than `silence`, or before `ts`, is shown. */
  heard(station: number, ts: number, silence: number): void {
    // Those that have no place here are never counted.
    if (station >= STATIONS || this.#stations.length === 0) return;
    const at = station * STATION_DOUBLES;
    this.#stations[at + HEARD] = ts;
    this.#stations[at + SILENCE] = silence;
  }

  /** When the station sent the last packet that was counted, or what `heard` said. */
  lastHeard(station: number): number {
    return this.#timeOf(station, HEARD);
  }

  /** When it sent the last packet from an IPv4 address of its own that was counted; 0 where there was none. */
  lastSpoke(station: number): number {
    return this.#timeOf(station, SPOKE);
  }

  #timeOf(station: number, what: number): number {
    return station < STATIONS && this.#stations.length > 0 ? this.#stations[station * STATION_DOUBLES + what] : 0;
  }

  /** What was counted since the last call. The object is reused. */
  take(station: number): StationCount {
    const count = this.#count;
    const at = station * STATION_DOUBLES;
    const stations = this.#stations;
    const isKept = station < STATIONS && stations.length > 0;
    count.sent = isKept ? stations[at + SENT] : 0;
    count.sentBytes = isKept ? stations[at + SENT_BYTES] : 0;
    count.received = isKept ? stations[at + RECEIVED] : 0;
    count.receivedBytes = isKept ? stations[at + RECEIVED_BYTES] : 0;
    count.forwarded = isKept ? stations[at + FORWARDED] : 0;
    if (isKept) stations.fill(0, at, at + FORWARDED + 1);
    return count;
  }
}
