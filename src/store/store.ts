/**
 * What Guardian keeps, behind one interface: every engine passes the same suite (test/conformance/store.ts).
 * Columns that hold JSON are text here: the store carries them, `api/` reads and writes them.
 */
import type { Severity } from '../alert/severity.ts';
import type { StoredAccounts } from './account/index.ts';
import type { StoredLive } from './live/index.ts';
import type { StoredOutbox } from './outbox.ts';
import type { SettingBox } from './setting-box.ts';
import type { StoredUplink } from './uplink/index.ts';

/** A finished scan as the list of scans shows it. */
export interface ScanSummary {
  id: number;
  /** When it was kept, milliseconds since 1970 UTC, in whole seconds. */
  timestamp: number;
  anomalies_count: number;
  total_samples: number;
  /** 100 * anomalies_count / total_samples. */
  percentage: number;
  threshold: number;
  /** Name of the file as its owner calls it. */
  file: string;
  format: string;
  /** Packets or rows that were read. */
  records: number;
  /** The file ended inside a packet or record. */
  truncated: boolean;
  /** Duration of the analysis. */
  seconds: number;
  /** Alerts that the scan raised, and the severity of the worst. */
  alerts_count: number;
  worst: Severity | null;
  /** Whose verdict it is. */
  preset: 'guardian' | 'published';
}

/** A finished scan with everything that was found; JSON texts. */
export interface ScanRecord extends ScanSummary {
  /** `Detail[]` */
  details: string;
  /** `{sequence_id, error}[]` */
  errors: string;
  /** `{rows, reasons, lines}` */
  skipped: string;
  /** `Metrics`, or null for a file without labels. */
  metrics: string | null;
  /** `Alert[]` */
  alerts: string;
  /** `ScannedDevice[]` */
  devices: string;
}

export type NewScan = Omit<ScanRecord, 'id' | 'timestamp'>;

/** A page of a list by id: `after` counts upwards, `before` downwards, both exclusive. */
export type ScanPage = { limit: number } & ({ after: number } | { before?: number });

/**
 * Every promise may reject with AppError `storage_full` or `store_unavailable`; nothing is half written then.
 */
export interface Store {
  /** Where a damaged database was put aside when this one was opened; null where there was none. */
  readonly quarantined: string | null;
  /** Kept for good once the promise resolves. */
  addScan(scan: NewScan): Promise<{ id: number; timestamp: number }>;
  scan(id: number): Promise<ScanRecord | undefined>;
  /** Without what was found: cheap however large the scans are. */
  scanSummaries(page: ScanPage): Promise<ScanSummary[]>;
  /** Summaries with their `details`. */
  scanDetails(page: ScanPage): Promise<(ScanSummary & { details: string })[]>;
  countScans(): Promise<number>;
  /** Deletes scans that were kept before that time (milliseconds since 1970), and all but the newest `keep`. */
  pruneScans(limits: { before: number; keep: number }): Promise<number>;
  /** False where there is none. */
  removeScan(id: number): Promise<boolean>;
  /** Notifications and what became of them. */
  readonly outbox: StoredOutbox;
  /** What live monitoring has seen and told. */
  readonly live: StoredLive;
  /** What waits on its way to a hub. */
  readonly uplink: StoredUplink;
  /** Who may sign in, and what they have changed. */
  readonly accounts: StoredAccounts;
  /** What was set on a page. */
  readonly settings: SettingBox;
  /** Bytes that hold something; what was deleted leaves room for more, and the files as large as they were. */
  usedBytes(): Promise<number>;
  /**
   * Leaves nothing of what was deleted in the files. Reads and writes wait for it: seconds for each 100 MB, and as much
   * free room as is kept. Where that is not free, it rejects with AppError `storage_full` and has done no harm.
   */
  scrub(): Promise<void>;
  /** What is wrong with the stored data, in the engine's words; empty when it is sound. */
  checkIntegrity(): Promise<string[]>;
  close(): Promise<void>;
}
