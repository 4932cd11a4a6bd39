/** What a scan has shown, in words. */
import type { ScanReport } from '../../../src/api/contract.ts';
import { formatCount, plural } from '../format.ts';

export function describeVerdict({ anomalies_count, total_samples }: ScanReport): string {
  if (anomalies_count === 0) return 'Nothing unusual found';
  const verb = anomalies_count === 1 ? 'looks' : 'look';
  return `${formatCount(anomalies_count)} of ${plural(total_samples, 'window')} ${verb} unusual`;
}

const times = (ratio: number): string =>
  ratio > 1000 ? 'more than 1,000 times' : `${ratio < 10 ? ratio.toFixed(2) : formatCount(ratio)} times`;

/** The one number behind the verdict. */
export function describeStrongest({ details, threshold, total_samples }: ScanReport): string {
  if (details.length === 0) return `All ${plural(total_samples, 'window')} follow the usual order.`;
  const strongest = details.reduce((worst, detail) => (detail.error > worst.error ? detail : worst));
  const where = strongest.device ? `rows ${strongest.rows} of ${strongest.device}` : `rows ${strongest.rows}`;
  if (!(threshold > 0)) return `The strongest is in ${where}.`;
  return `The strongest, ${where}, has ${times(strongest.error / threshold)} the error that is still usual.`;
}
