/** A real server on a free loopback port, with a folder of its own, for tests of the API. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Accounts } from '../src/account/accounts.ts';
import type { App, ServerLimits } from '../src/api/app.ts';
import type { Scanner, ScanOutcome } from '../src/api/port/scanner.ts';
import { createServer, type ServerOptions, type ServerTimeouts, serverUrl } from '../src/api/server.ts';
import { systemClock } from '../src/clock.ts';
import { createLog } from '../src/log.ts';
import { type CenterOptions, createNotificationCenter, type NotificationCenter } from '../src/notify/center.ts';
import { notificationSettingsSchema } from '../src/notify/settings/settings.ts';
import { createSecrets } from '../src/notify/transport/secret.ts';
import type { FlowHistory } from '../src/store/history/flow.ts';
import { openSqliteHistory } from '../src/store/history/sqlite.ts';
import { openSqliteStore } from '../src/store/sqlite/open.ts';
import type { Store } from '../src/store/store.ts';

export interface TestServer {
  url: string;
  port: number;
  /** Files that lie in the upload folder now. */
  uploads(): string[];
  notifications: NotificationCenter;
  /** Null unless the test asks for one. */
  history: FlowHistory | null;
  /** Undefined unless the test asks for accounts. */
  accounts: Accounts | undefined;
  app: App;
  /** The data folder. */
  data: string;
  /** Everything that was logged. */
  logged(): string;
  stop(): Promise<void>;
}

export interface TestServerOptions {
  /** A folder to go on with; a fresh one unless told. */
  directory?: string;
  scanner?: Scanner;
  limits?: Partial<ServerLimits>;
  timeouts?: Partial<ServerTimeouts>;
  allowedHosts?: string[];
  trustedProxies?: string[];
  baseUrl?: string;
  /** Keeps a history of connections. */
  history?: boolean;
  /** With accounts; without them everybody may do everything. */
  accounts?: boolean;
  /** Notifications of guardian.yaml and the environment. */
  told?: Partial<CenterOptions>;
  /** What watches a network beside it. */
  live?: (store: Store) => Promise<Pick<ServerOptions, 'monitor' | 'bus'>>;
  /** Stands between the server and its store. */
  wrapStore?: (store: Store) => Store;
}

export const makeDirectory = (): string => mkdtempSync(path.join(tmpdir(), 'guardian-api-'));

export const outcome = (overrides: Partial<ScanOutcome> = {}): ScanOutcome => ({
  anomalies_count: 1,
  total_samples: 200,
  percentage: 0.5,
  threshold: 0.140134,
  details: [
    {
      sequence_id: 9,
      error: 0.222107,
      severity: 'High',
      rows: '9-19',
      sample_data: { orig_pkts: 10, resp_pkts: 8, orig_bytes: 1200, resp_bytes: 850 },
    },
  ],
  file: 'traffic.csv',
  format: 'csv',
  records: 210,
  skipped: { rows: 0, reasons: {}, lines: [] },
  truncated: false,
  metrics: null,
  errors: [{ sequence_id: 0, error: 0.01 }],
  seconds: 0.01,
  alerts: [],
  preset: 'guardian',
  devices: [],
  ...overrides,
});

/** Reads the whole file, as a real one would, and finds the same thing in each; `records` is its size. */
export const readingScanner: Scanner = {
  async scan(file, { name, onProgress }) {
    onProgress(0.5);
    const { length } = await readFile(file);
    onProgress(1);
    return outcome({ file: name, records: length });
  },
  model: () => ({ loaded: true, threshold: 0.140134 }),
};

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const directory = options.directory ?? makeDirectory();
  const webRoot = path.join(directory, 'web');
  mkdirSync(path.join(webRoot, 'assets'), { recursive: true });
  writeFileSync(path.join(webRoot, 'index.html'), '<!doctype html><title>Home IoT Guardian</title>');
  writeFileSync(path.join(webRoot, 'assets', 'app-1a2b3c.js'), 'export {};');
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } });
  const data = path.join(directory, 'data');
  const store = await openSqliteStore({ directory: data, log });
  const history = options.history ? await openSqliteHistory({ directory: data, log }) : null;
  const notifications = await createNotificationCenter({
    file: notificationSettingsSchema.parse({ lanTargets: ['127.0.0.1'] }),
    mail: null,
    saved: store.settings,
    outbox: store.outbox,
    secrets: createSecrets({ env: {}, keyFile: path.join(data, 'secret.key') }),
    clock: systemClock,
    ownPort: null,
    log,
    version: '0.0.0-test',
    ...options.told,
  });
  const accounts = options.accounts
    ? new Accounts({ store: store.accounts, settings: store.settings, directory: data, log })
    : undefined;
  const app = await createServer({
    accounts,
    reach: { isLocal: true, keeper: null, urls: (port) => [`http://localhost:${port}`] },
    store: options.wrapStore?.(store) ?? store,
    history,
    ...(await options.live?.(store)),
    scanner: options.scanner ?? readingScanner,
    notifications,
    dataDirectory: data,
    webRoot,
    host: '127.0.0.1',
    port: 0,
    allowedHosts: options.allowedHosts,
    trustedProxies: options.trustedProxies,
    baseUrl: options.baseUrl,
    limits: { maxTextBytes: 1024, maxCaptureBytes: 64 * 1024, maxConcurrentScans: 2, ...options.limits },
    log,
    version: '0.0.0-test',
    timeouts: { graceMs: 200, ...options.timeouts },
  });
  const url = serverUrl(app);
  return {
    url,
    port: Number(new URL(url).port),
    uploads: () => readdirSync(path.join(data, 'upload')),
    logged: () => lines.join(''),
    notifications,
    history,
    accounts,
    app,
    data,
    async stop() {
      await app.close();
      await notifications.stop();
      await history?.close();
      await store.close();
      if (!options.directory) rmSync(directory, { recursive: true });
    },
  };
}

export function upload(
  url: string,
  content: string | Uint8Array<ArrayBuffer>,
  name = 'traffic.csv',
): Promise<Response> {
  const form = new FormData();
  form.append('file', new Blob([content]), name);
  return fetch(`${url}/upload`, { method: 'POST', body: form });
}

/** A request with headers that fetch would not let through. */
export function send(
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    // Node names no length of its own where a DELETE has a body.
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = httpRequest(url, { method, headers: { ...length, ...headers }, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Writes bytes as they are and gives everything that comes back until the server closes. */
export function sendRaw(port: number, ...pieces: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(answer);
      else reject(error);
    });
    socket.on('close', () => resolve(answer));
    for (const piece of pieces) socket.write(piece);
  });
}
