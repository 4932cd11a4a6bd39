/** What live monitoring keeps: alerts with their connections, devices, times not seen, traffic, and mutes. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const liveMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('live_alert')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('episode', 'text', (column) => column.notNull().unique())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('severity', 'text', (column) => column.notNull())
      .addColumn('mac', 'text')
      .addColumn('hosts', 'text', (column) => column.notNull())
      .addColumn('raised', 'double precision', (column) => column.notNull())
      .addColumn('updated', 'double precision', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('live_alert_mac').on('live_alert').columns(['mac', 'id']).execute();
    await db.schema.createIndex('live_alert_status').on('live_alert').columns(['status', 'id']).execute();
    await db.schema.createIndex('live_alert_updated').on('live_alert').column('updated').execute();
    await db.schema
      .createTable('live_alert_flow')
      .addColumn('alert_id', 'integer', (column) => column.references('live_alert.id').onDelete('cascade').notNull())
      .addColumn('uid', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('live_alert_flow_key', ['alert_id', 'uid'])
      .execute();
    await db.schema
      .createTable('live_device')
      .addColumn('mac', 'text', (column) => column.primaryKey().notNull())
      .addColumn('owner_name', 'text')
      .addColumn('monitored', 'integer', (column) => column.notNull())
      .addColumn('last_seen', 'double precision', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('live_gap')
      .addColumn('from_ts', 'double precision', (column) => column.primaryKey().notNull())
      .addColumn('to_ts', 'double precision')
      .addColumn('reason', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('live_traffic')
      .addColumn('minute', 'bigint', (column) => column.notNull())
      .addColumn('mac', 'text', (column) => column.notNull())
      .addColumn('packets', 'double precision', (column) => column.notNull())
      .addColumn('bytes', 'double precision', (column) => column.notNull())
      .addColumn('strangeness', 'double precision')
      .addPrimaryKeyConstraint('live_traffic_key', ['minute', 'mac'])
      .execute();
    await db.schema.createIndex('live_traffic_mac').on('live_traffic').columns(['mac', 'minute']).execute();
    await db.schema
      .createTable('live_mute')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('created', 'double precision', (column) => column.notNull())
      .addColumn('rule', 'text', (column) => column.notNull())
      .addColumn('hidden', 'text', (column) => column.notNull())
      .execute();
  },
};
