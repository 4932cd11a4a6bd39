/** A scan as the owner reads it: the verdict, each alert with meaning, steps and evidence, and where the numbers come from. */
import type { Alert } from '../../alert/alert.ts';
import { type Severity, severityRank } from '../../alert/severity.ts';
import { factsOf } from '../../alert/words/index.ts';
import type { ScanOutcome } from '../../api/port/scanner.ts';
import { reasonInWords } from '../scan-result.ts';

export interface ReportedAlert {
  severity: Severity;
  sentence: string;
  /** With its zone; empty where the records have no time. */
  time: string;
  meaning: string;
  steps: readonly string[];
  /** Name and value with its unit, the most telling first. */
  evidence: readonly (readonly [name: string, value: string])[];
  /** A command that lists its connections; null where no command can. */
  next: string | null;
}

export interface ReportedScan {
  file: string;
  /** "no alert", "2 alerts, the worst Critical" */
  verdict: string;
  worst: Severity | null;
  /** Worst first. */
  alerts: readonly ReportedAlert[];
  /** Alerts beyond those that are listed. */
  further: number;
  devices: ScanOutcome['devices'];
  /** Sentences on what was read, left out and measured. */
  notes: readonly string[];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const plural = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
/** "2026-10-16 10:30:00 UTC" */
export const utc = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** @param path the file as it was given; null for standard input, which can be read only once */
export function toReport(outcome: ScanOutcome, path: string | null): ReportedScan {
  const sorted = outcome.alerts.toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity) || a.ts - b.ts);
  const count = sorted.length + (outcome.further_alerts ?? 0);
  const worst = sorted.at(0)?.severity ?? null;
  return {
    file: outcome.file,
    verdict: worst === null ? 'no alert' : `${plural(count, 'alert')}, ${count === 1 ? worst : `the worst ${worst}`}`,
    worst,
    alerts: sorted.map((alert) => toReported(alert, path)),
    further: outcome.further_alerts ?? 0,
    devices: outcome.devices.toSorted((a, b) => b.alerts - a.alerts || b.flows - a.flows),
    notes: notesOf(outcome),
  };
}

function toReported(alert: Alert, path: string | null): ReportedAlert {
  const { severity, sentence, ts, end_ts, meaning, advice, confidence, flows } = alert;
  const all = flows.toLocaleString('en-US');
  const facts = factsOf(alert).map(({ name, text }) => [name, text] as const);
  return {
    severity,
    sentence,
    time: ts <= 0 ? '' : ts === end_ts ? utc(ts) : `${utc(ts)} to ${utc(end_ts)}`,
    meaning,
    steps: advice,
    evidence: [
      ...facts,
      // What was counted when it was noticed may have gone on.
      ...(facts.some(([name, text]) => name === 'Connections' && text === all)
        ? []
        : [['Connections in all', all] as const]),
      ['How sure', `${Math.round(confidence * 100)} %`],
    ],
    next: nextOf(alert, path),
  };
}

const quoted = (text: string): string => (/^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Lists the connections of the device, and where the other end is one, only those with it. */
function nextOf({ hosts }: Alert, path: string | null): string | null {
  if (path === null || hosts === undefined || hosts.length === 0) return null;
  const filters = hosts.slice(0, 2).map((host) => `grep -wF ${host}`);
  return [`guardian flows ${quoted(path)}`, ...filters].join(' | ');
}

function notesOf({ devices, records, skipped, seconds, truncated, drift, metrics, ...rest }: ScanOutcome): string[] {
  const notes = (rest.unjudged ?? []).map((what) => `Not judged are ${what}.`);
  if (devices.length > 0) {
    // What found no room among the windows was read, and the rules have seen it.
    const reasons = Object.entries(skipped.reasons).filter(([reason]) => !reason.startsWith('window.'));
    const unread = reasons.reduce((sum, [, rows]) => sum + rows, 0);
    const read = unread > 0 ? `${records - unread} of ${records} records` : plural(records, 'record');
    notes.push(`${plural(devices.length, 'device')}, ${read} read in ${seconds} s.`);
  }
  if (skipped.rows > 0) {
    const reasons = Object.entries(skipped.reasons).map(([reason, count]) => `${reasonInWords(reason)} (${count})`);
    const where = skipped.lines.length > 0 ? `; first in line ${skipped.lines.slice(0, 3).join(', ')}` : '';
    notes.push(`Skipped ${skipped.rows}: ${reasons.join(', ')}${where}.`);
  }
  if (skipped.untimed) {
    notes.push(
      `${skipped.untimed} records do not say when they were, or tell of sampled packets: scans, floods, beacons and other rates were not looked for in them.`,
    );
  }
  if (truncated) notes.push('The file ends in the middle of a record: what was whole was analysed.');
  if (drift) {
    const { hours, expected } = drift;
    notes.push(
      `What is ordinary here has changed (${hours} unusual hours in three days, expected ${expected.toFixed(1)}): train the model anew.`,
    );
  }
  if (rest.total_samples > 0) {
    notes.push(
      `For experts: the published detector finds ${rest.anomalies_count} of ${plural(rest.total_samples, 'window')} above its threshold.`,
    );
  }
  if (metrics) {
    notes.push(
      `Against its labels: accuracy ${percent(metrics.accuracy)}, precision ${percent(metrics.precision)}, ` +
        `recall ${percent(metrics.recall)}, F1 ${percent(metrics.f1)}, false alarms ${percent(metrics.false_positive_rate)}.`,
    );
  }
  return notes;
}
