/** What the server needs of whoever analyses files; the wiring hands it in. */
import type { Alert } from '../../alert/alert.ts';
import type { Preset } from '../../model/preset.ts';
import type { Detail, Metrics, ScannedDevice as StoredScannedDevice } from '../contract.ts';

/** With its name, which scans of earlier versions do not have. */
export type ScannedDevice = Required<StoredScannedDevice>;

/** The published result without its id, and beyond it alerts and devices. */
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

export interface ScanTask {
  /** The owner's name of the file, for messages and the result. */
  name: string;
  /** From 0 to 1. */
  onProgress: (fraction: number) => void;
  /** Aborted when nobody waits for the result any more. */
  signal: AbortSignal;
}

export interface Scanner {
  /** Rejects with AppError where the file cannot be analysed. */
  scan(path: string, task: ScanTask): Promise<ScanOutcome>;
  model(): { loaded: boolean; threshold: number | null };
}
