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

/** A notification on one channel; times are milliseconds since 1970 UTC. */
export interface NotifyDeliveryTable {
  id: string;
  channel: string;
  type: string;
  status: 'waiting' | 'delivered' | 'dead' | 'cancelled';
  severity: string;
  title: string;
  created: number;
  due: number;
  ended: number | null;
  attempts: number;
  addresses: string;
  escalates: string | null;
  message: string;
  log: string;
}

/** An alert that waits to be told with others. */
export interface NotifyHeldTable {
  id: string;
  channel: string;
  reason: string;
  due: number;
  delivery: string;
  address: string;
  brief: string;
}

/** What was decided about an alert. */
export interface NotifyDecisionTable {
  id: Generated<number>;
  alert: string;
  ts: number;
  severity: string;
  address: string;
  decisions: string;
}

export interface Tables {
  scan_result: ScanResultTable;
  scan_report: ScanReportTable;
  notify_delivery: NotifyDeliveryTable;
  notify_held: NotifyHeldTable;
  notify_decision: NotifyDecisionTable;
}
