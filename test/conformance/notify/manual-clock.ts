/** A clock that stands still until a test turns it; everything that waits on it is called in order. */
import type { Clock } from '../../../src/clock.ts';
import type { Timers } from '../../../src/notify/transport/timers.ts';

interface Timer {
  at: number;
  callback: () => void;
}

export class ManualClock implements Clock, Timers {
  #now: number;
  #monotonic = 1000;
  readonly #timers = new Set<Timer>();

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#monotonic + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass; between two timers, what they set off gets its turn. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    for (;;) {
      await settled();
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#forward(Math.max(0, next.at - this.#monotonic));
      next.callback();
    }
    this.#forward(end - this.#monotonic);
    await settled();
  }

  /** Somebody sets the wall clock. */
  step(ms: number): void {
    this.#now += ms;
  }

  #forward(ms: number): void {
    this.#monotonic += ms;
    this.#now += ms;
  }
}

/** After whatever is ready to run now. */
async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits, in real time, for what real sockets and disks do. */
export async function until(condition: () => boolean | Promise<boolean>, what = 'the condition'): Promise<void> {
  const end = performance.now() + 8000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
