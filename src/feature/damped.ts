/**
 * Exponentially damped sums: what happened lately, in constant memory (the window of Kitsune's AfterImage, causal).
 * An event that is `t` seconds old counts exp(-t / timeConstant).
 */

/** A moment, a burst, a while: one per decade of what a person would call "lately". Seconds. */
export const TIME_CONSTANTS = [1, 10, 100] as const;
export const WINDOWS = TIME_CONSTANTS.length;
/** Windows by their index. */
export const SECOND = 0;
export const TEN_SECONDS = 1;

/**
 * One damped sum for each of the time constants. Three fields and no array: a flood makes a hundred thousand of these,
 * and a typed array costs five times what it holds.
 */
export class DampedSums {
  private moment = 0;
  private burst = 0;
  private while = 0;
  private updated = 0;

  /** Adds an amount at `ts` seconds. Packets may be out of order: what is late counts as much as it would by now. */
  add(ts: number, amount: number): void {
    const late = this.updated - ts;
    if (late > 0) {
      this.moment += amount * Math.exp(-late / TIME_CONSTANTS[0]);
      this.burst += amount * Math.exp(-late / TIME_CONSTANTS[1]);
      this.while += amount * Math.exp(-late / TIME_CONSTANTS[2]);
      return;
    }
    this.decay(ts);
    this.moment += amount;
    this.burst += amount;
    this.while += amount;
  }

  /** Adds what `amount` gives for each time constant. */
  addEach(ts: number, amount: (timeConstant: number) => number): void {
    this.decay(ts);
    this.moment += amount(TIME_CONSTANTS[0]);
    this.burst += amount(TIME_CONSTANTS[1]);
    this.while += amount(TIME_CONSTANTS[2]);
  }

  /** The sum of window `index` as it stands at `ts`. */
  at(ts: number, index: number): number {
    const elapsed = ts - this.updated;
    const sum = index === 0 ? this.moment : index === 1 ? this.burst : this.while;
    return elapsed > 0 ? sum * Math.exp(-elapsed / TIME_CONSTANTS[index]) : sum;
  }

  private decay(ts: number): void {
    const elapsed = ts - this.updated;
    if (elapsed <= 0) return;
    this.moment *= Math.exp(-elapsed / TIME_CONSTANTS[0]);
    this.burst *= Math.exp(-elapsed / TIME_CONSTANTS[1]);
    this.while *= Math.exp(-elapsed / TIME_CONSTANTS[2]);
    this.updated = ts;
  }
}
