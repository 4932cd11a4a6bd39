/**
 * Events that return like a clock. Each interval is evidence for a clock or for chance: a sequential likelihood ratio at
 * four widths of jitter, against exponential arrivals of the same mean.
 */

/** Half-widths of "on time", as parts of the interval. */
const JITTER = [0.05, 0.15, 0.3, 0.5] as const;
/** A clock is on time this often: packets get lost, requests fail. */
const ON_TIME = 0.9;
const FALSE_ALARM = 1e-5;
/** Faster than this is one burst of work, not a clock. Seconds. */
const SHORTEST = 0.5;

/** The evidence, in nats, from which on so many clocks side by side are taken for one by mistake once in 100,000. */
export const clockCut = (clocks: number): number => Math.log((clocks * JITTER.length * 0.99) / FALSE_ALARM);

export class Clock {
  private last: number;
  /** The first event of the rhythm. */
  since: number;
  /** Intervals of the rhythm so far. */
  intervals = 0;
  /** Median-like estimate of the interval: moves by a tenth of itself towards each observation. Seconds. */
  period = 0;
  private readonly ratios = JITTER.map(() => 0);

  constructor(start: number) {
    this.last = this.since = start;
  }

  /** The evidence so far, in nats. */
  get evidence(): number {
    return Math.max(...this.ratios);
  }

  /** Half-width of the intervals at which the evidence is strongest. Seconds. */
  get jitter(): number {
    return JITTER[this.ratios.indexOf(this.evidence)] * this.period;
  }

  /** An event; false where it says nothing of a rhythm yet. */
  beat(ts: number): boolean {
    const interval = ts - this.last;
    this.last = ts;
    if (interval < SHORTEST) return false;
    if (this.intervals++ === 0) {
      this.period = interval;
      return false;
    }
    this.observe(interval);
    return true;
  }

  private observe(interval: number): void {
    const deviation = Math.abs(interval - this.period) / this.period;
    for (let i = 0; i < JITTER.length; i++) {
      const width = JITTER[i];
      // Chance of an interval within the width when arrivals are random (exponential with the same mean).
      const chance = Math.exp(-(1 - width)) - Math.exp(-(1 + width));
      const step = deviation <= width ? Math.log(ON_TIME / chance) : Math.log((1 - ON_TIME) / (1 - chance));
      this.ratios[i] = Math.max(0, this.ratios[i] + step);
    }
    if (this.ratios.some((ratio) => ratio > 0)) {
      this.period += 0.1 * Math.max(-this.period, Math.min(this.period, interval - this.period));
      return;
    }
    this.since = this.last;
    this.period = interval;
    this.intervals = 1;
  }
}
