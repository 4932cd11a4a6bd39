import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureSeparation } from './roc.ts';

/** The definition: the fraction of (malicious, benign) pairs in the right order. */
function pairwiseAuc(scores: number[], labels: number[]): number {
  let [right, pairs] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    for (let j = 0; j < scores.length; j++) {
      if (labels[i] !== 1 || labels[j] !== 0) continue;
      pairs++;
      right += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
    }
  }
  return right / pairs;
}

describe('measureSeparation', () => {
  it('gives the scikit-learn figures of a worked example', () => {
    // sklearn.metrics: roc_auc_score 0.75, average_precision_score 0.8333
    const result = measureSeparation([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], ['0.01', '0.5']);
    expect(result.auc).toBeCloseTo(0.75, 12);
    expect(result.average_precision).toBeCloseTo(0.8333333, 6);
    expect(result.tpr_at_fpr).toEqual({ '0.01': 0.5, '0.5': 1 });
  });

  it('is worth nothing when every score is equal', () => {
    const result = measureSeparation([1, 1, 1, 1], [0, 1, 0, 1]);
    expect(result.auc).toBe(0.5);
    expect(result.tpr_at_fpr['0.01']).toBe(0);
  });

  it('leaves out what is not judged', () => {
    const judged = measureSeparation([3, 1], [1, 0]);
    expect(measureSeparation([3, 9, 1, 7], [1, -1, 0, -1])).toEqual(judged);
  });

  it('equals the pairwise definition, ties included', () => {
    const item = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 1 }));
    fc.assert(
      fc.property(fc.array(item, { minLength: 2, maxLength: 40 }), (items) => {
        const [scores, labels] = [items.map(([score]) => score), items.map(([, label]) => label)];
        fc.pre(labels.includes(0) && labels.includes(1));
        expect(measureSeparation(scores, labels).auc).toBeCloseTo(pairwiseAuc(scores, labels), 10);
      }),
    );
  });
});
