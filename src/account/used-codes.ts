/** Codes of authenticators that were taken: somebody who saw one over a shoulder must not use it again (RFC 6238, 5.2). */
import type { Clock } from '../clock.ts';

/** A code is taken for as long as it, the one before and the one after it are. */
const LIFE_MS = 120_000;

export class UsedCodes {
  readonly #clock: Clock;
  /** Monotonic milliseconds of use, by account and code; the oldest first. */
  readonly #used = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** False where it was taken before. */
  take(userId: string, code: string): boolean {
    const now = this.#clock.monotonic();
    for (const [key, at] of this.#used) {
      if (now - at < LIFE_MS) break;
      this.#used.delete(key);
    }
    const key = `${userId} ${code}`;
    if (this.#used.has(key)) return false;
    this.#used.set(key, now);
    return true;
  }
}
