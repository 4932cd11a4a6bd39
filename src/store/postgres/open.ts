/** The store in PostgreSQL 15 or newer, for who has one anyway. The data folder still holds keys, uploads and the history. */
import { Kysely, sql } from 'kysely';
import type pg from 'pg';
import { type Clock, systemClock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { holdDataFolder } from '../data-folder.ts';
import { createKyselyStore } from '../kysely-store.ts';
import { migrate } from '../migrate.ts';
import type { Tables } from '../schema.ts';
import type { Store } from '../store.ts';
import { createPool, createPostgresDialect, toStoreError } from './dialect.ts';

export interface PostgresStoreOptions {
  /** postgres://user:password@host:port/database */
  url: string;
  /** The data folder, to be held for as long; none where only the database is looked at. */
  directory?: string;
  log: Log;
  /** Beside a server that uses the database already: for the command line, and for short. */
  shared?: boolean;
  clock?: Clock;
}

/** Of the advisory lock that one server holds: any number that nobody else uses. */
const LOCK = 7_146_231_984;
const OLDEST = 150_000;
const HOLD_AGAIN_MS = 5_000;

/** Rejects with AppError `data_in_use`, `database_newer`, `database_too_old`, `store_unavailable`, or as the data folder does. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { url, directory, log, shared = false, clock = systemClock } = options;
  const folder = directory === undefined ? null : await holdDataFolder(directory, log, shared);
  const pool = createPool(url, (error) => log.warn({ reason: error.message }, 'A connection to PostgreSQL has ended'));
  const db = new Kysely<Tables>({ dialect: createPostgresDialect(pool) });
  let hold: Hold | null = null;
  try {
    await requireVersion(db);
    if (!shared) hold = await holdDatabase(pool, log);
    await migrate(db);
  } catch (error) {
    await hold?.release();
    await db.destroy();
    folder?.release();
    throw toStoreError(error);
  }
  const store = createKyselyStore({
    db,
    quarantined: null,
    engine: 'postgres',
    clock,
    async usedBytes() {
      // What rows hold: the files of PostgreSQL stay as large as they were, and retention would delete for ever.
      const { rows } = await sql<{ bytes: number }>`
        select coalesce((select sum(pg_column_size(details)) from scan_result), 0)
          + coalesce((select sum(pg_column_size(errors) + pg_column_size(alerts) + pg_column_size(devices) + 200)
              from scan_report), 0)
          + coalesce((select sum(pg_column_size(body) + 200) from live_alert), 0)
          + (select count(*) * 64 from live_traffic) as bytes`.execute(db);
      return rows[0].bytes;
    },
    async scrub() {
      // Its files are the server's; written anew, the tables hold nothing of what was deleted.
      await sql`vacuum full`.execute(db);
    },
    // PostgreSQL looks after its files itself, with checksums where its owner has asked for them.
    checkIntegrity: async () => [],
  });
  return {
    ...store,
    async close() {
      await hold?.release();
      await store.close();
      folder?.release();
    },
  };
}

async function requireVersion(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ number: string; name: string }>`
    select current_setting('server_version_num') as number, current_setting('server_version') as name`.execute(db);
  if (Number(rows[0].number) < OLDEST) throw new AppError('database_too_old', { version: rows[0].name });
}

interface Hold {
  release(): Promise<void>;
}

/**
 * Two servers on one database would tell everything twice. An advisory lock ends with its connection; when that ends
 * because PostgreSQL was restarted, it is taken again.
 */
async function holdDatabase(pool: pg.Pool, log: Log): Promise<Hold> {
  let client: pg.PoolClient | null = await takeLock(pool);
  let isReleased = false;
  let again: NodeJS.Timeout | undefined;
  const watch = (held: pg.PoolClient): void => {
    client = held;
    held.once('error', () => {
      client = null;
      held.release(true);
      retry();
    });
  };
  const retry = (): void => {
    again = setTimeout(() => {
      if (isReleased) return;
      takeLock(pool).then(
        (taken) => (isReleased ? taken.release(true) : watch(taken)),
        (error: unknown) => {
          if (error instanceof AppError && error.code === 'data_in_use') log.error(error.toLine());
          retry();
        },
      );
    }, HOLD_AGAIN_MS).unref();
  };
  watch(client);
  return {
    async release() {
      isReleased = true;
      clearTimeout(again);
      // The end of a connection is the end of its lock, but takes a moment: whoever comes next is not to wait for that.
      await client?.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => {});
      client?.release(true);
    },
  };
}

async function takeLock(pool: pg.Pool): Promise<pg.PoolClient> {
  const client = await pool.connect();
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [LOCK]);
  if (rows[0].taken) return client;
  const { rows: holders } = await client.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and (l.classid::bigint << 32 | l.objid::bigint) = $1`,
    [LOCK],
  );
  client.release();
  const pid = /^guardian (\d+)$/.exec(holders[0]?.name ?? '')?.[1];
  throw new AppError('data_in_use', { file: 'this database', process: pid === undefined ? '' : ` (process ${pid})` });
}
