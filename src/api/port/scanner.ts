/** What the server needs of whoever analyses files; the wiring hands it in. */
import type { Alert, ScannedDevice, ScanSummary, UploadResult } from '../contract.ts';

export type ScanOutcome = Omit<UploadResult, 'scan_id'> & {
  alerts: Alert[];
  /** Alerts beyond those that are listed. */
  further_alerts?: number;
  devices: ScannedDevice[];
  preset: ScanSummary['preset'];
};

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
