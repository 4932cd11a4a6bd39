/**
 * The published flow detector: windows of ten flows, reconstruction error against a threshold.
 * As its guide describes it, the scaler is fitted on the scanned file itself, so rows are collected first.
 */
import { createFlowRows } from '../feature/published-flow.ts';
import { fitScaler, transform } from '../feature/scaler.ts';
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

export interface PublishedFlowScan {
  readonly rows: number;
  /** Adds a flow to a stream (a device, or one stream for a whole CSV); false where it has no packet counts. */
  push(conn: Conn, stream: string): boolean;
  /** Judges all windows, stream by stream in the order of their first flow. */
  score(reconstruct: Reconstruct, onProgress?: (fraction: number) => void): Generator<ScoredWindow>;
  /** Raw features of a row of a stream, and the uid of its flow. */
  sample(stream: string, row: number): Record<'orig_pkts' | 'resp_pkts' | 'orig_bytes' | 'resp_bytes', number>;
  uids(stream: string, row: number): string[];
}

export function createPublishedFlowScan(timesteps = 10): PublishedFlowScan {
  const rows = createFlowRows();
  const labels: (-1 | 0 | 1)[] = [];
  const uids: string[] = [];
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
      return true;
    },
    *score(reconstruct, onProgress) {
      if (rows.length === 0) return;
      const scaled = transform(fitScaler('standard', rows.values, FEATURES), rows.values);
      let done = 0;
      for (const [name, index] of streams) {
        const own = new Float32Array(index.length * FEATURES);
        for (let i = 0; i < index.length; i++) {
          own.set(scaled.subarray(index[i] * FEATURES, (index[i] + 1) * FEATURES), i * FEATURES);
        }
        const total = windowCount(index.length, timesteps);
        for (let first = 0; first < total; first += CHUNK) {
          const count = Math.min(CHUNK, total - first);
          const errors = reconstruct(copyWindows(own, FEATURES, timesteps, first, count), count);
          for (let i = 0; i < count; i++) {
            yield { stream: name, row: first + i, error: errors[i], label: labels[index[first + i + timesteps - 1]] };
          }
          onProgress?.((done + first + count) / rows.length);
        }
        done += index.length;
      }
    },
    sample(stream, row) {
      const start = rowOf(stream, row) * FEATURES;
      const [orig_pkts, resp_pkts, orig_bytes, resp_bytes] = rows.values.subarray(start, start + FEATURES);
      return { orig_pkts, resp_pkts, orig_bytes, resp_bytes };
    },
    uids(stream, row) {
      return streams
        .get(stream)!
        .slice(row, row + timesteps)
        .map((i) => uids[i]);
    },
  };
}
