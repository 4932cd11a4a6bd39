/** The published table of scans, and beside it what a scan holds beyond it. */
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const scanMigration: Migration = {
  async up(db: Kysely<unknown>) {
    // "if not exists": a database of the published application is taken over with its history.
    await db.schema
      .createTable('scan_result')
      .ifNotExists()
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('timestamp', 'datetime', (column) => column.defaultTo(sql`CURRENT_TIMESTAMP`))
      .addColumn('anomalies_count', 'integer')
      .addColumn('details', 'text')
      .execute();
    // A table of its own, small columns first: lists never walk through megabytes of details to reach them.
    await db.schema
      .createTable('scan_report')
      .addColumn('scan_id', 'integer', (column) =>
        column.primaryKey().references('scan_result.id').onDelete('cascade').notNull(),
      )
      .addColumn('total_samples', 'integer', (column) => column.notNull())
      .addColumn('percentage', 'double precision', (column) => column.notNull())
      .addColumn('threshold', 'double precision', (column) => column.notNull())
      .addColumn('file', 'text', (column) => column.notNull())
      .addColumn('format', 'text', (column) => column.notNull())
      .addColumn('records', 'integer', (column) => column.notNull())
      .addColumn('truncated', 'integer', (column) => column.notNull())
      .addColumn('seconds', 'double precision', (column) => column.notNull())
      .addColumn('errors', 'text', (column) => column.notNull())
      .addColumn('skipped', 'text', (column) => column.notNull())
      .addColumn('metrics', 'text')
      .addColumn('alerts', 'text', (column) => column.notNull())
      .addColumn('devices', 'text', (column) => column.notNull())
      .execute();
  },
};
