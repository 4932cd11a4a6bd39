/** Keeps a storm of alerts from becoming a storm of messages: per channel, a few at once and the rest together. */
import { severityRank } from '../../alert/severity.ts';
import type { Subject } from '../message/subject.ts';

export interface StormLimits {
  /** Messages at once within the window. */
  messages: number;
  windowMs: number;
}

export class RateLimit {
  readonly #limits: StormLimits;
  #opened = Number.NEGATIVE_INFINITY;
  #passed = 0;
  /** Worst severity told in this window, per kind. */
  #told = new Map<string, number>();

  constructor(limits: StormLimits) {
    this.#limits = limits;
  }

  /**
   * Null: tell it now. Else for how many milliseconds it waits to be told with the others. The first of each kind in a
   * window always passes, and so does one that is worse than all of its kind before.
   * @param now monotonic milliseconds
   */
  admit({ kind, severity }: Subject, now: number): number | null {
    if (now - this.#opened >= this.#limits.windowMs) {
      this.#opened = now;
      this.#passed = 0;
      this.#told.clear();
    }
    const rank = severityRank(severity);
    const worse = rank > (this.#told.get(kind) ?? -1);
    if (!worse && this.#passed >= this.#limits.messages) return this.#opened + this.#limits.windowMs - now;
    if (worse) this.#told.set(kind, rank);
    this.#passed++;
    return null;
  }
}
