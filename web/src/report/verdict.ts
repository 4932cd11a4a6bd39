/** What a scan has shown, in words. */
import type { Alert, ScanReport } from '../../../src/api/contract.ts';
import { formatCount, inOwnZone, plural } from '../format.ts';
import { severities } from '../part/severity.tsx';

/** Worst first, then by time: the first one is the heading of the report. */
export const compareAlerts = (a: Alert, b: Alert): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.ts - b.ts;

const LONGEST_NAME = 60;

/** The alert's sentence; a file stands in it by its name, of which a heading needs only the beginning. */
export function describeAlert({ sentence, device, ts }: Alert): string {
  const told = inOwnZone(sentence, ts);
  return device.length > LONGEST_NAME ? told.replace(device, () => `${device.slice(0, LONGEST_NAME)}…`) : told;
}

/** What was looked at without raising an alert. */
export function describeCalm({ devices, records, skipped }: ScanReport): string {
  if (devices.length === 0) return `Guardian found nothing to report in ${plural(records - skipped.rows, 'record')}.`;
  const connections = plural(
    devices.reduce((sum, { flows }) => sum + flows, 0),
    'connection',
  );
  return `Guardian found nothing to report in ${connections} of ${plural(devices.length, 'device')}.`;
}

/**
 * Whether the windows of the published detector are the verdict: where it was chosen, and in a table without addresses,
 * which nothing else can judge. Elsewhere they are for experts: some error lies above every threshold, however ordinary
 * the day.
 */
export const publishedDecides = (scan: ScanReport): boolean =>
  scan.preset === 'published' || (!isByDevice(scan) && scan.total_samples > 0);

/** What the published detector says of windows, where that is no verdict. */
export function describeWindowCount({ anomalies_count, total_samples }: ScanReport): string {
  if (total_samples === 0) return 'No device has enough connections for a window, so habits are not judged.';
  return `${formatCount(anomalies_count)} of ${plural(total_samples, 'window')} above its threshold; that alone is no alarm.`;
}

const times = (ratio: number): string =>
  ratio > 1000 ? 'more than 1,000 times' : `${ratio < 10 ? ratio.toFixed(2) : formatCount(ratio)} times`;

/** The one number behind the windows' verdicts. */
export function describeStrongest({ details, threshold, total_samples }: ScanReport): string {
  if (total_samples === 0) return 'No device has enough connections for a window.';
  if (details.length === 0) return `All ${plural(total_samples, 'window')} follow the usual order.`;
  const strongest = details.reduce((worst, detail) => (detail.error > worst.error ? detail : worst));
  const where = strongest.device ? `rows ${strongest.rows} of ${strongest.device}` : `rows ${strongest.rows}`;
  if (!(threshold > 0)) return `The strongest is in ${where}.`;
  return `The strongest, ${where}, has an error of ${times(strongest.error / threshold)} the threshold.`;
}

/** Captures and logs with addresses are judged device by device, so their windows are in no order of time. */
export const isByDevice = ({ devices, details }: ScanReport): boolean =>
  devices.length > 0 || details.some(({ device }) => device !== undefined);

/** A model of another sequence length has other windows; without a finding nothing tells how long they are. */
export function describeWindows({ details }: ScanReport): string {
  const [start, end] = details.length > 0 ? details[0].rows.split('-').map(Number) : [];
  if (start === undefined) return 'windows of connections';
  return `windows of ${end - start === 10 ? 'ten' : formatCount(end - start)} connections`;
}
