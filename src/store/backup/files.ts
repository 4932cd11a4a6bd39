/** What a backup holds, and how each part of it is copied while a server writes it. */
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, copyFileSync, createReadStream, existsSync, openSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Databases; the first is what a backup is for. */
export const DATABASES = ['guardian.db', 'history.db'] as const;
/** Written anew and renamed, so that a copy is always whole. The keys open what is sealed in the database. */
export const PLAIN = ['monitor-state.json', 'secret.key', 'accounts.key', 'fleet.key'] as const;
export const MANIFEST = 'manifest.json';

export interface BackupPart {
  name: string;
  bytes: number;
  sha256: string;
}

export interface Manifest {
  /** ISO 8601. */
  made: string;
  /** Of Guardian. */
  version: string;
  /** Migrations that the database has seen. */
  migrations: string[];
  parts: BackupPart[];
}

/** A copy as of one moment, without holding up who writes: a reader of the write-ahead log has a moment of its own. */
export function copyDatabase(from: string, to: string): void {
  // Not for reading alone: whoever closes it as the last one tidies up its log.
  const db = new DatabaseSync(from);
  try {
    db.exec('PRAGMA busy_timeout = 30000');
    closeSync(openSync(to, 'wx', 0o600));
    db.prepare('VACUUM INTO ?').run(to);
  } finally {
    db.close();
  }
}

export function copyPlain(from: string, to: string): boolean {
  if (!existsSync(from)) return false;
  copyFileSync(from, to);
  chmodSync(to, 0o600);
  return true;
}

export async function describePart(folder: string, name: string): Promise<BackupPart> {
  const file = path.join(folder, name);
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return { name, bytes: statSync(file).size, sha256: hash.digest('hex') };
}

/** What SQLite finds wrong; empty where the file is sound. */
export function problemsOf(file: string): string[] {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true });
    const rows = db.prepare('PRAGMA integrity_check(3)').all() as { integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
  } catch (error) {
    return [(error as Error).message];
  } finally {
    db?.close();
  }
}

export function migrationsOf(file: string): string[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return (db.prepare('SELECT name FROM kysely_migration ORDER BY name').all() as { name: string }[]).map(
      ({ name }) => name,
    );
  } finally {
    db.close();
  }
}
