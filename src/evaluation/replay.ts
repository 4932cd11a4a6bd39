/** The whole product path over frames in memory: packets to the engine, their connections to the engine, alerts out. */
import type { Alert } from '../alert/alert.ts';
import { Watch } from '../alert/watch.ts';
import type { EngineOptions } from '../detector/engine.ts';
import { ConnectionTable } from '../flow/connection-table.ts';
import { loadKernelEngine } from '../model/kernel.ts';
import { teach } from '../training/teach.ts';
import { type Frame, play } from './traffic.ts';

export interface Replay {
  watch: Watch;
  alerts: Alert[];
  packets: number;
}

export function createReplay(options: Pick<EngineOptions, 'without' | 'budget'>): Replay {
  const alerts: Alert[] = [];
  // The alert object is kept up to date by its episode, so the last word counts.
  const watch = new Watch({ ...options, numerics: loadKernelEngine(), onAlert: (alert) => alerts.push(alert) });
  return { watch, alerts, packets: 0 };
}

/** Frames between two looks whether there is enough for a lesson. */
const STRETCH = 1024;
const SEED = 1;

/** One capture from its first frame to its last; connections still open at the end are flushed only when learning. */
export async function replayCapture(replay: Replay, frames: readonly Frame[]): Promise<void> {
  const { engine } = replay.watch;
  engine.begin();
  const table = new ConnectionTable({ onConn: (conn) => replay.watch.conn(conn), ignoreChecksums: true });
  for (let from = 0; from < frames.length; from += STRETCH) {
    play(frames.slice(from, from + STRETCH), (packet) => {
      table.packet(packet);
      replay.watch.packet(packet);
      replay.packets++;
    });
    if (engine.learning) await teach(engine, { seed: SEED });
  }
  if (engine.learning) table.flush();
}

/** The end of learning: networks learn what is left, and everything is as it will be after a restart. */
export async function endLearning(replay: Replay): Promise<string> {
  await teach(replay.watch.engine, { seed: SEED, final: true });
  return JSON.stringify(replay.watch.engine.save());
}
