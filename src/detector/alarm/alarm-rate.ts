/**
 * How many alarms a week a cut would have raised in the past, one per device and hour. Within the past this is
 * counted; beyond it, a generalised Pareto tail goes on where the last ten stand.
 */
import { fitTail, type Tail, tailSurprise } from '../density/tail.ts';

const WEEK_HOURS = 7 * 24;
const COUNTED = 10;
/** A tail is stretched over five times the time that was observed, not further: until then the answer is no alarm. */
const LEAST = 0.2;

export class AlarmRate {
  private readonly sorted: Float64Array;
  private readonly weeks: number;
  private readonly tail: Tail;

  /**
   * @param heights of device-hours
   * @param hours that they were observed in
   */
  constructor(heights: readonly number[], hours: number) {
    this.sorted = Float64Array.from(heights).sort();
    this.weeks = hours / WEEK_HOURS;
    this.tail = fitTail(heights);
  }

  /** The height above which alarms come at most `budget` times a week. */
  cut(budget: number): number {
    if (budget * this.weeks < LEAST) return Number.POSITIVE_INFINITY;
    const allowed = Math.floor(budget * this.weeks);
    const { sorted } = this;
    if (allowed >= sorted.length) return Number.NEGATIVE_INFINITY;
    if (allowed >= COUNTED) return sorted[sorted.length - 1 - allowed];
    let [low, high] = [0, 1];
    while (this.perWeek(high) > budget && high < 1e9) high *= 2;
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (this.perWeek(middle) > budget) low = middle;
      else high = middle;
    }
    return high;
  }

  /** Alarms a week with this height as the cut: counted, and expected where fewer than ten were that high. */
  perWeek(height: number): number {
    const { sorted, weeks } = this;
    let above = 0;
    while (above < sorted.length && sorted[sorted.length - 1 - above] >= height) above++;
    return (
      (above >= COUNTED ? above : Math.min(COUNTED, sorted.length * Math.exp(-tailSurprise(this.tail, height)))) / weeks
    );
  }
}
