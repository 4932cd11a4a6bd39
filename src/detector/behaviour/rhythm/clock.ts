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
/** Intervals that are kept to measure period and spread: the latest. */
const KEPT = 512;
/** Of the intervals lie between them as many as within one standard deviation. */
const [LOW, HIGH] = [0.1587, 0.8413];

/** The evidence, in nats, from which on so many clocks side by side are taken for one by mistake once in 100,000. */
export const clockCut = (clocks: number): number => Math.log((clocks * JITTER.length * 0.99) / FALSE_ALARM);

export class Clock {
  private last: number;
  /** When the current burst began: a tick. */
  private tick: number;
  /** Events of the current burst. */
  private burst = 0;
  /** From tick to tick, of the rhythm. */
  private readonly kept: number[] = [];
  /** The first event of the rhythm. */
  since: number;
  /** Intervals of the rhythm so far. */
  intervals = 0;
  /** Events of the rhythm so far: more than ticks where they come in bursts. */
  events = 0;
  /** Median-like estimate of the interval: moves by a tenth of itself towards each observation. Seconds. */
  period = 0;
  private readonly ratios = JITTER.map(() => 0);

  constructor(start: number) {
    this.last = this.since = this.tick = start;
  }

  /** The evidence so far, in nats. */
  get evidence(): number {
    return Math.max(...this.ratios);
  }

  /** The median of the intervals, and half the width that holds two thirds of them: what was measured. Seconds. */
  measure(): { period: number; jitter: number } {
    const sorted = [...this.kept].sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
    const middle = (sorted.length - 1) / 2;
    const period = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
    return { period, jitter: (at(HIGH) - at(LOW)) / 2 };
  }

  /** An event; false where it says nothing of a rhythm yet. */
  beat(ts: number): boolean {
    const interval = ts - this.last;
    this.last = ts;
    this.events++;
    if (interval < SHORTEST) {
      this.burst++;
      return false;
    }
    const since = this.tick;
    const before = this.burst;
    this.kept.push(ts - since);
    if (this.kept.length > KEPT) this.kept.shift();
    this.tick = ts;
    this.burst = 1;
    if (this.intervals++ === 0) {
      this.period = interval;
      return false;
    }
    this.observe(interval);
    if (this.ratios.some((ratio) => ratio > 0)) {
      this.period += 0.1 * Math.max(-this.period, Math.min(this.period, interval - this.period));
      return true;
    }
    // No rhythm any more: it may begin with the last two ticks.
    this.since = since;
    this.period = interval;
    this.intervals = 1;
    this.events = before + 1;
    this.kept.splice(0, this.kept.length - 1);
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
  }
}
