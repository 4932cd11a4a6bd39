/** The hub's tables. The tenant is in each, and comes first in each key: no query of one tenant meets another's rows. */
import type { ColumnType, Generated } from 'kysely';

/** JSON that is written as text. */
type Json = ColumnType<unknown, string, string>;

export interface HubTables {
  fleet_tenant: { tenant: string; name: string };
  fleet_join_code: {
    /** SHA-256 of the code, in hex: the code itself is shown once. */
    digest: string;
    tenant: string;
    site: string;
    /** Seconds since 1970 UTC, here and below. */
    expires: number;
    used: number | null;
  };
  fleet_sensor: {
    tenant: string;
    sensor: string;
    site: string;
    /** Its NKey, from which it signs in. */
    public_key: string;
    joined: number;
    revoked: number | null;
    last_seen: number | null;
    version: string | null;
    /** Seconds that its clock is ahead of the hub's. */
    clock_offset: number | null;
    /** Of the process that spoke last, and of the one before it. */
    run: string | null;
    earlier_run: string | null;
    /** When two machines were found to speak as this one. */
    cloned: number | null;
    /** Records that had to make room before they could be sent. */
    lost_records: Generated<number>;
    lost_bytes: Generated<number>;
    /** A later version of the sensor waits for a later hub. */
    newer_schema: number | null;
  };
  fleet_cursor: { tenant: string; sensor: string; epoch: string; lane: string; committed: number };
  fleet_alert: {
    tenant: string;
    sensor: string;
    episode: string;
    status: Generated<string>;
    type: string;
    severity: string;
    mac: string | null;
    hosts: string;
    raised: number;
    updated: number;
    received: number;
    body: Json;
  };
  fleet_device: { tenant: string; sensor: string; mac: string; last_seen: number; body: Json };
  fleet_gap: { tenant: string; sensor: string; from_ts: number; to_ts: number | null; reason: string };
  fleet_rejected: {
    tenant: string;
    sensor: string;
    received: number;
    reason: string;
    payload: Buffer;
  };
}
