import { describe, expect, it } from 'vitest';
import { createRandom } from '../../nn/random.ts';
import { fitTail, tailSurprise } from './tail.ts';

const sample = (size: number, draw: () => number): Float64Array => Float64Array.from({ length: size }, draw);

describe('tail', () => {
  it('gives the exact tail of an exponential far beyond the sample', () => {
    const random = createRandom(1);
    const tail = fitTail(sample(20_000, () => -Math.log(1 - random.uniform())));
    // P(X > 15) = e^-15, where 20,000 values reach about 10.
    expect(tailSurprise(tail, 15)).toBeGreaterThan(12.5);
    expect(tailSurprise(tail, 15)).toBeLessThan(17.5);
  });

  it('follows the power law of a Pareto sample', () => {
    const random = createRandom(2);
    const shape = 0.3;
    const tail = fitTail(sample(20_000, () => ((1 - random.uniform()) ** -shape - 1) / shape));
    expect(tail.shape).toBeGreaterThan(0.2);
    expect(tail.shape).toBeLessThan(0.4);
    const at = (p: number) => (p ** -shape - 1) / shape;
    expect(tailSurprise(tail, at(1e-6))).toBeCloseTo(-Math.log(1e-6), -0.5);
  });

  it('is uniform on its own kind: a share p of fresh values is as surprising as p', () => {
    const random = createRandom(3);
    const tail = fitTail(sample(4000, random.normal));
    for (const p of [0.5, 0.1, 0.01]) {
      const fresh = sample(40_000, random.normal).filter((value) => tailSurprise(tail, value) >= -Math.log(p));
      expect(fresh.length / 40_000).toBeGreaterThan(0.6 * p);
      expect(fresh.length / 40_000).toBeLessThan(1.6 * p);
    }
  });

  it('never falls with the score, across the border to the tail as well', () => {
    const random = createRandom(4);
    const tail = fitTail(sample(500, random.normal));
    let last = -1;
    for (let score = -4; score < 8; score += 0.01) {
      const nats = tailSurprise(tail, score);
      expect(nats).toBeGreaterThanOrEqual(last - 0.02);
      last = nats;
    }
  });

  it('says nothing without a sample, and stays finite on a constant one', () => {
    expect(tailSurprise(fitTail([]), 5)).toBe(0);
    const constant = fitTail(new Float64Array(100).fill(2));
    expect(tailSurprise(constant, 2)).toBeLessThan(1);
    expect(tailSurprise(constant, 3)).toBeGreaterThan(3);
    expect(Number.isFinite(tailSurprise(constant, 1e6))).toBe(true);
  });
});
