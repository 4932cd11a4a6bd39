/** Settings that were made on a page; what they mean is for whoever reads them. */
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';
import type { WriteBatch } from './write-batch.ts';

export interface SettingBox {
  /** The text as it was written; null where there is none. */
  read(name: string): Promise<string | null>;
  /** On disk once the promise resolves. */
  write(name: string, value: string): Promise<void>;
}

export const createSettingBox = (db: Kysely<Tables>, batch: WriteBatch): SettingBox => ({
  async read(name) {
    const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst();
    return row?.value ?? null;
  },
  write: (name, value) =>
    batch.run(async (transaction) => {
      await transaction.deleteFrom('setting').where('name', '=', name).execute();
      await transaction.insertInto('setting').values({ name, value }).execute();
    }),
});
