import type { Packet } from '../../packet/packet.ts';
import { type ConnectionMemory, WINDOW_BYTES } from '../connection-memory.ts';
import { ARP, DUE, NEXT_TICK, OTHER, OVER_IPV6, SET_BACK, TAGGED, TAKEN } from './ledger.ts';

/** What the compiled module exports (assembly/index.ts); every pointer is a byte offset into its memory. */
interface Exports {
  configure(
    recordsAt: number,
    tableAt: number,
    openTimeout: number,
    interactiveTimeout: number,
    checksIp: boolean,
    checksTransport: boolean,
    learnsSenders: boolean,
    looksInside: boolean,
  ): void;
  records(start: number, end: number, snaplen: number): number;
  takeSegment(ip: number, end: number, wireEnd: number, ts: number): number;
}

export interface FastPathOptions {
  openTimeout: number;
  interactiveTimeout: number;
  checksIp: boolean;
  checksTransport: boolean;
  learnsSenders: boolean;
  looksInside: boolean;
}

const NEVER = -1;

/** Something that wants to be called at times of the packets. */
interface Timer {
  readonly nextTick: number;
}

/**
 * The compiled short way of what most packets are: segments of open TCP connections. Everything else it leaves alone,
 * and the connection table, whose semantics it has, takes it. It sees only what lies in its own window.
 */
export class FastPath {
  /** Where a reader puts the bytes of the capture. */
  readonly window: Uint8Array;
  readonly #windowAt: number;
  readonly #exports: Exports;
  readonly #ledger: Float64Array;
  readonly #wheel: Timer & { readonly setBack: number };
  readonly #sessions: Timer;
  readonly #advance: (ts: number) => void;

  constructor(
    module: WebAssembly.Module,
    { memory, buffer, entries, recordsAt, tableAt, windowAt }: ConnectionMemory,
    wheel: Timer & { readonly setBack: number },
    sessions: Timer,
    advance: (ts: number) => void,
    options: FastPathOptions,
  ) {
    const { openTimeout, interactiveTimeout, checksIp, checksTransport, learnsSenders, looksInside } = options;
    this.window = new Uint8Array(buffer, windowAt, WINDOW_BYTES);
    this.#windowAt = windowAt;
    this.#exports = new WebAssembly.Instance(module, { env: { memory: memory! } }).exports as unknown as Exports;
    this.#ledger = entries;
    this.#wheel = wheel;
    this.#sessions = sessions;
    this.#advance = advance;
    const { configure } = this.#exports;
    const where = [recordsAt, tableAt] as const;
    const checks = [checksIp, checksTransport, learnsSenders] as const;
    configure(...where, openTimeout, interactiveTimeout, ...checks, looksInside);
  }

  /** Records taken so far. */
  get taken(): number {
    return this.#ledger[TAKEN];
  }

  /** The same by layer: all of them are TCP, ARP, or of a protocol that is not followed. */
  counts(): { taken: number; tagged: number; overIpv6: number; arp: number; other: number } {
    const ledger = this.#ledger;
    return {
      taken: ledger[TAKEN],
      tagged: ledger[TAGGED],
      overIpv6: ledger[OVER_IPV6],
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
    ledger[DUE] = NEVER;
    for (let next = start; ; ledger[DUE] = NEVER) {
      ledger[NEXT_TICK] = Math.min(this.#wheel.nextTick, this.#sessions.nextTick);
      ledger[SET_BACK] = this.#wheel.setBack;
      next = this.#exports.records(next + at, end + at, snaplen) - at;
      const due = ledger[DUE];
      // A packet from long before the others is for the long way.
      if (due === NEVER || due < this.#wheel.setBack) return next;
      this.#advance(due);
    }
  }

  /** Takes a decoded TCP packet over IP; false where it is not plain. The time has to be up to it. */
  takePacket(packet: Packet): boolean {
    if (packet.bytes !== this.window) return false;
    const at = this.#windowAt;
    const { ipOffset, end, wireEnd, ts } = packet;
    return this.#exports.takeSegment(ipOffset + at, end + at, wireEnd + at, ts) !== 0;
  }
}
