/** The files with which a broker for the fleet starts: its configuration, its first users, and the hub's own key. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { createUser, fromSeed } from '@nats-io/nkeys';

export interface HubFiles {
  /** The hub's secret key, and its public half. */
  seed: string;
  publicKey: string;
  configuration: string;
  users: string;
  pidFile: string;
}

/** The hub's files in that folder; its key is made where there is none. */
export async function hubFiles(directory: string): Promise<HubFiles> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const keyFile = path.join(directory, 'hub.key');
  if (!existsSync(keyFile)) {
    await writeFile(keyFile, `${new TextDecoder().decode(createUser().getSeed())}\n`, { mode: 0o600 });
  }
  const seed = (await readFile(keyFile, 'utf8')).trim();
  return {
    seed,
    publicKey: fromSeed(new TextEncoder().encode(seed)).getPublicKey(),
    configuration: path.join(directory, 'nats.conf'),
    users: path.join(directory, 'users.conf'),
    pidFile: path.join(directory, 'nats.pid'),
  };
}

export interface BrokerOptions {
  listen: string;
  tls?: { certificate: string; key: string };
  /** As `nats-server --version` has it. */
  version: string;
}

/** Text of a configuration file of nats-server. An older one refuses to start with a word that it does not know. */
export function brokerConfiguration({ users, pidFile }: HubFiles, { listen, tls, version }: BrokerOptions): string {
  const [major, minor] = version.split('.').map(Number);
  // By default what was acknowledged may stay in memory for two minutes, and a power cut takes it.
  const sync = major > 2 || minor >= 10 ? '\n  sync_interval: always' : '';
  const store = path.join(path.dirname(users), 'jetstream');
  return `# Made by "guardian hub prepare". Change it as you like: it is not written again.
listen: ${JSON.stringify(listen)}
pid_file: ${JSON.stringify(pidFile)}
max_payload: 1MB
jetstream {
  store_dir: ${JSON.stringify(store)}
  max_memory_store: 64MB
  max_file_store: 8GB${sync}
}
${tls ? `tls {\n  cert_file: ${JSON.stringify(tls.certificate)}\n  key_file: ${JSON.stringify(tls.key)}\n}\n` : ''}include ${path.basename(users)}
`;
}

/** Of the nats-server that is installed; a recent one where none is, since the broker may run elsewhere. */
export async function brokerVersion(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('nats-server', ['--version']);
    return /v(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? '2.14.0';
  } catch {
    return '2.14.0';
  }
}
