/**
 * A scan as JSON text. Findings are written once, when a scan is kept, and pasted into every answer: a capture can
 * have a hundred thousand of them, and parsing and writing them again would hold up everything else.
 */
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { toAlertJson } from '../../alert/alert-json.ts';
import { type Severity, severities } from '../../alert/severity.ts';
import type { NewScan, ScanRecord, ScanSummary as StoredSummary } from '../../store/store.ts';
import {
  detailSchema,
  type HistoryRow,
  type ScanSummary,
  scanReportSchema,
  type UploadResult,
  uploadResultSchema,
} from '../contract.ts';
import type { ScanOutcome } from '../port/scanner.ts';

/** Findings per turn of the event loop: about two milliseconds. */
const SLICE = 1000;

/** Checks what the scanner found against the contract (no number that is none passes) and makes it text. */
export async function toNewScan(outcome: ScanOutcome): Promise<NewScan> {
  const { alerts, devices, errors, metrics, skipped, preset } = scanReportSchema
    .pick({ alerts: true, devices: true, errors: true, metrics: true, skipped: true, preset: true })
    .parse({ ...outcome, alerts: outcome.alerts.map(toAlertJson) });
  const summary = uploadResultSchema
    .omit({ scan_id: true, details: true, errors: true, metrics: true, skipped: true })
    .parse(outcome);
  return {
    ...summary,
    details: await detailsText(outcome.details),
    errors: JSON.stringify(errors),
    skipped: JSON.stringify(skipped),
    metrics: metrics && JSON.stringify(metrics),
    alerts: JSON.stringify(alerts),
    devices: JSON.stringify(devices),
    alerts_count: alerts.length + (outcome.further_alerts ?? 0),
    worst: worstOf(alerts),
    preset,
  };
}

/** Severity of the worst alert; null where there is none. */
const worstOf = (alerts: readonly { severity: Severity }[]): Severity | null =>
  severities.findLast((severity) => alerts.some((alert) => alert.severity === severity)) ?? null;

async function detailsText(details: ScanOutcome['details']): Promise<string> {
  const slices: string[] = [];
  for (let start = 0; start < details.length; start += SLICE) {
    if (start > 0) await nextTurn();
    const slice = detailSchema.array().parse(details.slice(start, start + SLICE));
    slices.push(JSON.stringify(slice).slice(1, -1));
  }
  return `[${slices.join(',')}]`;
}

/** Sends what is JSON text already, past the serializer. */
export const sendJsonText = (reply: FastifyReply, body: string | Readable): FastifyReply =>
  reply.type('application/json').send(body);

/** The published timestamp: UTC without a zone. */
const published = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 19);

/** An object whose values are JSON texts already. */
const objectText = (texts: Record<string, string>): string =>
  `{${Object.entries(texts)
    .map(([key, text]) => `${JSON.stringify(key)}:${text}`)
    .join(',')}}`;

function publishedTexts(scan: NewScan): Record<keyof Omit<UploadResult, 'scan_id'>, string> {
  return {
    anomalies_count: JSON.stringify(scan.anomalies_count),
    total_samples: JSON.stringify(scan.total_samples),
    percentage: JSON.stringify(scan.percentage),
    threshold: JSON.stringify(scan.threshold),
    details: scan.format === '' ? foreignDetails(scan.details) : scan.details,
    file: JSON.stringify(scan.file),
    format: JSON.stringify(scan.format),
    records: JSON.stringify(scan.records),
    skipped: scan.skipped,
    truncated: JSON.stringify(scan.truncated),
    metrics: scan.metrics ?? 'null',
    errors: scan.errors,
    seconds: JSON.stringify(scan.seconds),
  };
}

/** Another program may have written the row: what is no JSON must not break the answer around it. */
function foreignDetails(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return '[]';
  }
}

/** `UploadResult` */
export const uploadText = (id: number, scan: NewScan): string =>
  objectText({ scan_id: JSON.stringify(id), ...publishedTexts(scan) });

/** `Scan` */
export const scanText = (scan: ScanRecord): string =>
  objectText({
    id: JSON.stringify(scan.id),
    timestamp: JSON.stringify(published(scan.timestamp)),
    ...publishedTexts(scan),
  });

/** `ScanReport` */
export const reportText = (scan: ScanRecord): string =>
  objectText({
    id: JSON.stringify(scan.id),
    ...publishedTexts(scan),
    timestamp: JSON.stringify(toSummary(scan).timestamp),
    alerts: scan.alerts,
    devices: scan.devices,
    alerts_count: JSON.stringify(scan.alerts_count),
    worst: JSON.stringify(scan.worst),
    preset: JSON.stringify(scan.preset),
  });

export const toSummary = (scan: StoredSummary): ScanSummary => ({
  ...scan,
  timestamp: new Date(scan.timestamp).toISOString().replace('.000Z', 'Z'),
});

export const toHistoryRow = (scan: StoredSummary & { details: string }): HistoryRow => ({
  id: scan.id,
  timestamp: published(scan.timestamp),
  anomalies_count: scan.anomalies_count,
  details: scan.details,
  total_samples: scan.total_samples,
  percentage: scan.percentage,
  file: scan.file,
});
