/**
 * The flows that a scan judges, each in a stream (a device, or one stream for a whole CSV): columns of numbers instead
 * of objects, and at most so many flows and streams. A stream that is too short to be judged gives way to a new one, so
 * that a flood of made-up senders neither fills the memory nor keeps the household out.
 */
import type { Conn } from '../../flow/conn.ts';
import { labelValue } from './metrics.ts';
import { TextColumn } from './text-column.ts';

/** orig_pkts, resp_pkts, orig_bytes, resp_bytes */
export const FEATURES = 4;
/** Rows of streams that gave way are cleared away when they are half of all, and at least so many. */
const FEWEST_GONE = 8192;

export interface StreamLimits {
  streams: number;
  flows: number;
}

interface Stream {
  readonly name: string;
  readonly number: number;
  count: number;
}

/** Rows of one stream are `order[first]` to `order[first + count - 1]`, oldest first. */
export interface StreamPlace {
  name: string;
  first: number;
  count: number;
}

interface Arrangement {
  order: Int32Array;
  places: Map<string, StreamPlace>;
}

type Column = Float64Array | Int32Array | Int8Array;

function grow<C extends Column>(column: C, size: number): C {
  const grown = new (column.constructor as new (size: number) => C)(size);
  grown.set(column);
  return grown;
}

export class StreamRows {
  /** Flows that are not judged because there are too many streams, or too many flows. */
  readonly leftOut: StreamLimits = { streams: 0, flows: 0 };
  private readonly shortest: number;
  private readonly limits: StreamLimits;
  private readonly streams = new Map<string, Stream>();
  /** Streams in the order of their first flow, from `oldest` on; those that give way are found here. */
  private queue: Stream[] = [];
  private oldest = 0;
  private numbers = 0;
  private stored = 0;
  private gone = 0;
  private arranged: Arrangement | null = null;
  /** [stored, FEATURES] */
  private features = new Float64Array(FEATURES * 1024);
  /** [stored, 2]: first and last packet, seconds since 1970. */
  private times = new Float64Array(2 * 1024);
  private streamOf = new Int32Array(1024);
  private labels = new Int8Array(1024);
  private uids = new TextColumn();

  /** @param shortest flows of a stream that can be judged */
  constructor(shortest: number, limits: StreamLimits) {
    this.shortest = shortest;
    this.limits = limits;
  }

  /** Rows of the streams that are there. */
  get length(): number {
    return this.stored - this.gone;
  }

  /** A byte count that Zeek leaves unset (no payload seen) is 0 to the model; false: a missing packet count is not a flow. */
  push(conn: Conn, name: string): boolean {
    const { orig_pkts, resp_pkts, orig_bytes, resp_bytes, ts, duration } = conn;
    if (orig_pkts === null || resp_pkts === null) return false;
    const stream = this.admit(name);
    if (stream === null) return true;
    stream.count++;
    if (this.stored === this.streamOf.length) this.makeRoom(this.stored * 2);
    const row = this.stored++;
    this.features.set([orig_pkts, resp_pkts, orig_bytes ?? 0, resp_bytes ?? 0], row * FEATURES);
    this.times[row * 2] = ts ?? 0;
    this.times[row * 2 + 1] = (ts ?? 0) + (duration ?? 0);
    this.streamOf[row] = stream.number;
    this.labels[row] = labelValue(conn.label);
    this.uids.push(conn.uid);
    this.arranged = null;
    return true;
  }

  /** [length, FEATURES] of all rows, in the order in which they came. */
  get values(): Float64Array {
    this.clear();
    return this.features.subarray(0, this.stored * FEATURES);
  }

  /** The streams in the order of their first flow. */
  places(): Iterable<StreamPlace> {
    return this.arrange().places.values();
  }

  /** The row of the whole that is row `row` of the stream. */
  rowOf(name: string, row: number): number {
    const { order, places } = this.arrange();
    return order[places.get(name)!.first + row];
  }

  labelOf(row: number): -1 | 0 | 1 {
    return this.labels[row] as -1 | 0 | 1;
  }

  uidOf(row: number): string {
    return this.uids.at(row);
  }

  startOf(row: number): number {
    return this.times[row * 2];
  }

  endOf(row: number): number {
    return this.times[row * 2 + 1];
  }

  /** The stream of the name; null where there is no room for the flow. */
  private admit(name: string): Stream | null {
    const known = this.streams.get(name);
    if (this.length >= this.limits.flows) {
      this.leftOut.flows++;
      return null;
    }
    if (known !== undefined) return known;
    if (this.streams.size >= this.limits.streams && !this.giveWay()) {
      this.leftOut.streams++;
      return null;
    }
    const stream: Stream = { name, number: this.numbers++, count: 0 };
    this.streams.set(name, stream);
    this.queue.push(stream);
    return stream;
  }

  /** The stream that is too short for longest goes; false where all of them will be judged. */
  private giveWay(): boolean {
    while (this.oldest < this.queue.length) {
      const stream = this.queue[this.oldest++];
      if (stream.count >= this.shortest) continue;
      this.streams.delete(stream.name);
      this.leftOut.streams += stream.count;
      this.gone += stream.count;
      if (this.oldest >= FEWEST_GONE) {
        this.queue = this.queue.slice(this.oldest);
        this.oldest = 0;
      }
      if (this.gone >= Math.max(FEWEST_GONE, this.stored / 2)) this.clear();
      return true;
    }
    return false;
  }

  private makeRoom(rows: number): void {
    this.features = grow(this.features, rows * FEATURES);
    this.times = grow(this.times, rows * 2);
    this.streamOf = grow(this.streamOf, rows);
    this.labels = grow(this.labels, rows);
  }

  /** The rows of streams that gave way make room; the others keep their order. */
  private clear(): void {
    if (this.gone === 0) return;
    const live = new Set(Array.from(this.streams.values(), ({ number }) => number));
    const uids = new TextColumn();
    let kept = 0;
    for (let row = 0; row < this.stored; row++) {
      if (!live.has(this.streamOf[row])) continue;
      this.features.copyWithin(kept * FEATURES, row * FEATURES, (row + 1) * FEATURES);
      this.times.copyWithin(kept * 2, row * 2, row * 2 + 2);
      this.streamOf[kept] = this.streamOf[row];
      this.labels[kept] = this.labels[row];
      uids.push(this.uids.at(row));
      kept++;
    }
    this.uids = uids;
    this.stored = kept;
    this.gone = 0;
    this.arranged = null;
  }

  private arrange(): Arrangement {
    this.clear();
    if (this.arranged !== null) return this.arranged;
    const places = new Map<string, StreamPlace>();
    const next = new Map<number, number>();
    let first = 0;
    for (const { name, number, count } of this.streams.values()) {
      places.set(name, { name, first, count });
      next.set(number, first);
      first += count;
    }
    const order = new Int32Array(this.stored);
    for (let row = 0; row < this.stored; row++) {
      const place = next.get(this.streamOf[row])!;
      order[place] = row;
      next.set(this.streamOf[row], place + 1);
    }
    this.arranged = { order, places };
    return this.arranged;
  }
}
