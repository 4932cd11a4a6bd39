/** docs/api/openapi.json: what the real server says of itself at /api/v1/openapi.json. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Accounts } from '../src/account/accounts.ts';
import { createServer } from '../src/api/server.ts';
import { systemClock } from '../src/clock.ts';
import { createEventBus } from '../src/events.ts';
import { createLog } from '../src/log.ts';
import { createLiveMonitor } from '../src/monitor/server/live-monitor.ts';
import { createNotificationCenter } from '../src/notify/center.ts';
import { notificationSettingsSchema } from '../src/notify/settings/settings.ts';
import { createSecrets } from '../src/notify/transport/secret.ts';
import { openSqliteStore } from '../src/store/sqlite/open.ts';
import { version } from '../src/version.ts';

export async function renderOpenApi(): Promise<string> {
  const directory = mkdtempSync(path.join(tmpdir(), 'guardian-openapi-'));
  const log = createLog({ level: 'silent' });
  const store = await openSqliteStore({ directory, log });
  writeFileSync(path.join(directory, 'index.html'), '');
  const notifications = await createNotificationCenter({
    file: notificationSettingsSchema.parse({}),
    mail: null,
    saved: store.settings,
    outbox: store.outbox,
    secrets: createSecrets({ env: {}, keyFile: path.join(directory, 'secret.key') }),
    clock: systemClock,
    ownPort: null,
    log,
    version,
  });
  const monitor = await createLiveMonitor({
    ...{ store, log, bus: createEventBus(), clock: systemClock, searchPath: '', learnSeconds: 0 },
    teller: { alerted() {}, alertedAgain() {}, met() {}, resume() {}, sees() {}, forgot: async () => {} },
    stateFile: path.join(directory, 'monitor-state.json'),
  });
  const accounts = new Accounts({ store: store.accounts, settings: store.settings, directory, log });
  const app = await createServer({
    accounts,
    reach: { isLocal: true, keeper: null, urls: () => ['http://localhost:5000'] },
    store,
    monitor,
    scanner: {
      scan: () => Promise.reject(new Error('This server only describes itself.')),
      model: () => ({ loaded: false, threshold: null }),
    },
    dataDirectory: directory,
    webRoot: directory,
    host: '127.0.0.1',
    port: 0,
    limits: { maxTextBytes: 1, maxCaptureBytes: 1, maxConcurrentScans: 1 },
    notifications,
    log,
    version,
  });
  const description: unknown = app.swagger();
  await app.close();
  await monitor.close();
  await notifications.stop();
  await store.close();
  rmSync(directory, { recursive: true });
  return `${JSON.stringify(description, null, 2)}\n`;
}
