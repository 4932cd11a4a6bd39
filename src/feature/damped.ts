/**
 * Exponentially damped sums: what happened lately, in constant memory (the window of Kitsune's AfterImage, causal).
 * An event that is `t` seconds old counts exp(-t / timeConstant).
 */

/** A moment, a burst, a while: one per decade of what a person would call "lately". Seconds. */
export const TIME_CONSTANTS = [1, 10, 100] as const;
export const WINDOWS = TIME_CONSTANTS.length;

/** One damped sum for each of the time constants. */
export class DampedSums {
  private readonly sums = new Float64Array(WINDOWS);
  private updated = 0;

  /** Adds an amount at `ts` seconds; time that runs backwards counts as no time. */
  add(ts: number, amount: number): void {
    this.decay(ts);
    for (let i = 0; i < WINDOWS; i++) this.sums[i] += amount;
  }

  /** Adds what `amount` gives for each time constant. */
  addEach(ts: number, amount: (timeConstant: number) => number): void {
    this.decay(ts);
    for (let i = 0; i < WINDOWS; i++) this.sums[i] += amount(TIME_CONSTANTS[i]);
  }

  /** The sum of window `index` as it stands at `ts`. */
  at(ts: number, index: number): number {
    const elapsed = ts - this.updated;
    return elapsed > 0 ? this.sums[index] * Math.exp(-elapsed / TIME_CONSTANTS[index]) : this.sums[index];
  }

  private decay(ts: number): void {
    const elapsed = ts - this.updated;
    if (elapsed <= 0) return;
    for (let i = 0; i < WINDOWS; i++) this.sums[i] *= Math.exp(-elapsed / TIME_CONSTANTS[i]);
    this.updated = ts;
  }
}
