/** Notifications on their way and delivered, alerts that wait to be told together, and what was decided about each. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const outboxMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('notify_delivery')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('severity', 'text', (column) => column.notNull())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('created', 'bigint', (column) => column.notNull())
      .addColumn('due', 'bigint', (column) => column.notNull())
      .addColumn('ended', 'bigint')
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('addresses', 'text', (column) => column.notNull())
      .addColumn('escalates', 'text')
      .addColumn('message', 'text', (column) => column.notNull())
      .addColumn('log', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('notify_delivery_status').on('notify_delivery').column('status').execute();
    await db.schema.createIndex('notify_delivery_created').on('notify_delivery').columns(['created', 'id']).execute();
    await db.schema
      .createTable('notify_held')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('due', 'bigint', (column) => column.notNull())
      .addColumn('delivery', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('brief', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('notify_decision')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('alert', 'text', (column) => column.notNull())
      .addColumn('ts', 'bigint', (column) => column.notNull())
      .addColumn('severity', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('decisions', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('notify_decision_alert').on('notify_decision').column('alert').execute();
  },
};
