/**
 * The published flow detector: windows of ten flows, reconstruction error against a threshold.
 * As its guide describes it, the scaler is fitted on the scanned file itself, so rows are collected first.
 */
import { createFlowRows } from '../feature/published-flow.ts';
import { fitScaler, type Scaler, transform } from '../feature/scaler.ts';
import { copyWindows, windowCount } from '../feature/window.ts';
import type { Conn } from '../flow/conn.ts';
import { labelValue } from './metrics.ts';

const FEATURES = 4;
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
  /** Adds a flow to a stream (a device, or one stream for a whole CSV); false where it has no packet counts. */
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

export function createPublishedFlowScan(timesteps = 10): PublishedFlowScan {
  const rows = createFlowRows();
  const labels: (-1 | 0 | 1)[] = [];
  const uids: string[] = [];
  const times: number[] = [];
  const ends: number[] = [];
  /** Of each stream the indices of its rows. */
  const streams = new Map<string, number[]>();

  const rowOf = (stream: string, row: number): number => streams.get(stream)![row];

  return {
    get rows() {
      return rows.length;
    },
    push(conn, name) {
      if (!rows.push(conn)) return false;
      const index = streams.get(name);
      if (index) index.push(rows.length - 1);
      else streams.set(name, [rows.length - 1]);
      labels.push(labelValue(conn.label));
      uids.push(conn.uid);
      times.push(conn.ts ?? 0);
      ends.push((conn.ts ?? 0) + (conn.duration ?? 0));
      return true;
    },
    fitScaler: () => fitScaler('standard', rows.values, FEATURES),
    *windows(scaler) {
      const scaled = transform(scaler, rows.values);
      let done = 0;
      for (const [stream, index] of streams) {
        const own = new Float32Array(index.length * FEATURES);
        for (let i = 0; i < index.length; i++) {
          own.set(scaled.subarray(index[i] * FEATURES, (index[i] + 1) * FEATURES), i * FEATURES);
        }
        const total = windowCount(index.length, timesteps);
        for (let first = 0; first < total; first += CHUNK) {
          const count = Math.min(CHUNK, total - first);
          const values = copyWindows(own, FEATURES, timesteps, first, count);
          yield { stream, first, count, values, fraction: (done + first + count) / rows.length };
        }
        done += index.length;
      }
    },
    *score(reconstruct, onProgress) {
      if (rows.length === 0) return;
      for (const { stream, first, count, values, fraction } of this.windows(this.fitScaler())) {
        const index = streams.get(stream)!;
        const errors = reconstruct(values, count);
        for (let i = 0; i < count; i++) {
          yield { stream, row: first + i, error: errors[i], label: labels[index[first + i + timesteps - 1]] };
        }
        onProgress?.(fraction);
      }
    },
    sample(stream, row) {
      const start = rowOf(stream, row) * FEATURES;
      const [orig_pkts, resp_pkts, orig_bytes, resp_bytes] = rows.values.subarray(start, start + FEATURES);
      return { orig_pkts, resp_pkts, orig_bytes, resp_bytes };
    },
    describe(stream, row) {
      const index = streams.get(stream)!.slice(row, row + timesteps);
      const mean = (first: number, second: number): number =>
        index.reduce((sum, i) => sum + rows.values[i * FEATURES + first] + rows.values[i * FEATURES + second], 0) /
        index.length;
      return {
        uids: index.map((i) => uids[i]),
        ts: Math.min(...index.map((i) => times[i])),
        end_ts: Math.max(...index.map((i) => ends[i])),
        packets: mean(0, 1),
        bytes: mean(2, 3),
      };
    },
  };
}
