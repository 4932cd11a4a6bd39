/**
 * The published flow detector: windows of ten flows, reconstruction error against a threshold.
 * As its guide describes it, the scaler is fitted on the scanned file itself, so rows are collected first.
 */
import { fitScaler, type Scaler, transform } from '../../feature/scaler.ts';
import { copyWindows, windowCount } from '../../feature/window.ts';
import type { Conn } from '../../flow/conn.ts';
import { FEATURES, type StreamLimits, StreamRows } from './flow-rows.ts';

/** Windows reconstructed at a time: large enough for the kernels, small enough to report progress. */
const CHUNK = 512;

/** Mean squared reconstruction error of each window of [count, timesteps, 4]. */
export type Reconstruct = (windows: Float32Array, count: number) => Float32Array;

/** One judged window. Rows are counted within its stream. */
export interface ScoredWindow {
  stream: string;
  /** First row of the window in its stream; the row after its last is `row + timesteps`. */
  row: number;
  error: number;
  /** 1 malicious, 0 benign, -1 unlabelled: the label of the window's newest row, the one a live monitor would judge. */
  label: -1 | 0 | 1;
}

/** Neighbouring windows of one stream. */
export interface WindowChunk {
  stream: string;
  /** Row of the first window's first flow, and the number of windows. */
  first: number;
  count: number;
  /** [count, timesteps, 4], scaled. */
  values: Float32Array;
  /** Windows up to the end of this chunk, as a share of all. */
  fraction: number;
}

export interface PublishedFlowScan {
  readonly rows: number;
  /** Flows that found no room because there were too many streams, or too many flows. */
  readonly leftOut: Readonly<StreamLimits>;
  /** The streams that are judged, in the order of their first flow, and how many flows each has. */
  streams(): Iterable<{ name: string; count: number }>;
  /**
   * Adds a flow to a stream (a device, or one stream for a whole CSV), or counts it as left out; false where it has no
   * packet counts.
   */
  push(conn: Conn, stream: string): boolean;
  /** The guide's scaler: fitted on the rows themselves. */
  fitScaler(): Scaler;
  /** The scaled windows, stream by stream in the order of their first flow, some hundred at a time. */
  windows(scaler: Scaler): Generator<WindowChunk>;
  /** Judges all windows with a scaler that is fitted on the rows. */
  score(reconstruct: Reconstruct, onProgress?: (fraction: number) => void): Generator<ScoredWindow>;
  /** Raw features of one row of a stream. */
  sample(stream: string, row: number): Record<'orig_pkts' | 'resp_pkts' | 'orig_bytes' | 'resp_bytes', number>;
  /** What the flows of a window are, for people. */
  describe(stream: string, row: number): WindowSummary;
}

export interface WindowSummary {
  uids: string[];
  /** From the first start to the last end, seconds since 1970; 0 where the log has no times. */
  ts: number;
  end_ts: number;
  /** Means over the window's flows, both directions together. */
  packets: number;
  bytes: number;
}

/** @param limits how much is kept at most; all of it without */
export function createPublishedFlowScan(
  timesteps = 10,
  limits: StreamLimits = { streams: Number.POSITIVE_INFINITY, flows: Number.POSITIVE_INFINITY },
): PublishedFlowScan {
  const rows = new StreamRows(timesteps + 1, limits);
  /** The uids of the last window that was described: the next one mostly holds nine of them. */
  let described = { stream: '', row: -1, uids: [] as string[] };

  const rowsOf = (stream: string, row: number): number[] =>
    Array.from({ length: timesteps }, (_, i) => rows.rowOf(stream, row + i));

  function uidsOf(stream: string, row: number, indices: readonly number[]): string[] {
    const { stream: last, row: before, uids } = described;
    const known = last === stream && before === row - 1 ? uids.slice(1) : [];
    described = { stream, row, uids: [...known, ...indices.slice(known.length).map((i) => rows.uidOf(i))] };
    return described.uids;
  }

  /** Rows `first` to `first + count` of a stream, [count, FEATURES]. */
  function gather(stream: string, first: number, count: number): Float64Array {
    const { values } = rows;
    const own = new Float64Array(count * FEATURES);
    for (let i = 0; i < count; i++) {
      const row = rows.rowOf(stream, first + i) * FEATURES;
      for (let feature = 0; feature < FEATURES; feature++) own[i * FEATURES + feature] = values[row + feature];
    }
    return own;
  }

  return {
    get rows() {
      return rows.length;
    },
    leftOut: rows.leftOut,
    streams: () => rows.places(),
    push: (conn, name) => rows.push(conn, name),
    fitScaler: () => fitScaler('standard', rows.values, FEATURES),
    *windows(scaler) {
      let done = 0;
      for (const { name, count: flows } of rows.places()) {
        const total = windowCount(flows, timesteps);
        for (let first = 0; first < total; first += CHUNK) {
          const count = Math.min(CHUNK, total - first);
          const own = transform(scaler, gather(name, first, count + timesteps - 1));
          const values = copyWindows(own, FEATURES, timesteps, 0, count);
          yield { stream: name, first, count, values, fraction: (done + first + count) / rows.length };
        }
        done += flows;
      }
    },
    *score(reconstruct, onProgress) {
      if (rows.length === 0) return;
      for (const { stream, first, count, values, fraction } of this.windows(this.fitScaler())) {
        const errors = reconstruct(values, count);
        for (let i = 0; i < count; i++) {
          const label = rows.labelOf(rows.rowOf(stream, first + i + timesteps - 1));
          yield { stream, row: first + i, error: errors[i], label };
        }
        onProgress?.(fraction);
      }
    },
    sample(stream, row) {
      const [orig_pkts, resp_pkts, orig_bytes, resp_bytes] = gather(stream, row, 1);
      return { orig_pkts, resp_pkts, orig_bytes, resp_bytes };
    },
    describe(stream, row) {
      const indices = rowsOf(stream, row);
      const values = gather(stream, row, timesteps);
      const mean = (first: number, second: number): number =>
        indices.reduce((sum, _, i) => sum + values[i * FEATURES + first] + values[i * FEATURES + second], 0) /
        timesteps;
      return {
        uids: uidsOf(stream, row, indices),
        ts: Math.min(...indices.map((i) => rows.startOf(i))),
        end_ts: Math.max(...indices.map((i) => rows.endOf(i))),
        packets: mean(0, 1),
        bytes: mean(2, 3),
      };
    },
  };
}
