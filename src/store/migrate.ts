/** Brings a database to the schema of this version, whole or not at all. */
import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { AppError } from '../errors.ts';
import { scanMigration } from './migration/0001-scan.ts';
import { outboxMigration } from './migration/0002-outbox.ts';
import { liveMigration } from './migration/0003-live.ts';
import { settingMigration } from './migration/0004-setting.ts';
import { verdictMigration } from './migration/0005-verdict.ts';
import { accountMigration } from './migration/0006-account.ts';
import { trafficMeasureMigration } from './migration/0007-traffic-measures.ts';
import { uplinkMigration } from './migration/0008-uplink.ts';
import type { Tables } from './schema.ts';

/** By name, in the order in which they run; a name never changes once released. */
const migrations: Record<string, Migration> = {
  '0001-scan': scanMigration,
  '0002-outbox': outboxMigration,
  '0003-live': liveMigration,
  '0004-setting': settingMigration,
  '0005-verdict': verdictMigration,
  '0006-account': accountMigration,
  '0007-traffic-measures': trafficMeasureMigration,
  '0008-uplink': uplinkMigration,
};

export const knownMigrations: readonly string[] = Object.keys(migrations);

const migratorOf = (db: Kysely<Tables>): Migrator =>
  new Migrator({ db, provider: { getMigrations: async () => migrations } });

/** How many migrations the database has seen, and which it has not. */
export async function pendingMigrations(db: Kysely<Tables>): Promise<{ done: number; pending: string[] }> {
  const all = await migratorOf(db).getMigrations();
  const pending = all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name);
  return { done: all.length - pending.length, pending };
}

/** Rejects with AppError `database_newer`, the file untouched, when a later version has written it. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const { error } = await migratorOf(db).migrateToLatest();
  if (!error) return;
  if (String(error).includes('corrupted migrations')) throw new AppError('database_newer', {}, { cause: error });
  throw error;
}
