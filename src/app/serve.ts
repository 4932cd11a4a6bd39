/** `guardian serve`: store, scanner and HTTP server wired together, started and stopped in order. */
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Accounts } from '../account/accounts.ts';
import { setUpPath } from '../account/set-up-link.ts';
import type { LiveEvent } from '../api/contract.ts';
import { createServer, requireLoopback } from '../api/server.ts';
import { callAs } from '../cli/as-called.ts';
import { systemClock } from '../clock.ts';
import { LOCAL_LOGIN } from '../config/load.ts';
import type { Settings } from '../config/schema.ts';
import { AppError } from '../errors.ts';
import { createEventBus } from '../events.ts';
import { createLog, isJournal, type Log } from '../log.ts';
import { createLiveMonitor } from '../monitor/server/live-monitor.ts';
import { mannerOf } from '../monitor/target/capture-options.ts';
import type { WatchedTarget } from '../monitor/target/open-source.ts';
import { DEMO_LEARN_HOURS } from '../monitor/target/target.ts';
import { createScanner } from '../scan/scan-pool.ts';
import { HistoryBuffer } from '../store/history/buffer.ts';
import type { FlowHistory } from '../store/history/flow.ts';
import { openSqliteHistory } from '../store/history/sqlite.ts';
import { openStore } from '../store/open.ts';
import { version } from '../version.ts';
import { oidcOptions } from './oidc-options.ts';
import { createOwnerNotifier } from './owner-notifier.ts';
import { historyNotice, quarantineNotice } from './quarantine-notice.ts';
import { openReach } from './reach.ts';
import { Retention } from './retention.ts';
import { keepUplink } from './uplink.ts';

export interface RunningServer {
  url: string;
  /** All the addresses under which it can be opened, that one first. */
  urls: string[];
  /** The link that makes the first account; null where there is one already, or accounts are off. */
  setUpLink: string | null;
  /** Resolves or rejects once the store has answered. */
  isAlive(): Promise<unknown>;
  /** Lets running answers finish, then closes the scanner and the store. */
  close(): Promise<void>;
}

type Environment = Record<string, string | undefined>;

/** Beside src/ and dist/ alike. */
const webRoot = path.join(import.meta.dirname, '../../build/web');

/** Null where nothing is set: then the interface that was chosen on the page counts. */
function thingOf({ interface: name, ssh, netflow, zeek, exporters }: Settings['monitor']): WatchedTarget | null {
  const given = Object.entries({ interface: name, ssh, netflow, zeek }).filter(([, value]) => value !== '');
  if (given.length === 0) return null;
  return { ...Object.fromEntries(given), ...(netflow !== '' && { exporters }) };
}

/** Without a history everything else goes on: on a disk that is full no file of it can be made. */
async function openHistory(directory: string, log: Log): Promise<FlowHistory | null> {
  try {
    return await openSqliteHistory({ directory, log });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.error({ err: error }, 'No history of connections is kept until Guardian is started again');
    return null;
  }
}

/** Resolves once the server listens; whatever had been started is closed again where a later part cannot start. */
export async function startServer(
  settings: Settings,
  env: Environment,
  { demo = false, auth = true, command = 'guardian' }: { demo?: boolean; auth?: boolean; command?: string } = {},
): Promise<RunningServer> {
  const { server, upload, detection, data } = settings;
  // Before a folder or a database is made.
  if (!auth) await requireLoopback(server.host);
  const log = createLog({ level: settings.log.level, plain: process.stderr.isTTY, journal: isJournal(env) });
  await using parts = new AsyncDisposableStack();
  const opening = [
    openStore({ directory: data, url: demo ? '' : settings.store.url, log }).then((one) => {
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
  ] as const;
  // Where one of them cannot be opened, the other is still to be closed: its threads would keep the process alive.
  await Promise.allSettled(opening);
  const [store, scanner] = await Promise.all(opening);
  const history = settings.retention.flowMegabytes > 0 ? await openHistory(data, log) : null;
  if (history) parts.defer(() => history.close());
  const buffer =
    history &&
    new HistoryBuffer({
      history,
      onLost: (lost, reason) => log.warn({ lost, reason }, 'Connections were not kept in the history'),
    });
  if (buffer) parts.defer(() => buffer.stop());
  const accounts = auth
    ? new Accounts({
        ...{ store: store.accounts, settings: store.settings, directory: data, log },
        ...{ oidc: oidcOptions(settings, env), localLogin: env[LOCAL_LOGIN] === '1' },
      })
    : undefined;
  const reach = await openReach(settings, auth, log);
  parts.defer(() => reach.close());
  let dashboard: string | null = null;
  const teller = await createOwnerNotifier({ settings, env, log, store, demo, dashboard: () => dashboard });
  parts.defer(() => teller.stop());
  if (store.quarantined !== null) teller.announce(quarantineNotice(store.quarantined));
  if (history?.quarantined) teller.announce(historyNotice(history.quarantined));
  const packets = path.join(data, 'packets');
  const { packetMegabytes: megabytes } = settings.retention;
  const retention = new Retention({ store, history, limits: settings.retention, directory: data, packets, log });
  retention.start();
  parts.defer(() => retention.stop());
  const uplink = keepUplink(store, data, log);
  parts.defer(() => uplink.stop());
  const bus = createEventBus<LiveEvent>();
  const manner = mannerOf(settings.monitor);
  const monitor = await createLiveMonitor({
    manner,
    ...{ store, bus, teller, log, clock: systemClock },
    command,
    history: buffer ?? undefined,
    onForget: (mac, addresses) => history?.forget(mac, addresses),
    stateFile: path.join(data, 'monitor-state.json'),
    onFull: () => retention.relieve(),
    packets: megabytes > 0 ? { directory: packets, bytes: megabytes * 1024 * 1024 } : undefined,
    searchPath: env.PATH ?? '',
    budget: detection.falseAlarmsPerWeek,
    blockLists: detection.blockLists,
    // Nobody has trained on the made-up home.
    model: demo ? '' : detection.model,
    learnSeconds: 3600 * (demo ? DEMO_LEARN_HOURS : settings.monitor.learnHours),
  });
  parts.defer(() => monitor.close());
  const app = await createServer({
    store,
    bus,
    monitor,
    history,
    scanner,
    accounts,
    dataDirectory: data,
    webRoot,
    host: server.host,
    port: server.port,
    allowedHosts: reach.hosts,
    baseUrl: server.baseUrl,
    reach,
    trustedProxies: server.trustedProxies,
    limits: upload,
    // Where a person reads along, the command says where it listens.
    log: process.stderr.isTTY ? log.child({}, { level: log.isLevelEnabled('debug') ? 'debug' : 'warn' }) : log,
    version,
    commandsAsCalled: (text) => callAs(text, command),
    notifications: teller.center,
    onScan: teller.scanned,
  });
  parts.defer(() => app.close());
  const urls = reach.urls((app.server.address() as AddressInfo).port);
  const [url] = urls;
  dashboard = url;
  await reach.announce();
  const thing = thingOf(settings.monitor);
  await monitor.resume(demo ? { demo: {} } : thing && { ...thing, ...manner });
  const setUpLink = accounts && (await accounts.needsSetUp()) ? url + setUpPath(await accounts.makeSetUpToken()) : null;
  if (setUpLink) log.info({ link: setUpLink }, 'Nobody has an account yet: this link makes the first, within an hour');
  const running = parts.move();
  return { url, urls, setUpLink, isAlive: () => store.countScans(), close: () => running.disposeAsync() };
}
