/** `guardian serve`: store, scanner and HTTP server wired together, started and stopped in order. */
import path from 'node:path';
import type { ScanOutcome } from '../api/scanner.ts';
import { createServer, requireLoopback, serverUrl } from '../api/server.ts';
import { systemClock } from '../clock.ts';
import type { Settings } from '../config/schema.ts';
import { createLog, type Log } from '../log.ts';
import { createNotifier } from '../notify/notifier.ts';
import { mailSettingsFromEnvironment, sendScanMail } from '../notify/scan-mail.ts';
import { createSecrets } from '../notify/secret.ts';
import { systemTimers } from '../notify/timers.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import type { Store } from '../store/store.ts';
import { version } from '../version.ts';
import { createScanner } from './scanner.ts';

export interface RunningServer {
  url: string;
  /** Lets running answers finish, then closes the scanner and the store. */
  close(): Promise<void>;
}

type Environment = Record<string, string | undefined>;

/** Beside src/ and dist/ alike. */
const webRoot = path.join(import.meta.dirname, '../../build/web');

interface Telling {
  settings: Settings;
  env: Environment;
  log: Log;
  store: Store;
}

/** Whom a finished scan is told to: the published mail with its lines on the console, and the owner's channels. */
async function createTeller({ settings, env, log, store }: Telling) {
  const mail = mailSettingsFromEnvironment(env, settings.mail);
  const secrets = createSecrets({ env, keyFile: path.join(settings.data, 'secret.key') });
  const tools = { secrets, log, clock: systemClock };
  const print = (line: string): void => void process.stderr.write(`${line}\n`);
  const { storm, ...notifications } = settings.notifications;
  const notifier = createNotifier({
    ...{ ...notifications, ...tools, outbox: store.outbox, version, ownPort: settings.server.port },
    storm: { messages: storm.messages, windowMs: storm.windowMinutes * 60_000 },
  });
  await notifier.start();
  return {
    tell(id: number, outcome: ScanOutcome): void {
      if (outcome.anomalies_count > 0) void sendScanMail(outcome, mail, { ...tools, timers: systemTimers, print });
      for (const [i, alert] of outcome.alerts.entries()) void notifier.notify({ ...alert, id: `scan-${id}-${i}` });
    },
    stop: () => notifier.stop(),
  };
}

/** Resolves once the server listens; whatever had been started is closed again where a later part cannot start. */
export async function startServer(settings: Settings, env: Environment): Promise<RunningServer> {
  const { server, upload, detection, data } = settings;
  // Before a folder or a database is made.
  await requireLoopback(server.host);
  const log = createLog({ level: settings.log.level, plain: process.stderr.isTTY });
  await using parts = new AsyncDisposableStack();
  const [store, scanner] = await Promise.all([
    openSqliteStore({ directory: data, log }).then((one) => {
      parts.defer(() => one.close());
      return one;
    }),
    createScanner({
      ...detection,
      workers: upload.maxConcurrentScans,
      limits: { bytes: upload.maxCaptureBytes, textBytes: upload.maxTextBytes, ratio: 100 },
    }).then((one) => {
      parts.defer(() => one.close());
      return one;
    }),
  ]);
  const teller = await createTeller({ settings, env, log, store });
  parts.defer(() => teller.stop());
  const app = await createServer({
    store,
    scanner,
    dataDirectory: data,
    webRoot,
    host: server.host,
    port: server.port,
    allowedHosts: server.allowedHosts,
    limits: upload,
    log,
    version,
    onScan: teller.tell,
  });
  parts.defer(() => app.close());
  const running = parts.move();
  return { url: serverUrl(app), close: () => running.disposeAsync() };
}
