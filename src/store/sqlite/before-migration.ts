/** The database as it was before a new version changed its form: an upgrade that went wrong can be taken back. */
import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Kysely, sql } from 'kysely';
import { pendingMigrations } from '../migrate.ts';
import type { Tables } from '../schema.ts';

/** So many are kept. */
const KEPT = 2;
const MARK = '.before.';

/** A copy beside the database, named after the first migration that it has not seen. Nothing where nothing is to be done. */
export async function keepBeforeMigration(db: Kysely<Tables>, file: string): Promise<void> {
  const { done, pending } = await pendingMigrations(db);
  if (done === 0 || pending.length === 0) return;
  const copy = `${file}${MARK}${pending[0]}`;
  // One that was cut off is begun again.
  rmSync(copy, { force: true });
  closeSync(openSync(copy, 'wx', 0o600));
  await sql`VACUUM INTO ${copy}`.execute(db);
  const folder = path.dirname(file);
  const copies = readdirSync(folder).filter((name) => name.startsWith(path.basename(file) + MARK));
  for (const old of copies.sort().slice(0, -KEPT)) rmSync(path.join(folder, old));
}
