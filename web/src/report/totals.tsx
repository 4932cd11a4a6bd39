import type { ScanReport } from '../../../src/api/contract.ts';
import { formatCount, formatError, formatPercent } from '../format.ts';
import { Stat } from '../part/page.tsx';

export function Totals({ scan }: { scan: ScanReport }) {
  return (
    <dl className="stats">
      <Stat name="Anomalies">{formatCount(scan.anomalies_count)}</Stat>
      <Stat name="Windows analysed">{formatCount(scan.total_samples)}</Stat>
      <Stat name="Share">{formatPercent(scan.percentage)}</Stat>
      <Stat name="Threshold">{formatError(scan.threshold)}</Stat>
    </dl>
  );
}
