import { describe, expect, it } from 'vitest';
import { poissonCdf, poissonInterval } from './poisson.ts';

describe('poisson', () => {
  it('gives the tabulated distribution', () => {
    expect(poissonCdf(2, 3)).toBeCloseTo(0.42319, 5);
    expect(poissonCdf(57, 57.14)).toBeCloseTo(0.5278, 3);
  });

  it('gives scipy.stats.poisson.interval', () => {
    expect(poissonInterval(0.5714)).toEqual([0, 2]);
    expect(poissonInterval(5.714)).toEqual([2, 11]);
    expect(poissonInterval(57.14)).toEqual([43, 72]);
  });
});
