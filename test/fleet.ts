/** A broker and a database of the test's own, in a folder of its own: started, killed, started again, and removed. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { natsServer, postgresFolder } from './needs-program.ts';

const run = promisify(execFile);

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

export async function eventually<T>(look: () => Promise<T | null | undefined | false>, seconds = 120): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`not within ${seconds} seconds`);
    await sleep(100);
  }
}

export interface Postgres {
  /** As a role that is no superuser and owns its database. */
  url: string;
  superuser: string;
  stop(): Promise<void>;
}

/** It refuses to run as root: then it runs as nobody. */
export async function startPostgres(): Promise<Postgres> {
  const isRoot = process.getuid?.() === 0;
  const directory = mkdtempSync(path.join(tmpdir(), 'guardian-postgres-'));
  const data = path.join(directory, 'data');
  mkdirSync(data, { mode: 0o700 });
  const identity: { uid?: number; gid?: number } = {};
  if (isRoot) {
    const { stdout } = await run('id', ['-u', 'nobody']);
    identity.uid = Number(stdout);
    identity.gid = Number((await run('id', ['-g', 'nobody'])).stdout);
    chmodSync(directory, 0o755);
    chownSync(data, identity.uid, identity.gid);
  }
  const bin = (name: string): string => path.join(postgresFolder!, name);
  await run(bin('initdb'), ['-D', data, '-U', 'admin', '-A', 'trust', '-E', 'UTF8', '--no-sync'], identity);
  const port = await freePort();
  const child = spawn(
    bin('postgres'),
    ['-D', data, '-p', String(port), '-k', '', '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'],
    { ...identity, stdio: 'ignore' },
  );
  const superuser = `postgres://admin@127.0.0.1:${port}/postgres`;
  const admin = await eventually(async () => {
    const client = new pg.Client({ connectionString: superuser });
    return client.connect().then(
      () => client,
      () => null,
    );
  });
  await admin.query('CREATE ROLE guardian LOGIN');
  await admin.query('CREATE DATABASE guardian OWNER guardian');
  await admin.end();
  return {
    url: `postgres://guardian@127.0.0.1:${port}/guardian`,
    superuser,
    async stop() {
      child.kill('SIGINT');
      await once(child, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export interface Broker {
  start(): Promise<void>;
  /** At once, as a power cut does. */
  kill(): Promise<void>;
}

/** A broker with that configuration file; it is not started yet. */
export function createBroker(configuration: string): Broker {
  let child: ChildProcess | undefined;
  return {
    async start() {
      child = spawn(natsServer!, ['-c', configuration], { stdio: 'ignore' });
      const pidFile = path.join(path.dirname(configuration), 'nats.pid');
      const { pid } = child;
      await eventually(async () => existsSync(pidFile) && readFileSync(pidFile, 'utf8').trim() === String(pid));
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

export interface Program {
  /** What it has written to standard output and standard error. */
  output(): string;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

const cli = path.join(import.meta.dirname, '../src/cli/main.ts');
const flags = ['--disable-warning=ExperimentalWarning'];

/** `guardian …` as a process that goes on. */
export function startGuardian(args: string[], env: Record<string, string> = {}): Program {
  const child = spawn(process.execPath, [...flags, cli, ...args], { env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
  return {
    output: () => output,
    async kill(signal = 'SIGKILL') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}

/** `guardian …` to its end; rejects where that is not 0, with what it wrote. */
export async function guardian(args: string[], env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await run(process.execPath, [...flags, cli, ...args], { env: { ...process.env, ...env } });
  return stdout;
}
