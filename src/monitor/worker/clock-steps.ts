/** Notices that somebody has set the clock. */
import type { Clock } from '../../clock.ts';

/** What is slower than that is adjusted, not set. */
const STEP_SECONDS = 2;

export class ClockSteps {
  readonly #clock: Clock;
  /** The clock that can be set minus the one that cannot, in milliseconds. */
  #drift = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(): void {
    this.#drift = this.#clock.now() - this.#clock.monotonic();
  }

  /** Seconds by which it was set forward since the last look, negative for back; 0 where nobody has set it. */
  step(): number {
    const before = this.#drift;
    this.begin();
    const step = (this.#drift - before) / 1000;
    return Math.abs(step) < STEP_SECONDS ? 0 : step;
  }
}
