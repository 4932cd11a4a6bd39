/** How long what has ended is left alone before it is started again: longer each time, short again after a good run. */
const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
/** A run of this length was no failure. */
const GOOD_RUN_MS = 60_000;

export class RestartPause {
  #ms = FIRST_MS;

  /** The pause before this start. */
  next(): number {
    const pause = this.#ms;
    this.#ms = Math.min(LONGEST_MS, pause * 2);
    return pause;
  }

  /** It ran for so many milliseconds. */
  ranFor(ms: number): void {
    if (ms >= GOOD_RUN_MS) this.reset();
  }

  reset(): void {
    this.#ms = FIRST_MS;
  }
}
