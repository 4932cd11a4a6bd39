/** The broker's list of users: a file that nats-server includes, and a signal upon which it reads it again. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Log } from '../../log.ts';
import type { Enrolment } from './enrolment.ts';

export interface BrokerUsersOptions {
  enrolment: Enrolment;
  /** Public half of the hub's own key. */
  hubKey: string;
  /** The file that nats-server's configuration includes; empty where somebody else keeps its users. */
  file: string;
  /** Where nats-server writes its process id. */
  pidFile: string;
  log: Log;
}

const EVERY_MS = 2_000;

export interface BrokerUsers {
  /** Writes the file, where it has changed, and lets the broker read it: those shut out are disconnected. */
  refresh(): Promise<void>;
  stop(): void;
}

/** Others may change who is in it, another hub or the command line: it is looked at every few seconds. */
export function keepBrokerUsers({ enrolment, hubKey, file, pidFile, log }: BrokerUsersOptions): BrokerUsers {
  let running = Promise.resolve();
  const once = async (): Promise<void> => {
    if (file === '') return;
    const wanted = await enrolment.brokerUsers(hubKey);
    const there = await readFile(file, 'utf8').catch(() => null);
    if (wanted === there) return;
    // Whole or not at all: the broker may read it at any time.
    const temporary = `${file}.${randomBytes(4).toString('hex')}`;
    await writeFile(temporary, wanted, { mode: 0o640 });
    await rename(temporary, file);
    const pid = Number.parseInt(await readFile(pidFile, 'utf8'), 10);
    if (pid > 1) process.kill(pid, 'SIGHUP');
  };
  const refresh = (): Promise<void> => {
    const next = running.then(once);
    running = next.catch(() => {});
    return next;
  };
  const timer = setInterval(() => {
    refresh().catch((error: unknown) =>
      log.warn({ error: String(error) }, 'The broker could not be told who may sign in'),
    );
  }, EVERY_MS);
  return { refresh, stop: () => clearInterval(timer) };
}
