/** The tables as Kysely sees them; `migration/` makes them. */

import type { Generated } from 'kysely';
import type { Severity } from '../alert/severity.ts';
import type { AlertStatus } from '../alert/status.ts';
import type { AccountTables } from './account/tables.ts';
import type { UplinkTables } from './uplink/tables.ts';

/** Published: column for column as other tools that read this table expect it. */
interface ScanResultTable {
  id: Generated<number>;
  /** "YYYY-MM-DD HH:MM:SS" in UTC, as SQLite's CURRENT_TIMESTAMP writes it. */
  timestamp: Generated<string>;
  anomalies_count: number | null;
  details: string | null;
}

/** Columns of a scan beyond the published ones. */
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
  alerts_count: number;
  worst: Severity | null;
  preset: 'guardian' | 'published';
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

/** The decision about an alert. */
export interface NotifyDecisionTable {
  id: Generated<number>;
  alert: string;
  ts: number;
  severity: string;
  address: string;
  decisions: string;
}

/** A setting that was made on a page. */
interface SettingTable {
  name: string;
  /** JSON. */
  value: string;
}

/** One episode; times are seconds since 1970 UTC here and below. */
export interface LiveAlertTable {
  id: Generated<number>;
  /** Id that the detectors give it: the same whenever they report it again. */
  episode: string;
  status: AlertStatus;
  kind: string;
  severity: string;
  /** Link-layer address of its device, where that is known. */
  mac: string | null;
  /** IP addresses that take part, each between blanks: ` 192.168.1.7 203.0.113.9 `. */
  hosts: string;
  raised: number;
  updated: number;
  /** The alert as JSON. */
  body: string;
}

interface LiveAlertFlowTable {
  alert_id: number;
  uid: string;
  /** The connection as JSON. */
  body: string;
}

export interface LiveDeviceTable {
  mac: string;
  owner_name: string | null;
  /** 0 or 1. */
  monitored: number;
  last_seen: number;
  /** The device as JSON. */
  body: string;
}

interface LiveGapTable {
  from_ts: number;
  /** Null while it lasts. */
  to_ts: number | null;
  reason: string;
}

interface LiveTrafficTable {
  /** Minutes since 1970. */
  minute: number;
  /** Link-layer address of the device; empty for the whole network. */
  mac: string;
  packets: number;
  bytes: number;
  strangeness: number | null;
  connections: number;
  /** Other ends contacted, each once a minute. */
  contacts: number;
}

interface LiveMuteTable {
  id: string;
  created: number;
  /** The rule, and what it has hidden, as JSON. */
  rule: string;
  hidden: string;
}

export interface Tables extends AccountTables, UplinkTables {
  scan_result: ScanResultTable;
  scan_report: ScanReportTable;
  notify_delivery: NotifyDeliveryTable;
  notify_held: NotifyHeldTable;
  notify_decision: NotifyDecisionTable;
  setting: SettingTable;
  live_alert: LiveAlertTable;
  live_alert_flow: LiveAlertFlowTable;
  live_device: LiveDeviceTable;
  live_gap: LiveGapTable;
  live_traffic: LiveTrafficTable;
  live_mute: LiveMuteTable;
}
