/** The default store: one SQLite file in the data folder. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { Kysely, sql } from 'kysely';
import { type Clock, systemClock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { createKyselyStore } from '../kysely-store.ts';
import { migrate } from '../migrate.ts';
import type { Tables } from '../schema.ts';
import type { Store } from '../store.ts';
import { startSqlite } from './client.ts';
import { createThreadDialect } from './dialect.ts';

export interface SqliteStoreOptions {
  /** The data folder; made, for its owner only, when it is missing. */
  directory: string;
  log: Log;
  clock?: Clock;
}

/** Rejects with AppError `data_not_writable`, `data_in_use`, `database_newer` or `store_unavailable`. */
export async function openSqliteStore({ directory, log, clock = systemClock }: SqliteStoreOptions): Promise<Store> {
  try {
    makeFolder(directory);
  } catch (error) {
    throw new AppError('data_not_writable', { directory, reason: (error as Error).message }, { cause: error });
  }
  const client = await startSqlite({ file: path.join(directory, 'guardian.db'), now: clock.now() });
  if (client.quarantined) {
    log.error(
      { file: client.quarantined },
      'The database was damaged: it was put aside, and an empty one took its place',
    );
  }
  const db = new Kysely<Tables>({ dialect: createThreadDialect(client) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return createKyselyStore({
    db,
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
}

/** Node's own recursive form never returns where a file system lets nobody make a folder and says ENOENT, as /proc does. */
function makeFolder(directory: string): void {
  const parent = path.dirname(directory);
  if (!existsSync(parent)) makeFolder(parent);
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) mkdirSync(directory, { mode: 0o700 });
}
