/** Settings that were made on a page: JSON texts by name. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const settingMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('setting')
      .addColumn('name', 'text', (column) => column.primaryKey().notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute();
  },
};
