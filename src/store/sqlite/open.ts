/** The default store: one SQLite file in the data folder. */
import path from 'node:path';
import { Kysely, sql } from 'kysely';
import { type Clock, systemClock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { holdDataFolder } from '../data-folder.ts';
import { createKyselyStore } from '../kysely-store.ts';
import { migrate } from '../migrate.ts';
import type { Tables } from '../schema.ts';
import type { Store } from '../store.ts';
import { keepBeforeMigration } from './before-migration.ts';
import { type SqliteClient, startSqlite } from './client.ts';
import { createThreadDialect } from './dialect.ts';

export interface SqliteStoreOptions {
  /** The data folder; made, for its owner only, when it is missing. */
  directory: string;
  log: Log;
  /** Beside a server that has the folder already: for the command line, and for short. */
  shared?: boolean;
  clock?: Clock;
}

/** Rejects with AppError `data_not_writable`, `data_not_ours`, `data_in_use`, `database_newer` or `store_unavailable`. */
export async function openSqliteStore({
  directory,
  log,
  shared = false,
  clock = systemClock,
}: SqliteStoreOptions): Promise<Store> {
  const folder = await holdDataFolder(directory, log, shared);
  let client: SqliteClient;
  try {
    client = await startSqlite({ file: path.join(directory, 'guardian.db'), now: clock.now(), shared });
  } catch (error) {
    folder.release();
    throw error;
  }
  if (client.quarantined) {
    log.error(
      { file: client.quarantined },
      'The database was damaged: it was put aside, and an empty one took its place',
    );
  }
  const db = new Kysely<Tables>({ dialect: createThreadDialect(client) });
  try {
    await keepBeforeMigration(db, path.join(directory, 'guardian.db'));
    await migrate(db);
  } catch (error) {
    await db.destroy();
    folder.release();
    throw error;
  }
  const store = createKyselyStore({
    db,
    quarantined: client.quarantined,
    engine: 'sqlite',
    clock,
    async usedBytes() {
      const { rows } = await sql<{ bytes: number }>`
        SELECT (page_count - freelist_count) * page_size AS bytes
        FROM pragma_page_count, pragma_freelist_count, pragma_page_size`.execute(db);
      return rows[0].bytes;
    },
    async scrub() {
      try {
        // Deleting leaves the text in free pages and in gaps of pages whose rows have moved; writing all anew does not.
        await sql`VACUUM`.execute(db);
      } finally {
        await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db);
      }
    },
    async checkIntegrity() {
      const { rows } = await sql<{ integrity_check: string }>`PRAGMA integrity_check`.execute(db);
      return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
    },
  });
  return {
    ...store,
    async close() {
      await store.close();
      folder.release();
    },
  };
}
