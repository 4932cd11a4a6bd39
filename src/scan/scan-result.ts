/** What a scan yields: the published result without its id, and beyond it alerts and devices. */
import type { Alert } from '../alert/alert.ts';
import type { Severity } from '../alert/severity.ts';
import type { Detail, Metrics } from '../api/contract.ts';
import type { Preset } from '../model/preset.ts';
import type { SourceStats } from '../source/source.ts';

export interface ScanOutcome {
  anomalies_count: number;
  total_samples: number;
  percentage: number;
  threshold: number;
  /** The anomalous windows; where there are very many, the strongest of them. */
  details: Detail[];
  file: string;
  format: string;
  records: number;
  /** `untimed`: records that were used, but not for rules about rates. */
  skipped: { rows: number; reasons: Record<string, number>; lines: number[]; untimed?: number };
  truncated: boolean;
  metrics: Metrics | null;
  /** Whose verdict it is: that of all detectors, or of the published one alone. */
  preset: Preset;
  errors: { sequence_id: number; error: number }[];
  seconds: number;
  alerts: Alert[];
  /** Alerts beyond those that a result lists. */
  further_alerts?: number;
  /** What the file is too short for; everything else was judged. */
  unjudged?: string[];
  devices: ScannedDevice[];
  /** What the model has learned does not describe this traffic any more: a retrain is due. */
  drift?: { hours: number; expected: number };
}

export interface ScannedDevice {
  address: string;
  /** As an owner would call it; the address where nothing is known. */
  name: string;
  flows: number;
  windows: number;
  anomalies: number;
  /** Listed alerts about it, and the severity of the worst. */
  alerts: number;
  worst: Severity | null;
}

/** Rejected units of a source as the `skipped` of a result. */
export function skippedOf(stats: SourceStats): ScanOutcome['skipped'] {
  const rows = Object.values(stats.rejected).reduce((sum, count) => sum + count, 0);
  return { rows, reasons: stats.rejected, lines: stats.rejectedLines };
}

/** "row.not_a_number" reads "not a number". */
export const reasonInWords = (reason: string): string => reason.slice(reason.indexOf('.') + 1).replaceAll('_', ' ');
