/** Feature set `published-flow-4`: the four raw columns of the published flow application. */
import type { Conn } from '../flow/conn.ts';

export const publishedFlowFeatures = {
  name: 'published-flow-4',
  version: 1,
  columns: ['orig_pkts', 'resp_pkts', 'orig_bytes', 'resp_bytes'],
} as const;

/** The rows of a scan, column by column in one growing block: 32 bytes a flow instead of an object. */
export interface FlowRows {
  readonly length: number;
  /** Row-major [length, 4], raw values. */
  readonly values: Float64Array;
  push(conn: Conn): boolean;
}

/** A byte count that Zeek leaves unset (no payload seen) is 0 to the model; a missing packet count is not a flow. */
export function createFlowRows(): FlowRows {
  let values = new Float64Array(4 * 1024);
  let length = 0;
  return {
    get length() {
      return length;
    },
    get values() {
      return values.subarray(0, length * 4);
    },
    push(conn) {
      if (conn.orig_pkts === null || conn.resp_pkts === null) return false;
      if (values.length === length * 4) {
        const grown = new Float64Array(values.length * 2);
        grown.set(values);
        values = grown;
      }
      values[length * 4] = conn.orig_pkts;
      values[length * 4 + 1] = conn.resp_pkts;
      values[length * 4 + 2] = conn.orig_bytes ?? 0;
      values[length * 4 + 3] = conn.resp_bytes ?? 0;
      length++;
      return true;
    },
  };
}
