/** The store that the settings name: PostgreSQL where an address is given, else a file in the data folder. */
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { openSqliteStore } from './sqlite/open.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  /** The data folder. */
  directory: string;
  /** postgres://…; empty for the file. */
  url: string;
  log: Log;
  /** Beside a server that runs: for the command line, and for short. */
  shared?: boolean;
  clock?: Clock;
}

/** Rejects as the two do: sqlite/open.ts, postgres/open.ts. */
export async function openStore({ url, ...options }: StoreOptions): Promise<Store> {
  if (url === '') return openSqliteStore(options);
  const { openPostgresStore } = await import('./postgres/open.ts');
  return openPostgresStore({ ...options, url });
}
