/** A real PostgreSQL in a temporary folder, from the packages of the system, for tests alone. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';

const HOME = '/usr/lib/postgresql';
const OLDEST = 15;

/** Folder of initdb and postgres; Debian keeps each version in one of its own. */
function findPrograms(): string | null {
  const versions = existsSync(HOME) ? readdirSync(HOME).map(Number) : [];
  const newest = Math.max(...versions.filter((version) => version >= OLDEST));
  const folder = path.join(HOME, String(newest), 'bin');
  return existsSync(path.join(folder, 'initdb')) ? folder : null;
}

const programs = findPrograms();
export const missingPostgres: string | null = programs === null ? `PostgreSQL ${OLDEST} (package postgresql)` : null;

export interface TestPostgres {
  /** A new, empty database each time. */
  createDatabase(): Promise<string>;
  run(sql: string): Promise<void>;
  /** As a power cut of its machine would, and back again on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** PostgreSQL does not run as root: then it runs as whom its package has made, else as nobody. */
function servant(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number => Number(execFileSync('id', [flag, name], { stdio: 'pipe' }).toString());
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // There is no such user.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is nobody else');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export async function startPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'guardian-postgres-'));
  const as = servant();
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid!);
  const data = path.join(folder, 'data');
  const port = await freePort();
  const initdb = ['-D', data, '-U', 'guardian', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(path.join(programs!, 'initdb'), initdb, { ...as, cwd: folder, stdio: 'pipe' });
  const urlOf = (database: string): string => `postgres://guardian@127.0.0.1:${port}/${database}`;
  let server: ChildProcess | null = null;
  let databases = 0;

  async function run(sql: string): Promise<void> {
    const client = new pg.Client(urlOf('postgres'));
    await client.connect();
    await client.query(sql).finally(() => client.end());
  }

  async function start(): Promise<void> {
    const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', 'shared_buffers=16MB'];
    server = spawn(path.join(programs!, 'postgres'), ['-D', data, '-p', String(port), '-k', folder, ...settings], {
      ...{ ...as, cwd: folder, stdio: 'ignore' },
    });
    for (let tries = 0; ; tries++) {
      try {
        return await run('select 1');
      } catch (error) {
        if (tries > 300 || server.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  async function stop(): Promise<void> {
    if (!server) return;
    const gone = once(server, 'exit');
    // At once: connections are cut, as in a restart that nobody has announced.
    server.kill('SIGINT');
    await gone;
    server = null;
  }

  await start();
  return {
    run,
    start,
    stop,
    async createDatabase() {
      const name = `test_${++databases}`;
      await run(`create database ${name}`);
      return urlOf(name);
    },
    async restart() {
      await stop();
      await start();
    },
    async remove() {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}
