/** The published table of scans, and beside it what a scan holds beyond it. */
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { integer, key, optional, real, reference, table, text } from './table.ts';

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
    await table(db, 'scan_report', {
      scan_id: reference(key(integer), 'scan_result.id'),
      total_samples: integer,
      percentage: real,
      threshold: real,
      file: text,
      format: text,
      records: integer,
      truncated: integer,
      seconds: real,
      errors: text,
      skipped: text,
      metrics: optional(text),
      alerts: text,
      devices: text,
    }).execute();
  },
};
