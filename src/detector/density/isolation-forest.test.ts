import { describe, expect, it } from 'vitest';
import { createRandom } from '../../nn/random.ts';
import { growIsolationForest } from './isolation-forest.ts';

describe('isolation forest', () => {
  const random = createRandom(5);
  const data = Float64Array.from({ length: 2000 }, random.normal);

  it('scores outliers higher than ordinary points', () => {
    const forest = growIsolationForest(data, 2, 1);
    expect(forest.score([0, 0])).toBeLessThan(0.5);
    expect(forest.score([6, -6])).toBeGreaterThan(0.65);
  });

  it('is the same for the same seed, and another for another', () => {
    const score = (seed: number) => growIsolationForest(data, 2, seed).score([1, 2]);
    expect(score(1)).toBe(score(1));
    expect(score(1)).not.toBe(score(2));
  });
});
