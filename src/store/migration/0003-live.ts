/** Tables of live monitoring: alerts with their connections, devices, gaps, traffic, and mutes. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bigint, counter, integer, key, optional, real, reference, table, text, unique } from './table.ts';

export const liveMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await table(db, 'live_alert', {
      id: counter,
      episode: unique(text),
      status: text,
      kind: text,
      severity: text,
      mac: optional(text),
      hosts: text,
      raised: real,
      updated: real,
      body: text,
    }).execute();
    await db.schema.createIndex('live_alert_mac').on('live_alert').columns(['mac', 'id']).execute();
    await db.schema.createIndex('live_alert_status').on('live_alert').columns(['status', 'id']).execute();
    await db.schema.createIndex('live_alert_updated').on('live_alert').column('updated').execute();
    await table(db, 'live_alert_flow', { alert_id: reference(integer, 'live_alert.id'), uid: text, body: text })
      .addPrimaryKeyConstraint('live_alert_flow_key', ['alert_id', 'uid'])
      .execute();
    await table(db, 'live_device', {
      mac: key(text),
      owner_name: optional(text),
      monitored: integer,
      last_seen: real,
      body: text,
    }).execute();
    await table(db, 'live_gap', { from_ts: key(real), to_ts: optional(real), reason: text }).execute();
    await table(db, 'live_traffic', {
      minute: bigint,
      mac: text,
      packets: real,
      bytes: real,
      strangeness: optional(real),
    })
      .addPrimaryKeyConstraint('live_traffic_key', ['minute', 'mac'])
      .execute();
    await db.schema.createIndex('live_traffic_mac').on('live_traffic').columns(['mac', 'minute']).execute();
    await table(db, 'live_mute', { id: key(text), created: real, rule: text, hidden: text }).execute();
  },
};
