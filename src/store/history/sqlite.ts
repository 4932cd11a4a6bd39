/** The history in a file of its own: a thread that writes, and one that reads while somebody asks. */
import path from 'node:path';
import { Kysely } from 'kysely';
import { type Clock, systemClock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { type SqliteClient, startSqlite } from '../sqlite/client.ts';
import { createThreadDialect } from '../sqlite/dialect.ts';
import type { FlowHistory } from './flow.ts';
import { searchFlows } from './search.ts';
import { chartOf, topOf, totalsOf } from './summary.ts';
import type { HistoryTables } from './tables.ts';
import { startHistoryThread } from './thread.ts';

export const HISTORY_FILE = 'history.db';
/** A thread is memory: when nobody has asked for so long, it ends until somebody does. */
const IDLE_MS = 60_000;

export interface SqliteHistoryOptions {
  /** The data folder, held by whoever opens the history. */
  directory: string;
  log: Log;
  clock?: Clock;
}

/** Rejects with AppError `database_newer`, `storage_full` or `store_unavailable`. */
export async function openSqliteHistory({
  directory,
  log,
  clock = systemClock,
}: SqliteHistoryOptions): Promise<FlowHistory> {
  const file = path.join(directory, HISTORY_FILE);
  const thread = await startHistoryThread({ file, now: clock.now() });
  if (thread.quarantined !== null) {
    log.error(
      { file: thread.quarantined },
      'The history of connections was damaged: it was put aside, and a new one begun',
    );
  }
  const reader = createReader(file, clock);
  return {
    quarantined: thread.quarantined,
    async add(flows, marks = []) {
      await thread.ask('add', { flows, marks });
    },
    search: (filter, page) => reader.use((db) => searchFlows(db, filter, page)),
    totals: (filter) => reader.use((db) => totalsOf(db, filter)),
    top: (filter, by, limit) => reader.use((db) => topOf(db, filter, by, limit)),
    chart: (filter, step) => reader.use((db) => chartOf(db, filter, step)),
    async forget(device, addresses) {
      await reader.close();
      await thread.ask('forget', { device, addresses });
    },
    prune: (limits) => thread.ask('prune', limits),
    usedBytes: () => thread.ask('usedBytes', null),
    oldest: () => thread.ask('oldest', null),
    checkIntegrity: () => thread.ask('checkIntegrity', null),
    async close() {
      await reader.close();
      await thread.close();
    },
  };
}

/** Reads beside a server that writes: for the command line. */
export async function openHistoryReader(directory: string): Promise<Pick<FlowHistory, 'search' | 'close'>> {
  const reader = createReader(path.join(directory, HISTORY_FILE), systemClock);
  return {
    search: (filter, page) => reader.use((db) => searchFlows(db, filter, page)),
    close: () => reader.close(),
  };
}

function createReader(file: string, clock: Clock) {
  let opening: Promise<{ db: Kysely<HistoryTables>; client: SqliteClient }> | null = null;
  let [inUse, idle] = [0, undefined as NodeJS.Timeout | undefined];
  const close = async (): Promise<void> => {
    clearTimeout(idle);
    const open = opening;
    opening = null;
    await open?.then(({ db }) => db.destroy()).catch(() => {});
  };
  return {
    close,
    async use<T>(work: (db: Kysely<HistoryTables>) => Promise<T>): Promise<T> {
      clearTimeout(idle);
      opening ??= startSqlite({ file, now: clock.now(), shared: true }).then((client) => ({
        client,
        db: new Kysely<HistoryTables>({ dialect: createThreadDialect(client) }),
      }));
      const mine = opening;
      inUse++;
      try {
        return await work((await mine).db);
      } catch (error) {
        if (opening === mine) await mine.catch(() => (opening = null));
        throw error;
      } finally {
        inUse--;
        if (inUse === 0) idle = setTimeout(() => void close(), IDLE_MS).unref();
      }
    },
  };
}
