import type { Packet } from '../../packet/packet.ts';
import { type ConnectionMemory, WINDOW_BYTES } from '../connection-memory.ts';
import type { Weirds } from '../weird.ts';
import { LEDGER_AT, NEXT_TICK, OVER_IPV6, SET_BACK, TAGGED, TAKEN, TRUNCATED } from './ledger.ts';

/** What the compiled module exports (assembly/index.ts); every pointer is a byte offset into its memory. */
interface Exports {
  configure(
    recordsAt: number,
    tableAt: number,
    mask: number,
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
  /** Records taken over all, and those of them with a VLAN tag and over IPv6. */
  taken = 0;
  tagged = 0;
  overIpv6 = 0;
  readonly #windowAt: number;
  readonly #exports: Exports;
  readonly #ledger: Int32Array;
  readonly #times: Float64Array;
  readonly #wheel: Timer & { readonly setBack: number };
  readonly #sessions: Timer;
  readonly #weirds: Weirds;

  constructor(
    module: WebAssembly.Module,
    { memory, buffer, ledger, recordsAt, tableAt, places, windowAt }: ConnectionMemory,
    wheel: Timer & { readonly setBack: number },
    sessions: Timer,
    weirds: Weirds,
    options: FastPathOptions,
  ) {
    const { openTimeout, interactiveTimeout, checksIp, checksTransport, learnsSenders, looksInside } = options;
    this.window = new Uint8Array(buffer, windowAt, WINDOW_BYTES);
    this.#windowAt = windowAt;
    this.#exports = new WebAssembly.Instance(module, { env: { memory: memory! } }).exports as unknown as Exports;
    this.#ledger = ledger;
    this.#times = new Float64Array(buffer, LEDGER_AT, 2);
    this.#wheel = wheel;
    this.#sessions = sessions;
    this.#weirds = weirds;
    const { configure } = this.#exports;
    const where = [recordsAt, tableAt, places - 1] as const;
    const checks = [checksIp, checksTransport, learnsSenders] as const;
    configure(...where, openTimeout, interactiveTimeout, ...checks, looksInside);
  }

  /**
   * Takes the records of a little-endian pcap with microseconds and Ethernet that lie in the window between `start`
   * and `end`, up to the first one that is not plain. Returns where that one is; `taken` grows by what was taken.
   */
  takeRecords(start: number, end: number, snaplen: number): number {
    const times = this.#times;
    times[NEXT_TICK] = Math.min(this.#wheel.nextTick, this.#sessions.nextTick);
    times[SET_BACK] = this.#wheel.setBack;
    const at = this.#windowAt;
    const next = this.#exports.records(start + at, end + at, snaplen) - at;
    if (next !== start) this.#settle();
    return next;
  }

  /** Takes a decoded TCP packet over IP; false where it is not plain. The time has to be up to it. */
  takePacket(packet: Packet): boolean {
    if (packet.bytes !== this.window) return false;
    const at = this.#windowAt;
    const { ipOffset, end, wireEnd, ts } = packet;
    if (this.#exports.takeSegment(ipOffset + at, end + at, wireEnd + at, ts) === 0) return false;
    const ledger = this.#ledger;
    this.#weirds.truncatedPayloads += ledger[TRUNCATED];
    ledger[TRUNCATED] = 0;
    ledger[OVER_IPV6] = 0;
    return true;
  }

  #settle(): void {
    const ledger = this.#ledger;
    this.taken += ledger[TAKEN];
    this.tagged += ledger[TAGGED];
    this.overIpv6 += ledger[OVER_IPV6];
    this.#weirds.truncatedPayloads += ledger[TRUNCATED];
    ledger.fill(0, TAKEN, TRUNCATED + 1);
  }
}
