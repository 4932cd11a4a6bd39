/** The whole product path over frames in memory: packets to the engine, their connections to the engine, alerts out. */
import type { Alert } from '../alert/alert.ts';
import { Watch } from '../alert/watch.ts';
import type { EngineOptions } from '../detector/engine-options.ts';
import { ConnectionTable } from '../flow/table/connection-table.ts';
import { createNetworkTrainer } from '../training/network-trainer.ts';
import { type Frame, play } from './traffic.ts';

export interface Replay {
  watch: Watch;
  alerts: Alert[];
  packets: number;
}

export function createReplay(options: Pick<EngineOptions, 'without' | 'budget'>): Replay {
  const alerts: Alert[] = [];
  // The alert object is kept up to date by its episode, so the last word counts.
  const watch = new Watch({ ...options, trainer: createNetworkTrainer(), onAlert: (alert) => alerts.push(alert) });
  return { watch, alerts, packets: 0 };
}

/** One capture from its first frame to its last; connections still open at the end are flushed only when learning. */
export function replayCapture(replay: Replay, frames: readonly Frame[]): void {
  const { watch } = replay;
  watch.engine.begin();
  const table = new ConnectionTable({ onConn: (conn) => watch.conn(conn), ignoreChecksums: true });
  play(frames, (packet) => {
    table.packet(packet);
    watch.packet(packet);
    replay.packets++;
  });
  if (watch.engine.learning) table.flush();
}
