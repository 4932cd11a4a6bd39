/** The hub's PostgreSQL: brought to this version's tables at the start, and used as one tenant at a time. */
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import pg from 'pg';
import { AppError } from '../../errors.ts';
import { fleetMigration } from './migration/0001-fleet.ts';
import type { HubTables } from './tables.ts';

const migrations: Record<string, Migration> = { '0001-fleet': fleetMigration };

/** Whoever keeps the house over all tenants: the list of who may sign in, and nothing that a page shows. */
export const EVERY_TENANT = '*';
const CONNECTIONS = 8;

export interface HubDatabase {
  /** All queries of `work` see the rows of that tenant alone. */
  as<T>(tenant: string, work: (transaction: Transaction<HubTables>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Rejects with AppError `hub_database` or `database_newer`. */
export async function openHubDatabase(url: string): Promise<HubDatabase> {
  // A count of rows is a number here; beyond 2^53 nobody counts.
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS, connectionTimeoutMillis: 10_000 });
  // A connection that breaks while it is idle is made anew by the pool.
  pool.on('error', () => {});
  const db = new Kysely<HubTables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db);
    const { rows } = await sql<{ past: boolean }>`
      SELECT rolsuper OR rolbypassrls AS past FROM pg_roles WHERE rolname = current_user`.execute(db);
    if (rows[0].past) throw new AppError('hub_role', {});
  } catch (error) {
    await db.destroy();
    if (error instanceof AppError) throw error;
    throw new AppError('hub_database', { reason: (error as Error).message || String(error) }, { cause: error });
  }
  return {
    as: (tenant, work) =>
      db.transaction().execute(async (transaction) => {
        await sql`SELECT set_config('guardian.tenant', ${tenant}, true)`.execute(transaction);
        return work(transaction);
      }),
    close: () => db.destroy(),
  };
}

async function migrate(db: Kysely<HubTables>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: 'fleet_migration',
    migrationLockTableName: 'fleet_migration_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (!error) return;
  if (String(error).includes('corrupted migrations')) throw new AppError('database_newer', {}, { cause: error });
  throw error;
}
