/** A simulated home in real time: each frame when it is due, faster than life by a factor. */
import type { Frame } from './engine/simulation.ts';
import type { SimulatedHome } from './simulate.ts';

/** Time as the caller keeps it; milliseconds from any origin. */
export interface ReplayClock {
  now(): number;
  /** Resolves after about that long. */
  sleep(milliseconds: number): Promise<void>;
}

export interface ReplayOptions {
  /** Simulated seconds per second; 60 shows an hour in a minute. */
  speed: number;
  clock: ReplayClock;
  /** Ends the replay before the next frame. */
  signal?: AbortSignal;
}

/** Sleeping for less costs more than it gains: such frames leave in one go. */
const SHORTEST_SLEEP_MS = 1;

/**
 * Yields the frames in order, none before its time. A consumer that is too slow gets them late, never fewer; pulling
 * the next frame is the back-pressure. Time stamps stay those of the simulation.
 */
export async function* replay(home: SimulatedHome, options: ReplayOptions): AsyncGenerator<Frame, void, void> {
  const { speed, clock, signal } = options;
  const began = clock.now();
  for (const frame of home) {
    const due = began + (frame.ts - home.start) / 1000 / speed;
    while (!signal?.aborted) {
      const wait = due - clock.now();
      if (wait < SHORTEST_SLEEP_MS) break;
      await clock.sleep(wait);
    }
    if (signal?.aborted) return;
    yield frame;
  }
}
