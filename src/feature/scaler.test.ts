import { describe, expect, it } from 'vitest';
import { fitScaler, quantile, transform } from './scaler.ts';

describe('scalers', () => {
  const data = [1, 10, 2, 10, 3, 10, 10, 10];

  it('standardise with the population standard deviation and only shift a constant column', () => {
    const scaler = fitScaler('standard', data, 2);
    expect(scaler.offset).toEqual([4, 10]);
    expect(scaler.scale[0]).toBeCloseTo(Math.sqrt(12.5), 12);
    expect(scaler.scale[1]).toBe(1);
    const scaled = transform(scaler, data);
    expect([0, 2, 4, 6].reduce((sum, i) => sum + scaled[i], 0)).toBeCloseTo(0, 6);
    expect([1, 3, 5, 7].map((i) => scaled[i])).toEqual([0, 0, 0, 0]);
  });

  it('do not blow up the rounding error of a constant', () => {
    const { scale } = fitScaler('standard', new Float64Array(1000).fill(0.1), 1);
    expect(scale).toEqual([1]);
  });

  it('bring min and max to 0 and 1', () => {
    const scaled = transform(fitScaler('minmax', data, 2), data);
    expect([scaled[0], scaled[6]]).toEqual([0, 1]);
  });

  it('take median and MAD when robust, which one outlier does not move', () => {
    const { offset, scale } = fitScaler('robust', data, 2);
    expect(offset[0]).toBe(2.5);
    expect(scale[0]).toBeCloseTo(1.4826, 4);
  });

  it('interpolate quantiles as numpy does', () => {
    expect(quantile([1, 2, 3, 4], 0.95)).toBeCloseTo(3.85, 12);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
