/** Settings that were made on a page: JSON texts by name. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { key, table, text } from './table.ts';

export const settingMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await table(db, 'setting', { name: key(text), value: text }).execute();
  },
};
