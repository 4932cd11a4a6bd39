import { describe, expect, it } from 'vitest';
import { createRandom } from '../../nn/random.ts';
import { AlarmRate } from './alarm-rate.ts';

const HOURS_A_WEEK = 168;

describe('alarm rate', () => {
  const random = createRandom(7);
  const exponential = () => -Math.log(1 - random.uniform());
  const week = Array.from({ length: 10 * HOURS_A_WEEK }, exponential);

  it('counts within the past', () => {
    const rate = new AlarmRate(week, HOURS_A_WEEK);
    const cut = rate.cut(100);
    expect(week.filter((height) => height > cut).length).toBe(100);
  });

  it('keeps its promise on fresh device-hours, also for budgets rarer than the past shows', () => {
    const counts = { 100: 0, 10: 0, 1: 0 };
    const weeks = 200;
    for (let i = 0; i < weeks; i++) {
      const rate = new AlarmRate(Array.from({ length: 10 * HOURS_A_WEEK }, exponential), HOURS_A_WEEK);
      const fresh = Array.from({ length: 10 * HOURS_A_WEEK }, exponential);
      for (const budget of [100, 10, 1] as const) {
        const cut = rate.cut(budget);
        counts[budget] += fresh.filter((height) => height > cut).length;
      }
    }
    expect(counts[100] / weeks / 100).toBeCloseTo(1, 0.8);
    expect(counts[10] / weeks / 10).toBeGreaterThan(0.7);
    expect(counts[10] / weeks / 10).toBeLessThan(1.4);
    expect(counts[1] / weeks).toBeGreaterThan(0.4);
    expect(counts[1] / weeks).toBeLessThan(2);
  });

  it('does not stretch a tail over what nobody watched', () => {
    const day = new AlarmRate(week.slice(0, 240), 24);
    expect(day.cut(1)).toBe(Number.POSITIVE_INFINITY);
    expect(day.cut(10)).toBeLessThan(Number.POSITIVE_INFINITY);
  });

  it('gives the rate that belongs to a cut', () => {
    const rate = new AlarmRate(week, HOURS_A_WEEK);
    for (const budget of [1, 10, 100]) expect(rate.perWeek(rate.cut(budget) + 1e-9)).toBeCloseTo(budget, -0.3);
  });
});
