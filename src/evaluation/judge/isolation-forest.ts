/** The trivial baseline: an isolation forest on the published design's four raw features. */
import { performance } from 'node:perf_hooks';
import { growIsolationForest } from '../../detector/density/isolation-forest.ts';
import { createFlowRows } from '../../feature/published-flow.ts';
import type { FlowJudge } from './judge.ts';

export const isolationForestJudge: FlowJudge = {
  name: 'isolation-forest',
  async judge(training, watched, { seed }) {
    const started = performance.now();
    const rows = createFlowRows();
    for (const { conn, learn } of training) if (learn) rows.push(conn);
    const forest = growIsolationForest(rows.values, 4, seed);
    const trained = performance.now();
    const scores = Float64Array.from(watched, ({ orig_pkts, resp_pkts, orig_bytes, resp_bytes }) =>
      forest.score([orig_pkts ?? 0, resp_pkts ?? 0, orig_bytes ?? 0, resp_bytes ?? 0]),
    );
    return {
      scores,
      threshold: null,
      trainSeconds: (trained - started) / 1000,
      scoreSeconds: (performance.now() - trained) / 1000,
      modelBytes: 0,
    };
  },
};
