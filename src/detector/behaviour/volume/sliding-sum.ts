/** Amounts of the latest time, summed by slots: each event costs the same, however many there were. */
const SLOTS = 60;

/** Clocks that were never set begin at 0, and what lies before that counts as well. */
const indexOf = (slot: number): number => ((slot % SLOTS) + SLOTS) % SLOTS;

export class SlidingSum {
  /** Amounts, events and the time of the first event, by slot modulo SLOTS. */
  readonly #amounts = new Float64Array(SLOTS);
  readonly #counts = new Float64Array(SLOTS);
  readonly #firsts = new Float64Array(SLOTS);
  readonly #width: number;
  #slot = Number.NEGATIVE_INFINITY;
  total = 0;
  count = 0;

  /** Sixty slots of so many seconds each: a minute unless told otherwise. */
  constructor(width = 1) {
    this.#width = width;
  }

  add(ts: number, amount: number): void {
    this.#moveTo(Math.floor(ts / this.#width));
    const index = indexOf(this.#slot);
    if (this.#counts[index]++ === 0) this.#firsts[index] = ts;
    this.#amounts[index] += amount;
    this.total += amount;
    this.count++;
  }

  /** When the first event that still counts happened. */
  get since(): number {
    for (let slot = this.#slot - SLOTS + 1; slot <= this.#slot; slot++) {
      const index = indexOf(slot);
      if (this.#counts[index] > 0) return this.#firsts[index];
    }
    return Number.NaN;
  }

  /** Forgets the slots that fall out. A clock that goes back counts into the newest slot. */
  #moveTo(slot: number): void {
    if (slot <= this.#slot) return;
    const steps = Math.min(slot - this.#slot, SLOTS);
    for (let i = 0; i < steps; i++) {
      const index = indexOf(slot - i);
      this.total -= this.#amounts[index];
      this.count -= this.#counts[index];
      this.#amounts[index] = 0;
      this.#counts[index] = 0;
    }
    this.#slot = slot;
  }
}
