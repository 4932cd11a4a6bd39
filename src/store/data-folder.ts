/**
 * The data folder: made for its owner alone, ours or empty, and held by one process. Everything in it is written and
 * deleted by Guardian, so a folder of somebody else's is refused before anything in it is touched.
 */
import { existsSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import path from 'node:path';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';

/** A folder with one of these is ours. */
const ours =
  /^((guardian|history)\.db|guardian\.yaml|(secret|accounts|fleet)\.key|setup-token|monitor-state\.json|upload|packets|demo|reserve|before-restore|tls|hub)/;
/** Names that file systems and tools put into an empty folder. */
const nobodys = /^(\.|lost\+found$)/;
const NAMED = 3;
const ANSWERS_WITHIN_MS = 1_000;

export interface DataFolder {
  release(): void;
}

/**
 * Makes the folder where it is missing, checks and holds it; `shared` goes beside the process that holds it.
 * Rejects with AppError `data_not_writable`, `data_not_ours` or `data_in_use`.
 */
export async function holdDataFolder(directory: string, log: Log, shared = false): Promise<DataFolder> {
  try {
    makeFolder(directory);
  } catch (error) {
    throw new AppError('data_not_writable', { directory, reason: (error as Error).message }, { cause: error });
  }
  const names = readdirSync(directory).filter((name) => !nobodys.test(name));
  if (names.length > 0 && !names.some((name) => ours.test(name))) {
    const what = names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ` and ${names.length - NAMED} more` : '');
    throw new AppError('data_not_ours', { directory, what });
  }
  for (const name of ['upload', 'packets']) {
    const kind = lstatSync(path.join(directory, name), { throwIfNoEntry: false });
    if (kind?.isSymbolicLink()) throw new AppError('data_not_ours', { directory, what: `a link in place of ${name}/` });
  }
  const { mode } = statSync(directory);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    log.warn(
      { directory, mode: (mode & 0o777).toString(8) },
      `Other users of this machine can open the data folder. Run: chmod 700 ${directory}`,
    );
  }
  const server = shared ? null : await holdName(directory);
  return { release: () => void server?.close() };
}

/**
 * Linux's abstract socket names end with their process and cannot be deleted, as a lock file can: two servers on one
 * folder are told apart even where somebody removed guardian.db.lock. Elsewhere that file alone holds.
 */
async function holdName(directory: string): Promise<Server | null> {
  if (process.platform !== 'linux') return null;
  const { dev, ino } = statSync(directory);
  const name = `\0home-iot-guardian.${dev}.${ino}`;
  // Whoever asks is told who holds it.
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(String(process.pid));
  });
  server.unref();
  const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    server.once('error', resolve);
    server.listen(name, () => resolve(null));
  });
  if (error === null) return server;
  if (error.code !== 'EADDRINUSE') return null;
  const pid = await holderOf(name);
  throw new AppError('data_in_use', { file: directory, process: pid === null ? '' : ` (process ${pid})` });
}

/** The process id that whoever listens there gives; null where it is too busy to say. */
function holderOf(name: string): Promise<string | null> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(name);
    socket.setEncoding('utf8').setTimeout(ANSWERS_WITHIN_MS, () => socket.destroy());
    socket.on('data', (text: string) => {
      said += text;
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(/^\d+$/.test(said) ? said : null));
  });
}

/** Node's own recursive form never returns where a file system lets nobody make a folder and says ENOENT, as /proc does. */
function makeFolder(directory: string): void {
  const parent = path.dirname(directory);
  if (!existsSync(parent)) makeFolder(parent);
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) mkdirSync(directory, { mode: 0o700 });
}
