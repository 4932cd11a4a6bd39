/** `guardian serve`: store, scanner and HTTP server wired together, started and stopped in order. */
import path from 'node:path';
import { createServer, requireLoopback, serverUrl } from '../api/server.ts';
import type { Settings } from '../config/schema.ts';
import { createLog } from '../log.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import { version } from '../version.ts';
import { createScanner } from './scanner.ts';
import { createTeller } from './teller.ts';

export interface RunningServer {
  url: string;
  /** Lets running answers finish, then closes the scanner and the store. */
  close(): Promise<void>;
}

type Environment = Record<string, string | undefined>;

/** Beside src/ and dist/ alike. */
const webRoot = path.join(import.meta.dirname, '../../build/web');

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
    notifications: teller.center,
    onScan: teller.scanned,
  });
  parts.defer(() => app.close());
  const running = parts.move();
  return { url: serverUrl(app), close: () => running.disposeAsync() };
}
