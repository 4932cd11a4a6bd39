/** The HTTP server: the published interface, /api/v1 and the dashboard, on this machine only until there are accounts. */
import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { type AddressInfo, BlockList, isIPv6 } from 'node:net';
import path from 'node:path';
import { Server as TlsServer } from 'node:tls';
import fastifyHelmet from '@fastify/helmet';
import fastifyMultipart from '@fastify/multipart';
import fastifySwagger from '@fastify/swagger';
import Fastify, { type FastifyRequest, LogController } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Accounts } from '../account/accounts.ts';
import { type Clock, systemClock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { createEventBus, type EventBus } from '../events.ts';
import type { Log } from '../log.ts';
import type { NotificationCenter } from '../notify/center.ts';
import type { FlowHistory } from '../store/history/flow.ts';
import type { Store } from '../store/store.ts';
import { auditChanges } from './access/audit.ts';
import { guardRoutes } from './access/guard.ts';
import type { App, ServerLimits } from './app.ts';
import type { LiveEvent } from './contract.ts';
import { createBodyTimeout } from './http/body-timeout.ts';
import { answerClientError, createErrorAnswer } from './http/error-answer.ts';
import { addETag } from './http/etag.ts';
import { createLiveEvents } from './http/event-stream.ts';
import { createHostCheck, createHostNames } from './http/host-check.ts';
import { acceptJson } from './http/json-body.ts';
import { openUploadFolder } from './http/receive-upload.ts';
import { permissionsPolicy, securityHeaders, strictTransport } from './http/security-headers.ts';
import { createTlsFront } from './http/tls-front.ts';
import type { LiveMonitor } from './port/live-monitor.ts';
import type { ReachPort } from './port/reach.ts';
import type { Scanner, ScanOutcome } from './port/scanner.ts';
import { accountRoutes } from './route/account/index.ts';
import { alertRoutes } from './route/alerts.ts';
import { dashboardRoutes } from './route/dashboard.ts';
import { deviceRoutes } from './route/devices.ts';
import { documentRoutes } from './route/documents.ts';
import { exportRoutes } from './route/exports.ts';
import { flowRoutes } from './route/flows.ts';
import { healthRoutes } from './route/health.ts';
import { liveRoute } from './route/live.ts';
import { metricsRoute } from './route/metrics.ts';
import { monitorRoutes } from './route/monitor.ts';
import { notificationRoutes } from './route/notifications.ts';
import { reachRoutes } from './route/reach.ts';
import { scanRoutes } from './route/scans.ts';
import { statusRoute } from './route/status.ts';
import { uploadRoute } from './route/upload.ts';

export interface ServerTimeouts {
  /** For all headers, for a body that is no upload, and for a whole request. */
  headersMs: number;
  bodyMs: number;
  requestMs: number;
  /** Without a byte of an upload, and the stretch over which it must not drip. */
  idleMs: number;
  stretchMs: number;
  /** How long running scans may go on once the server stops. */
  graceMs: number;
}

export interface ServerOptions {
  store: Store;
  /** Every connection; without it none is kept. */
  history?: FlowHistory | null;
  scanner: Scanner;
  /** Who may sign in; without them everybody may do everything, on this machine only. */
  accounts?: Accounts;
  /** Data folder; an upload lies in its `upload/` while it is analysed. */
  dataDirectory: string;
  /** Folder of the built dashboard. */
  webRoot: string;
  host: string;
  /** 0 takes a free one. */
  port: number;
  allowedHosts?: readonly string[];
  /** How other devices reach it: with a certificate there is HTTPS, and plain HTTP leads there. */
  reach?: ReachPort;
  /** Address under which browsers open it, where it has a name of its own. */
  baseUrl?: string;
  /** Addresses and networks of reverse proxies; of everybody else no header about the client is believed. */
  trustedProxies?: readonly string[];
  limits: ServerLimits;
  log: Log;
  version: string;
  /** Writes the commands in a hint as the reader of a page has to. */
  commandsAsCalled?: (text: string) => string;
  clock?: Clock;
  /** Watches the network; without it there is nothing live. */
  monitor?: LiveMonitor;
  /** Tells the owner; without it nobody is told, and nothing of it can be set. */
  notifications?: NotificationCenter;
  /** Where what happens is said; one of its own unless told. */
  bus?: EventBus<LiveEvent>;
  timeouts?: Partial<ServerTimeouts>;
  /** Told of every scan that was kept. */
  onScan?: (id: number, outcome: ScanOutcome) => void;
}

const defaultTimeouts: ServerTimeouts = {
  headersMs: 10_000,
  bodyMs: 10_000,
  requestMs: 900_000,
  idleMs: 30_000,
  stretchMs: 15_000,
  graceMs: 5000,
};
const LIVE_CLIENTS = 200;

/**
 * Listens when the promise resolves; `serverUrl` says where, `close()` stops it.
 * Rejects with AppError `not_loopback`, `port_in_use` or `dashboard_not_built`.
 */
export async function createServer(options: ServerOptions): Promise<App> {
  const { store, scanner, accounts, reach, host, port, limits, log, version, clock = systemClock } = options;
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  if (!accounts) await requireLoopback(host);

  const isOurs = createHostNames({ host, allowedHosts: options.allowedHosts ?? [] });
  const tls = reach?.keeper;
  const front = tls && {
    serverFactory: (handler: Parameters<typeof createTlsFront>[0]) =>
      createTlsFront(handler, { ...tls, headersMs: timeouts.headersMs, requestMs: timeouts.requestMs, isOurs }),
  };
  const app: App = Fastify({
    ...front,
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    requestIdHeader: false,
    trustProxy: options.trustedProxies?.length ? [...options.trustedProxies] : false,
    genReqId: ({ headers }) => requestId(headers['x-request-id']),
    bodyLimit: 64 * 1024,
    requestTimeout: timeouts.requestMs,
    http: {
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: Math.min(timeouts.headersMs, 2000),
      // Node's own refusal has no body; requireHost gives ours.
      requireHostHeader: false,
    },
    clientErrorHandler: answerClientError,
    rewriteUrl: ({ url }) => plainTarget(url ?? ''),
    // The size of the headers bounds it already; a long one is simply not found.
    routerOptions: { maxParamLength: 64 * 1024 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(createErrorAnswer(options.commandsAsCalled ?? ((text) => text)));
  app.removeAllContentTypeParsers();

  const checkHost = createHostCheck(isOurs);
  const hsts = strictTransport(options.baseUrl ?? '');
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'cache-control': 'no-store',
      'permissions-policy': permissionsPolicy,
    });
    requireHost(request);
    checkHost(request);
    const strict = hsts(request);
    if (strict) reply.header('strict-transport-security', strict);
  });
  // The log of changes first: what the guard refuses is written down too.
  auditChanges(app, store.accounts, log);
  const guard = guardRoutes(app, accounts);
  acceptJson(app);
  app.addHook('onResponse', async (request, reply) => {
    const { method, url } = request;
    request.log.debug({ method, url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered');
  });

  await app.register(fastifyHelmet, securityHeaders);
  await app.register(fastifySwagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Home IoT Guardian', version } },
    transform: describeRoute,
  });
  await app.register(fastifyMultipart, {
    throwFileSizeLimit: false,
    limits: {
      // The upload itself counts bytes, by what the file is.
      fileSize: Number.MAX_SAFE_INTEGER,
      files: 1,
      fields: 20,
      parts: 20,
      fieldSize: 16 * 1024,
      headerPairs: 20,
    },
  });

  let closing = false;
  app.addHook('onSend', async (_request, reply) => {
    // A client that keeps its connection would keep the server from ending.
    if (closing) reply.header('connection', 'close');
  });
  app.addHook('onSend', addETag);
  app.addHook('preParsing', createBodyTimeout(timeouts.bodyMs));
  const stopping = new AbortController();
  const { bus = createEventBus<LiveEvent>() } = options;
  const live = createLiveEvents({ bus, maxClients: LIVE_CLIENTS, heartbeatMs: 15_000, stalledMs: 60_000 });
  app.addHook('preClose', async () => {
    closing = true;
    live.close();
    setTimeout(() => stopping.abort(new AppError('stopping', {})), timeouts.graceMs).unref();
  });

  const folder = await openUploadFolder(path.join(options.dataDirectory, 'upload'), limits, timeouts.stretchMs);
  const { maxConcurrentScans } = limits;
  const { idleMs } = timeouts;
  uploadRoute(app, {
    store,
    scanner,
    folder,
    bus,
    maxConcurrentScans,
    idleMs,
    stopping: stopping.signal,
    onScan: options.onScan,
  });
  scanRoutes(app, store);
  statusRoute(app, { store, scanner, clock, version, limits });
  liveRoute(app, live, LIVE_CLIENTS, accounts);
  const origin = (): string => reach?.urls((app.server.address() as AddressInfo).port)[0] ?? serverUrl(app);
  accountRoutes(app, accounts, origin);
  if (reach) reachRoutes(app, reach);
  healthRoutes(app, { store, scanner });
  metricsRoute(app, { store, history: options.history ?? null, monitor: options.monitor, version });
  exportRoutes(app, { store, monitor: options.monitor });
  flowRoutes(app, { history: options.history ?? null, store, monitor: options.monitor });
  if (options.monitor) {
    monitorRoutes(app, options.monitor);
    deviceRoutes(app, options.monitor);
    alertRoutes(app, options.monitor);
  }
  if (options.notifications) notificationRoutes(app, options.notifications);
  app.get('/api/v1/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await documentRoutes(app);
  guard.beginPage();
  await dashboardRoutes(app, options.webRoot);
  await listen(app, host, port);
  return app;
}

/** Where a browser on this machine finds the server. */
export function serverUrl(app: App): string {
  const { address, port } = app.server.address() as AddressInfo;
  const scheme = app.server instanceof TlsServer ? 'https' : 'http';
  const isEvery = address === '0.0.0.0' || address === '::';
  const host = address === '127.0.0.1' || address === '::1' || isEvery ? 'localhost' : address;
  return `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** The upload's body is a stream and never validated as one piece, so its description is written here. */
const describeRoute: typeof jsonSchemaTransform = (route) => {
  const described = jsonSchemaTransform(route);
  if (route.url !== '/upload') return described;
  const file = { type: 'string', format: 'binary', description: 'A capture or a flow log.' };
  return {
    ...described,
    schema: { ...described.schema, body: { type: 'object', required: ['file'], properties: { file } } },
  };
};

/** What is no path of ours (absolute addresses, `*`, broken escapes) becomes one that does not exist. */
function plainTarget(target: string): string {
  try {
    decodeURI(target);
    return target.startsWith('/') ? target : '/-';
  } catch {
    return '/-';
  }
}

/** HTTP/1.1 obliges the client to send one (RFC 9112, section 3.2); what an older one lacks is an unknown name. */
function requireHost({ headers, raw: { httpVersion } }: FastifyRequest): void {
  if (headers.host === undefined && httpVersion !== '1.0') {
    throw new AppError('invalid_request', { reason: 'it has no Host header' });
  }
}

/** A client may name its request to recognise it in the live events; anything but a plain word is replaced. */
function requestId(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\w-]{8,64}$/.test(header) ? header : randomUUID();
}

/** Throws AppError `not_loopback` where the host is, or may be, an address that others can reach. */
export async function requireLoopback(host: string): Promise<void> {
  if (!(await isLoopback(host))) throw new AppError('not_loopback', { host });
}

/** False where the host is, or may be, an address that others can reach. */
export async function isLoopback(host: string): Promise<boolean> {
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8);
  loopback.addAddress('::1', 'ipv6');
  const addresses = await lookup(host, { all: true }).catch(() => []);
  const local = addresses.every(({ address }) => loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'));
  return addresses.length > 0 && local;
}

async function listen(app: App, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port, listenTextResolver: (address) => `Listening on ${address}` });
  } catch (error) {
    await app.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new AppError('port_in_use', { host, port }, { cause: error });
    throw error;
  }
}
