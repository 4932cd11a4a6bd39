/** Opens the database file: locked for this process, sound, and in the mode in which it survives a power cut. */
import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Primary result codes of SQLite. */
export const SQLITE = {
  error: 1,
  busy: 5,
  locked: 6,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  notadb: 26,
};

/** The primary code of an error of node:sqlite; undefined for any other error. */
export const primaryCode = (error: unknown): number | undefined => {
  const { errcode } = error as { errcode?: number };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
};

export interface OpenedDatabase {
  db: DatabaseSync;
  /** Where a damaged file was put aside, when that had to be done. */
  quarantined: string | null;
}

/**
 * @param file path of the database; created, readable by its owner only, when it is missing
 * @throws the error of node:sqlite: code `busy` when another process holds the lock
 */
export function openDatabase(file: string, now: number): OpenedDatabase {
  holdLock(`${file}.lock`);
  createPrivate(file);
  // A clean stop leaves no write-ahead log: only after a crash is the file read through before it is used.
  const crashed = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  try {
    const db = openSound(file, crashed);
    return { db, quarantined: null };
  } catch (error) {
    const code = primaryCode(error);
    if (code !== SQLITE.corrupt && code !== SQLITE.notadb) throw error;
    const quarantined = `${file}.corrupt.${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
    renameSync(file, quarantined);
    for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    createPrivate(file);
    return { db: openSound(file, false), quarantined };
  }
}

/** Beside the server that holds the lock, which also is the one to judge and mend the file. */
export function openShared(file: string): OpenedDatabase {
  createPrivate(file);
  return { db: openSound(file, false), quarantined: null };
}

let lock: DatabaseSync | undefined;

/**
 * Two servers on one folder would delete each other's uploads. An exclusive transaction on a file of its own is a
 * lock that ends with its holder, however it dies, and leaves the database itself open to readers.
 */
function holdLock(file: string): void {
  createPrivate(file);
  lock = new DatabaseSync(file);
  // A journal on disk could not be made on a full one, and nothing is ever written here.
  lock.exec('PRAGMA journal_mode = MEMORY');
  lock.exec('BEGIN EXCLUSIVE');
}

export function releaseLock(): void {
  lock?.close();
}

function createPrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
}

/** Codes with which SQLite says that it could not make or grow a file beside the database. */
const noRoom = new Set<number | undefined>([SQLITE.full, SQLITE.cantopen, SQLITE.ioerr]);

function openSound(file: string, check: boolean): DatabaseSync {
  try {
    return openWith(file, check, 'NORMAL');
  } catch (error) {
    if (!noRoom.has(primaryCode(error)) || (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) throw error;
    // Exclusive, the index of the write-ahead log lies in memory: a full disk can be read, and written once it has room.
    return openWith(file, check, 'EXCLUSIVE');
  }
}

function openWith(file: string, check: boolean, locking: 'NORMAL' | 'EXCLUSIVE'): DatabaseSync {
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA busy_timeout = 5000');
    db.exec(`PRAGMA locking_mode = ${locking}`);
    db.exec('PRAGMA journal_mode = WAL');
    // FULL: what was acknowledged survives a power cut, not only the death of the process.
    db.exec('PRAGMA synchronous = FULL');
    db.exec('PRAGMA foreign_keys = ON');
    db.exec('PRAGMA trusted_schema = OFF');
    // What is deleted is overwritten where that costs no writing. ON would write every freed page to the log first, and
    // deleting must be possible on a full disk; what has to be gone for certain is scrubbed.
    db.exec('PRAGMA secure_delete = FAST');
    db.exec(`PRAGMA journal_size_limit = ${16 * 1024 * 1024}`);
    if (check) {
      const problems = db.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
      if (problems[0]?.quick_check !== 'ok') {
        throw Object.assign(new Error(problems[0]?.quick_check), { errcode: SQLITE.corrupt });
      }
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
