/** `guardian serve`: store, scanner and HTTP server wired together, started and stopped in order. */
import path from 'node:path';
import { createServer, serverUrl } from '../api/server.ts';
import { systemClock } from '../clock.ts';
import type { Settings } from '../config/schema.ts';
import { createLog, type Log } from '../log.ts';
import { mailSettingsFromEnvironment, type ScanMailResult, sendScanMail } from '../notify/scan-mail.ts';
import { createSecrets } from '../notify/secret.ts';
import { systemTimers } from '../notify/timers.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
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

/** The published mail after an upload with anomalies, and its lines on the console. */
function createScanMailer(settings: Settings, env: Environment, log: Log): (outcome: ScanMailResult) => void {
  const mail = mailSettingsFromEnvironment(env, settings.mail);
  const secrets = createSecrets({ env, keyFile: path.join(settings.data, 'secret.key') });
  const print = (line: string): void => void process.stderr.write(`${line}\n`);
  return (outcome) => {
    if (outcome.anomalies_count === 0) return;
    void sendScanMail(outcome, mail, { secrets, clock: systemClock, timers: systemTimers, log, print });
  };
}

/** Resolves once the server listens; whatever had been started is closed again where a later part cannot start. */
export async function startServer(settings: Settings, env: Environment): Promise<RunningServer> {
  const { server, upload, detection, data } = settings;
  const log = createLog({ level: settings.log.level, plain: process.stderr.isTTY });
  await using parts = new AsyncDisposableStack();
  const [store, scanner] = await Promise.all([
    openSqliteStore({ directory: data, log }).then((one) => {
      parts.defer(() => one.close());
      return one;
    }),
    createScanner({ ...detection, workers: upload.maxConcurrentScans }).then((one) => {
      parts.defer(() => one.close());
      return one;
    }),
  ]);
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
    onScan: createScanMailer(settings, env, log),
  });
  parts.defer(() => app.close());
  const running = parts.move();
  return { url: serverUrl(app), close: () => running.disposeAsync() };
}
