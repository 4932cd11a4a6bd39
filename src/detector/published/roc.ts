/**
 * How well scores separate malicious from benign, whatever the threshold.
 * Legend: N items; scores higher = more anomalous; labels 1 malicious, 0 benign, anything else is not judged.
 */

/** One threshold's counts, thresholds falling: everything that scores at least `score` is called an anomaly. */
interface Step {
  score: number;
  truePositives: number;
  falsePositives: number;
}

/** Ties share one step, so that a constant score is worth nothing. */
function steps(scores: ArrayLike<number>, labels: ArrayLike<number>): Step[] {
  const order: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1) continue;
    if (Number.isNaN(scores[i])) throw new Error(`score ${i} is not a number`);
    order.push(i);
  }
  order.sort((a, b) => scores[b] - scores[a]);
  const out: Step[] = [];
  let [truePositives, falsePositives] = [0, 0];
  for (let i = 0; i < order.length; i++) {
    labels[order[i]] === 1 ? truePositives++ : falsePositives++;
    const score = scores[order[i]];
    if (i + 1 === order.length || scores[order[i + 1]] !== score) out.push({ score, truePositives, falsePositives });
  }
  return out;
}

export interface Separation {
  judged: number;
  malicious: number;
  /** Area under the ROC curve: the chance that a malicious item scores above a benign one, ties counting half. */
  auc: number;
  /** Mean precision over the malicious items, in scikit-learn's step-wise form. */
  average_precision: number;
  /** Recall at the highest false positive rate not above the named one. */
  tpr_at_fpr: Record<string, number>;
}

/** Rates are NaN where a class is missing. `rates` are written as given, so that JSON keys stay "0.01". */
export function measureSeparation(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  rates: readonly string[] = ['0.01', '0.001'],
): Separation {
  const curve = steps(scores, labels);
  const last = curve.at(-1) ?? { truePositives: 0, falsePositives: 0 };
  const [malicious, benign] = [last.truePositives, last.falsePositives];
  let area = 0;
  let precisionSum = 0;
  let [tp, fp] = [0, 0];
  for (const step of curve) {
    area += ((step.falsePositives - fp) * (step.truePositives + tp)) / 2;
    precisionSum += ((step.truePositives - tp) * step.truePositives) / (step.truePositives + step.falsePositives);
    [tp, fp] = [step.truePositives, step.falsePositives];
  }
  const tpr_at_fpr: Record<string, number> = {};
  for (const rate of rates) {
    const allowed = Number(rate) * benign;
    let recall = 0;
    for (const step of curve) if (step.falsePositives <= allowed) recall = step.truePositives;
    tpr_at_fpr[rate] = benign > 0 && malicious > 0 ? recall / malicious : Number.NaN;
  }
  return {
    judged: malicious + benign,
    malicious,
    auc: malicious > 0 && benign > 0 ? area / (malicious * benign) : Number.NaN,
    average_precision: malicious > 0 ? precisionSum / malicious : Number.NaN,
    tpr_at_fpr,
  };
}
