/** How verdicts agree with labels: the confusion matrix and what is read off it. */

export interface Metrics {
  accuracy: number;
  precision: number;
  /** Also called detection rate or true positive rate. */
  recall: number;
  f1: number;
  false_positive_rate: number;
  true_positives: number;
  false_positives: number;
  true_negatives: number;
  false_negatives: number;
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/**
 * Counts verdicts against labels.
 * @param verdicts - 1 where an anomaly was called, else 0
 * @param labels - 1 malicious, 0 benign, anything else is not judged
 */
export function computeMetrics(verdicts: ArrayLike<number>, labels: ArrayLike<number>): Metrics {
  let [tp, fp, tn, fn] = [0, 0, 0, 0];
  for (let i = 0; i < verdicts.length; i++) {
    if (labels[i] === 1) verdicts[i] ? tp++ : fn++;
    else if (labels[i] === 0) verdicts[i] ? fp++ : tn++;
  }
  const precision = ratio(tp, tp + fp);
  const recall = ratio(tp, tp + fn);
  return {
    accuracy: ratio(tp + tn, tp + fp + tn + fn),
    precision,
    recall,
    f1: ratio(2 * precision * recall, precision + recall),
    false_positive_rate: ratio(fp, fp + tn),
    true_positives: tp,
    false_positives: fp,
    true_negatives: tn,
    false_negatives: fn,
  };
}

/** 1 for a malicious label, 0 for a benign one, -1 for what is not judged (Background, Unknown, none). */
export function labelValue(label: string | null): -1 | 0 | 1 {
  if (label === null) return -1;
  const text = label.trim().toLowerCase();
  if (text === 'benign' || text === 'normal' || text === '0') return 0;
  return text === 'malicious' || text === 'attack' || text === 'anomaly' || text === '1' ? 1 : -1;
}
