/** A backup takes the place of what a data folder holds; what was there is kept aside. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { extract, list } from 'tar';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { holdDataFolder } from '../data-folder.ts';
import { knownMigrations } from '../migrate.ts';
import { DATABASES, describePart, MANIFEST, type Manifest, PLAIN, problemsOf } from './files.ts';

export interface RestoreOptions {
  /** The backup. */
  file: string;
  directory: string;
  log: Log;
  now: Date;
}

export interface Restored extends Manifest {
  /** Where the files lie that were there before; null where there were none. */
  aside: string | null;
}

const NAMES: readonly string[] = [MANIFEST, ...DATABASES, ...PLAIN];
/** Under which name the database says which life of it this is: its hub must not take it for the one that it is copied from. */
const EPOCH = 'epoch';

/**
 * Rejects with AppError `bad_backup`, `database_newer`, or as the data folder does: `data_in_use`, `data_not_ours`.
 * Nothing of the folder has changed then.
 */
export async function restoreBackup({ file, directory, log, now }: RestoreOptions): Promise<Restored> {
  const folder = await holdDataFolder(directory, log);
  const work = mkdtempSync(path.join(directory, '.restore-'));
  try {
    const manifest = await unpack(file, work);
    if (manifest.migrations.some((name) => !knownMigrations.includes(name))) throw new AppError('database_newer', {});
    for (const { name } of manifest.parts) {
      const [problem] = name.endsWith('.db') ? problemsOf(path.join(work, name)) : [];
      if (problem !== undefined) throw new AppError('bad_backup', { file, reason: `${name} is damaged: ${problem}` });
    }
    beginEpoch(path.join(work, 'guardian.db'));
    const aside = putAside(directory, now);
    for (const { name } of manifest.parts) renameSync(path.join(work, name), path.join(directory, name));
    return { ...manifest, aside };
  } finally {
    rmSync(work, { recursive: true, force: true });
    folder.release();
  }
}

/** Only what a backup has, each part as it was written. */
async function unpack(file: string, work: string): Promise<Manifest> {
  const bad = (reason: string) => new AppError('bad_backup', { file, reason });
  if (!existsSync(file)) throw bad('there is no such file');
  const found: string[] = [];
  try {
    await list({ file, strict: true, onReadEntry: ({ path: name, type }) => void found.push(`${type} ${name}`) });
    if (found.some((entry) => !NAMES.includes(entry.replace(/^(Old)?File /, '')))) throw bad('it holds something else');
    await extract({ file, cwd: work, strict: true, preserveOwner: false });
  } catch (error) {
    throw error instanceof AppError ? error : bad((error as Error).message);
  }
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(path.join(work, MANIFEST), 'utf8')) as Manifest;
  } catch {
    throw bad('it has no list of its parts');
  }
  if (!manifest.parts.some(({ name }) => name === 'guardian.db')) throw bad('it has no database');
  for (const part of manifest.parts) {
    if (!NAMES.includes(part.name) || !existsSync(path.join(work, part.name))) throw bad(`${part.name} is missing`);
    if ((await describePart(work, part.name)).sha256 !== part.sha256) throw bad(`${part.name} has changed`);
  }
  return manifest;
}

function beginEpoch(file: string): void {
  const db = new DatabaseSync(file);
  try {
    // Of a version before settings there is nothing that could go by it.
    const has = db.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'setting'").get()!.n;
    if (has !== 0) {
      db.prepare('INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value').run(
        EPOCH,
        randomUUID(),
      );
    }
  } finally {
    db.close();
  }
}

function putAside(directory: string, now: Date): string | null {
  const names = [...DATABASES.flatMap((name) => [name, `${name}-wal`, `${name}-shm`]), ...PLAIN].filter((name) =>
    existsSync(path.join(directory, name)),
  );
  if (names.length === 0) return null;
  const aside = path.join(directory, `before-restore.${now.toISOString().replaceAll(/[:.]/g, '-')}`);
  mkdirSync(aside, { mode: 0o700 });
  for (const name of names) renameSync(path.join(directory, name), path.join(aside, name));
  return aside;
}
