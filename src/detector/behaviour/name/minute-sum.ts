/** Amounts of the last minute, summed by the second: each event costs the same, however many there were. */
const SECONDS = 60;

/** Clocks that were never set begin at 0, and the minute before that counts as well. */
const slotOf = (second: number): number => ((second % SECONDS) + SECONDS) % SECONDS;

export class MinuteSum {
  /** Amounts, events and the time of the first event, by second modulo SECONDS. */
  readonly #amounts = new Float64Array(SECONDS);
  readonly #counts = new Float64Array(SECONDS);
  readonly #firsts = new Float64Array(SECONDS);
  #second = Number.NEGATIVE_INFINITY;
  total = 0;
  count = 0;

  add(ts: number, amount: number): void {
    this.#moveTo(Math.floor(ts));
    const slot = slotOf(this.#second);
    if (this.#counts[slot]++ === 0) this.#firsts[slot] = ts;
    this.#amounts[slot] += amount;
    this.total += amount;
    this.count++;
  }

  /** When the first event that still counts happened. */
  get since(): number {
    for (let second = this.#second - SECONDS + 1; second <= this.#second; second++) {
      const slot = slotOf(second);
      if (this.#counts[slot] > 0) return this.#firsts[slot];
    }
    return Number.NaN;
  }

  /** Forgets the seconds that fall out. A clock that goes back counts into the newest second. */
  #moveTo(second: number): void {
    if (second <= this.#second) return;
    const steps = Math.min(second - this.#second, SECONDS);
    for (let i = 0; i < steps; i++) {
      const slot = slotOf(second - i);
      this.total -= this.#amounts[slot];
      this.count -= this.#counts[slot];
      this.#amounts[slot] = 0;
      this.#counts[slot] = 0;
    }
    this.#second = second;
  }
}
