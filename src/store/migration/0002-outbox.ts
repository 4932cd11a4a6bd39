/** Notifications on their way and delivered, alerts that wait to be told together, and what was decided about each. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bigint, counter, integer, key, optional, table, text } from './table.ts';

export const outboxMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await table(db, 'notify_delivery', {
      id: key(text),
      channel: text,
      type: text,
      status: text,
      severity: text,
      title: text,
      created: bigint,
      due: bigint,
      ended: optional(bigint),
      attempts: integer,
      addresses: text,
      escalates: optional(text),
      message: text,
      log: text,
    }).execute();
    await db.schema.createIndex('notify_delivery_status').on('notify_delivery').column('status').execute();
    await db.schema.createIndex('notify_delivery_created').on('notify_delivery').columns(['created', 'id']).execute();
    await table(db, 'notify_held', {
      id: key(text),
      channel: text,
      reason: text,
      due: bigint,
      delivery: text,
      address: text,
      brief: text,
    }).execute();
    await table(db, 'notify_decision', {
      id: counter,
      alert: text,
      ts: bigint,
      severity: text,
      address: text,
      decisions: text,
    }).execute();
    await db.schema.createIndex('notify_decision_alert').on('notify_decision').column('alert').execute();
  },
};
