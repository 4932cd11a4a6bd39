import {
  CAPACITY,
  FREE,
  LEDGER_AT,
  LEDGER_BYTES,
  PORTS_AT,
  SENDERS,
  SENDERS_AT,
  STATION_DOUBLES,
  STATIONS,
  STATIONS_AT,
} from '../kernel/ledger.ts';
import { serverBits } from '../service/likely-server-ports.ts';
import { WORDS } from './record-layout.ts';

const PAGE = 65_536;
/** A window over the capture: large enough that system calls do not count, small enough for the processor's cache. */
export const WINDOW_BYTES = 1 << 20;
/** What a compiled module can address. */
const ADDRESS_SPACE = 2 ** 32;

/**
 * One piece of memory for the ledger, the records, the hash table and the window over the capture, so that the fast
 * path reaches all of them. It is reserved at its ceiling; the system commits pages as they are first used.
 */
export class ConnectionMemory {
  readonly buffer: ArrayBuffer;
  /** What a compiled module works in; null without a fast path. */
  readonly memory: WebAssembly.Memory | null;
  readonly capacity: number;
  /** Places of the hash table, a power of two. */
  readonly places: number;
  readonly recordsAt: number;
  readonly tableAt: number;
  readonly windowAt: number;

  /** The ledger, as doubles and as words. */
  readonly entries: Float64Array;
  readonly words: Int32Array;
  /** Of `ChecksumPolicy`. */
  readonly senders: Int32Array;
  /** Of `StationCounts`. */
  readonly stations: Float64Array;

  constructor(capacity: number, hasFastPath: boolean) {
    this.capacity = capacity;
    this.places = 2 ** Math.ceil(Math.log2(capacity * 2));
    this.recordsAt = align(STATIONS_AT + STATIONS * STATION_DOUBLES * 8);
    this.tableAt = align(this.recordsAt + capacity * WORDS * 4);
    this.windowAt = align(this.tableAt + this.places * 8);
    const size = hasFastPath ? this.windowAt + WINDOW_BYTES : this.windowAt;
    if (size > ADDRESS_SPACE) throw new RangeError(`${capacity} connections do not fit into 4 GB`);
    const pages = Math.ceil(size / PAGE);
    this.memory = hasFastPath ? new WebAssembly.Memory({ initial: pages, maximum: pages }) : null;
    this.buffer = this.memory === null ? new ArrayBuffer(size) : this.memory.buffer;
    this.entries = new Float64Array(this.buffer, LEDGER_AT, LEDGER_BYTES / 8);
    this.words = new Int32Array(this.buffer, LEDGER_AT, LEDGER_BYTES / 4);
    this.words[FREE] = -1;
    this.words[CAPACITY] = capacity;
    new Uint8Array(this.buffer, PORTS_AT).set(serverBits);
    this.senders = new Int32Array(this.buffer, SENDERS_AT, SENDERS);
    this.stations = new Float64Array(this.buffer, STATIONS_AT, STATIONS * STATION_DOUBLES);
  }
}

/** To a cache line. */
const align = (at: number): number => Math.ceil(at / 64) * 64;
