/** The tables as Kysely sees them; `migration/` makes them. */
import type { Generated } from 'kysely';

/** Published: column for column as other tools that read this table expect it. */
interface ScanResultTable {
  id: Generated<number>;
  /** "YYYY-MM-DD HH:MM:SS" in UTC, as SQLite's CURRENT_TIMESTAMP writes it. */
  timestamp: Generated<string>;
  anomalies_count: number | null;
  details: string | null;
}

/** What a scan holds beyond the published columns. */
interface ScanReportTable {
  scan_id: number;
  total_samples: number;
  percentage: number;
  threshold: number;
  file: string;
  format: string;
  records: number;
  /** 0 or 1. */
  truncated: number;
  seconds: number;
  errors: string;
  skipped: string;
  metrics: string | null;
  alerts: string;
  devices: string;
}

export interface Tables {
  scan_result: ScanResultTable;
  scan_report: ScanReportTable;
}
