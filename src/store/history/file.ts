/** The file of the history: beside the database, so that what is small and dear does not share pages with what is large. */
import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../errors.ts';
import { primaryCode, SQLITE } from '../sqlite/database.ts';
import { SCHEMA, sqliteTables } from './tables.ts';

const CACHE_KIB = 8_192;

/** Opens, checks after a crash, and puts a damaged file aside as the database does it. */
export function openHistoryFile(file: string, now: number): { db: DatabaseSync; quarantined: string | null } {
  const crashed = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  try {
    return { db: openSound(file, crashed), quarantined: null };
  } catch (error) {
    const code = primaryCode(error);
    if (code !== SQLITE.corrupt && code !== SQLITE.notadb) throw error;
    const quarantined = `${file}.corrupt.${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
    renameSync(file, quarantined);
    for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    return { db: openSound(file, false), quarantined };
  }
}

function openSound(file: string, check: boolean): DatabaseSync {
  closeSync(openSync(file, 'a', 0o600));
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF');
    if (db.prepare('PRAGMA page_count').get()!.page_count === 0) {
      // Before the first table: pages that became free go back to the disk a few at a time, and never all at once.
      db.exec('PRAGMA auto_vacuum = INCREMENTAL');
    }
    db.exec('PRAGMA journal_mode = WAL');
    // A power cut may take the last seconds of the history, and never its soundness; an SD card is spared a wait a batch.
    db.exec(`PRAGMA synchronous = NORMAL; PRAGMA secure_delete = FAST; PRAGMA cache_size = -${CACHE_KIB}`);
    db.exec(`PRAGMA journal_size_limit = ${16 * 1024 * 1024}`);
    if (check) requireSound(db);
    prepareTables(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function requireSound(db: DatabaseSync): void {
  const problems = db.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
  if (problems[0]?.quick_check === 'ok') return;
  throw Object.assign(new Error(problems[0]?.quick_check), { errcode: SQLITE.corrupt });
}

function prepareTables(db: DatabaseSync): void {
  const has = db.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'about'").get()!.n;
  if (has === 0) {
    db.exec(`BEGIN IMMEDIATE; ${sqliteTables} COMMIT`);
    return;
  }
  const schema = Number(db.prepare("SELECT value FROM about WHERE name = 'schema'").get()?.value);
  if (schema > SCHEMA) throw new AppError('database_newer', {});
}

export function usedBytes(db: DatabaseSync): number {
  const { bytes } = db
    .prepare(
      `SELECT (page_count - freelist_count) * page_size AS bytes
       FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
    )
    .get() as { bytes: number };
  return bytes;
}
