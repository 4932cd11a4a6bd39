import { describe, expect, it } from 'vitest';
import { severityOf } from '../../alert/severity.ts';
import { computeMetrics, labelValue } from './metrics.ts';
import { computeThreshold, parseStrategy, strategyName } from './threshold.ts';

describe('thresholds', () => {
  it('are the published formulas', () => {
    const errors = [1, 2, 3, 4];
    expect(computeThreshold(errors, { kind: 'mean-std', k: 3 })).toBeCloseTo(2.5 + 3 * Math.sqrt(1.25), 12);
    expect(computeThreshold(errors, { kind: 'percentile', percent: 95 })).toBeCloseTo(3.85, 12);
    expect(computeThreshold(errors, { kind: 'fixed', value: 0.14 })).toBe(0.14);
  });

  it('are read from what an owner types, and named as published', () => {
    for (const [text, name] of [
      ['mean+3std', 'mean + 3*std'],
      ['mean + 2*std', 'mean + 2*std'],
      ['p95', '95th percentile'],
      ['0.14', 'fixed 0.14'],
    ]) {
      expect(strategyName(parseStrategy(text)!)).toBe(name);
    }
    for (const text of ['', 'p101', '-1', 'mean', 'NaN', 'Infinity']) expect(parseStrategy(text)).toBeUndefined();
  });
});

describe('severity', () => {
  it('changes just above the published ratios', () => {
    const ratios = [1.01, 1.2, 1.21, 1.5, 1.51, 2, 2.01];
    const named = ['Low', 'Low', 'Medium', 'Medium', 'High', 'High', 'Critical'];
    expect(ratios.map((ratio) => severityOf(ratio, 1))).toEqual(named);
  });
});

describe('metrics', () => {
  it('count the confusion matrix and leave out what is not judged', () => {
    expect(computeMetrics([1, 1, 0, 0, 1], [1, 0, 0, 1, -1])).toEqual({
      accuracy: 0.5,
      precision: 0.5,
      recall: 0.5,
      f1: 0.5,
      false_positive_rate: 0.5,
      true_positives: 1,
      false_positives: 1,
      true_negatives: 1,
      false_negatives: 1,
    });
  });

  it('read labels as the data sets write them', () => {
    expect(['Benign', ' benign', 'Malicious', 'Background', '-', null].map(labelValue)).toEqual([0, 0, 1, -1, -1, -1]);
  });
});
