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
    expect(clock.jitter).toBeCloseTo(3, 9);
    expect(clock.intervals).toBe(6);
  });

  it('needs more of a loose one, and names its width', () => {
    const loose = Array.from({ length: 40 }, (_, i) => 60 * (0.8 + 0.4 * noise(i)));
    expect(run(loose.slice(0, 6)).evidence).toBeLessThan(clockCut(1));
    expect(run(loose).evidence).toBeGreaterThan(clockCut(1));
    expect(run(loose).jitter / 60).toBeGreaterThan(0.14);
  });

  it('takes chance for chance', () => {
    const chance = Array.from({ length: 2000 }, (_, i) => 1 - 60 * Math.log(1 - noise(i)));
    expect(run(chance).evidence).toBeLessThan(clockCut(1));
  });

  it('does not count what comes in one burst', () => {
    expect(run(Array(50).fill(0.1)).intervals).toBe(0);
  });
});
