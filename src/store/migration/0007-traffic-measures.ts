/** What alerts speak of besides packets and bytes, by the minute: connections, and the other ends that were contacted. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const trafficMeasureMigration: Migration = {
  async up(db: Kysely<unknown>) {
    for (const name of ['connections', 'contacts']) {
      await db.schema
        .alterTable('live_traffic')
        .addColumn(name, 'double precision', (column) => column.notNull().defaultTo(0))
        .execute();
    }
  },
};
