/** A backup of the data folder in one file, made while a server runs on it or not. */
import { closeSync, existsSync, fsyncSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { create } from 'tar';
import { AppError } from '../../errors.ts';
import { version } from '../../version.ts';
import {
  copyDatabase,
  copyPlain,
  DATABASES,
  describePart,
  MANIFEST,
  type Manifest,
  migrationsOf,
  PLAIN,
  problemsOf,
} from './files.ts';

export interface WriteBackupOptions {
  /** The data folder. */
  directory: string;
  /** The file; replaced whole or not at all. */
  target: string;
  /** With the history of connections, which may be large. */
  history: boolean;
  now: Date;
}

/** Rejects with AppError `nothing_to_back_up`, `database_damaged` or `data_not_writable`. */
export async function writeBackup({ directory, target, history, now }: WriteBackupOptions): Promise<Manifest> {
  if (!existsSync(path.join(directory, 'guardian.db'))) throw new AppError('nothing_to_back_up', { directory });
  const folder = path.dirname(path.resolve(target));
  let work: string;
  try {
    work = mkdtempSync(path.join(folder, '.guardian-backup-'));
  } catch (error) {
    throw new AppError('data_not_writable', { directory: folder, reason: (error as Error).message });
  }
  try {
    const names: string[] = [];
    for (const name of DATABASES) {
      const from = path.join(directory, name);
      if (!existsSync(from) || (name === 'history.db' && !history)) continue;
      copyDatabase(from, path.join(work, name));
      const [problem] = problemsOf(path.join(work, name));
      if (problem !== undefined) throw new AppError('database_damaged', { file: from, reason: problem });
      names.push(name);
    }
    for (const name of PLAIN) if (copyPlain(path.join(directory, name), path.join(work, name))) names.push(name);
    const parts = await Promise.all(names.map((name) => describePart(work, name)));
    const migrations = migrationsOf(path.join(work, 'guardian.db'));
    const manifest: Manifest = { made: now.toISOString(), version, migrations, parts };
    writeFileSync(path.join(work, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    const packed = path.join(work, 'packed');
    await create({ cwd: work, file: packed, portable: true, mode: 0o600 }, [MANIFEST, ...names]);
    sync(packed);
    renameSync(packed, target);
    return manifest;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** On the disk before it takes the place of an older one. */
function sync(file: string): void {
  const descriptor = openSync(file, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
