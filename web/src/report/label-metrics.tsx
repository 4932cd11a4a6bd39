/** How well the verdicts agree with the labels that the file carries. */
import type { Metrics } from '../../../src/api/contract.ts';
import { formatCount, formatPercent } from '../format.ts';
import { Panel, Stat } from '../part/page.tsx';

export function LabelMetrics({ metrics }: { metrics: Metrics }) {
  const { true_positives, false_positives, true_negatives, false_negatives } = metrics;
  return (
    <Panel title="Against the labels of the file" level="h3">
      <dl className="stats">
        <Stat name="Accuracy">{formatPercent(100 * metrics.accuracy)}</Stat>
        <Stat name="Precision">{formatPercent(100 * metrics.precision)}</Stat>
        <Stat name="Recall">{formatPercent(100 * metrics.recall)}</Stat>
        <Stat name="F1">{formatPercent(100 * metrics.f1)}</Stat>
        <Stat name="False alarms">{formatPercent(100 * metrics.false_positive_rate)}</Stat>
      </dl>
      <p className="text-body-secondary mb-0">
        Found {formatCount(true_positives)} of {formatCount(true_positives + false_negatives)} malicious windows;
        flagged {formatCount(false_positives)} of {formatCount(false_positives + true_negatives)} benign ones.
      </p>
    </Panel>
  );
}
