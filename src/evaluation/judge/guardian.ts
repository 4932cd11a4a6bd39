/** The whole product: what its engine says of each flow, and which of them its alerts are about. */
import { performance } from 'node:perf_hooks';
import type { Alert } from '../../alert/alert.ts';
import { Watch } from '../../alert/watch.ts';
import { Engine } from '../../detector/engine.ts';
import type { Conn } from '../../flow/conn.ts';
import { createNetworkTrainer } from '../../training/network-trainer.ts';
import type { FlowJudge } from './judge.ts';

export const guardianJudge: FlowJudge = {
  name: 'guardian',
  async judge(training, watched, { without }) {
    const started = performance.now();
    const learner = new Engine({ without, trainer: createNetworkTrainer() });
    for (const { conn, learn } of training) learner.conn(conn, learn);
    const model = JSON.stringify(learner.save());
    // A restart in between: the watched part is judged by the saved past, with no leftover of the training stream.
    const alerts: Alert[] = [];
    const watch = new Watch({ without, trainer: createNetworkTrainer(), onAlert: (alert) => alerts.push(alert) });
    watch.engine.load(JSON.parse(model));
    watch.engine.learning = false;
    const learned = performance.now();
    const scores = Float64Array.from(watched, (conn) => watch.conn(conn) ?? 0);
    const scored = performance.now();
    return {
      scores,
      threshold: null,
      alarmed: Uint8Array.from(watched, (conn) => (alerts.some((alert) => isPartOf(alert, conn)) ? 1 : 0)),
      trainSeconds: (learned - started) / 1000,
      scoreSeconds: (scored - learned) / 1000,
      modelBytes: model.length,
    };
  },
};

/** Whether the connection is between the ends of the alert, and of its time. */
function isPartOf({ ts, end_ts, hosts = [] }: Alert, conn: Conn): boolean {
  const start = conn.ts ?? 0;
  if (start + (conn.duration ?? 0) < ts || start > end_ts) return false;
  return hosts.every((host) => host === conn.id_orig_h || host === conn.id_resp_h);
}
