import { describe, expect, it } from 'vitest';
import { Clock, clockCut } from './clock.ts';

function run(intervals: readonly number[]): Clock {
  const clock = new Clock(0);
  let ts = 0;
  for (const interval of intervals) {
    ts += interval;
    clock.beat(ts);
  }
  return clock;
}
/** Numbers between 0 and 1 that look random and are the same every time. */
const noise = (i: number): number => Math.abs(Math.sin(i * 12.9898) * 43_758.5453) % 1;

describe('clock', () => {
  it('is sure after a handful of regular events', () => {
    const clock = run(Array(6).fill(60));
    expect(clock.evidence).toBeGreaterThan(clockCut(1));
    expect(clock.period).toBeCloseTo(60, 9);
    expect(clock.measure()).toEqual({ period: 60, jitter: 0 });
    expect(clock.intervals).toBe(6);
  });

  it('needs more of a loose one, and measures its width', () => {
    const loose = Array.from({ length: 40 }, (_, i) => 60 * (0.8 + 0.4 * noise(i)));
    expect(run(loose.slice(0, 6)).evidence).toBeLessThan(clockCut(1));
    expect(run(loose).evidence).toBeGreaterThan(clockCut(1));
    // Of an even spread of ± 20 %, two thirds lie within ± 13.7 %.
    expect(run(loose).measure().jitter / 60).toBeCloseTo(0.137, 1);
    expect(run(loose).measure().period / 60).toBeCloseTo(1, 1);
  });

  it('takes chance for chance', () => {
    const chance = Array.from({ length: 2000 }, (_, i) => 1 - 60 * Math.log(1 - noise(i)));
    expect(run(chance).evidence).toBeLessThan(clockCut(1));
  });

  it('does not take what comes in one burst for ticks, but counts it', () => {
    const burst = run(Array(50).fill(0.1));
    expect([burst.intervals, burst.events]).toEqual([0, 50]);
    const pairs = run(Array.from({ length: 41 }, (_, i) => (i === 0 ? 0 : i % 2 === 1 ? 0.2 : 59.8)));
    expect([pairs.intervals, pairs.events]).toEqual([20, 41]);
    expect(pairs.measure().period).toBeCloseTo(60, 9);
  });

  it('counts from the first event of the rhythm that lasts', () => {
    const clock = run([0, 1, 40, 3, 900, ...Array(12).fill(60)]);
    expect(clock.since).toBeLessThanOrEqual(944);
    const seen = [0, 1, 41, 44, 944, ...Array.from({ length: 12 }, (_, i) => 944 + 60 * (i + 1))];
    expect(clock.events).toBe(seen.filter((ts) => ts >= clock.since).length);
  });
});
