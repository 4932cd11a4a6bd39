/** GET /metrics: what Guardian sees and takes, for Prometheus. Names have their units, as Prometheus asks for. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { z } from 'zod';
import type { FlowHistory } from '../../store/history/flow.ts';
import type { Store } from '../../store/store.ts';
import type { App } from '../app.ts';
import { errorSchema, type MonitorStatus, monitorStates } from '../contract.ts';
import type { LiveMonitor } from '../port/live-monitor.ts';

export interface MetricsOptions {
  store: Store;
  history: FlowHistory | null;
  monitor?: LiveMonitor;
  version: string;
}

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, one) => all + one, 0);

export function metricsRoute(app: App, options: MetricsOptions): void {
  const registry = createRegistry(options);
  app.get(
    '/metrics',
    {
      schema: {
        summary: 'Metrics for Prometheus',
        response: {
          200: { content: { 'text/plain': { schema: z.string() } } },
          '4xx': errorSchema,
          '5xx': errorSchema,
        },
      },
    },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}

function createRegistry({ store, history, monitor, version }: MetricsOptions): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const info = new Gauge({
    name: 'guardian_info',
    help: 'Which Guardian this is.',
    labelNames: ['version'],
    registers,
  });
  info.set({ version }, 1);
  new Gauge({
    ...{ name: 'guardian_scans', help: 'Analysed uploads that are kept.', registers },
    async collect() {
      this.set(await store.countScans());
    },
  });
  new Gauge({
    ...{ name: 'guardian_database_bytes', help: 'What the database holds.', registers },
    async collect() {
      this.set(await store.usedBytes());
    },
  });
  if (history) historyMetrics(registry, history);
  if (monitor) monitorMetrics(registry, monitor);
  return registry;
}

function historyMetrics(registry: Registry, history: FlowHistory): void {
  const registers = [registry];
  new Gauge({
    ...{ name: 'guardian_history_bytes', help: 'What the history of connections holds.', registers },
    async collect() {
      this.set(await history.usedBytes());
    },
  });
  new Gauge({
    name: 'guardian_history_oldest_timestamp_seconds',
    help: 'When the oldest connection of the history began; 0 where there is none.',
    registers,
    async collect() {
      this.set((await history.oldest()) ?? 0);
    },
  });
}

/** They are read at the same time: one question to the monitor answers all of them. */
function monitorMetrics(registry: Registry, monitor: LiveMonitor): void {
  let asked: Promise<MonitorStatus> | null = null;
  const ask = (): Promise<MonitorStatus> => {
    asked ??= monitor.status().finally(() => {
      asked = null;
    });
    return asked;
  };
  const gauge = (
    name: string,
    help: string,
    show: (gauge: Gauge, status: MonitorStatus) => void,
    labels: string[] = [],
  ) =>
    new Gauge({
      ...{ name, help, labelNames: labels, registers: [registry] },
      async collect() {
        show(this, await ask());
      },
    });
  const counter = (
    name: string,
    help: string,
    show: (counter: Counter, status: MonitorStatus) => void,
    labels: string[] = [],
  ) =>
    new Counter({
      ...{ name, help, labelNames: labels, registers: [registry] },
      async collect() {
        const status = await ask();
        this.reset();
        show(this, status);
      },
    });
  gauge(
    'guardian_monitor_state',
    'Whether the monitor sees: 1 for the state that it is in.',
    (metric, { state }) => {
      for (const one of monitorStates) metric.set({ state: one }, one === state ? 1 : 0);
    },
    ['state'],
  );
  counter(
    'guardian_packets_total',
    'Packets or records since the monitor began, by what became of them.',
    (metric, { account: { parsed, rejected, dropped } }) => {
      metric.inc({ outcome: 'parsed' }, parsed);
      metric.inc({ outcome: 'rejected' }, sum(rejected));
      metric.inc({ outcome: 'dropped' }, sum(dropped));
    },
    ['outcome'],
  );
  counter('guardian_connections_total', 'Connections since the monitor began.', (metric, { account }) =>
    metric.inc(account.connections),
  );
  gauge(
    'guardian_devices',
    'Devices of the network.',
    (metric, { devices }) => {
      for (const [state, count] of Object.entries(devices)) metric.set({ state }, count);
    },
    ['state'],
  );
  gauge('guardian_open_alerts', 'Alerts that nobody has looked at.', (metric, status) =>
    metric.set(status.open_alerts),
  );
  gauge('guardian_learned_seconds', 'How long the monitor has learned what is ordinary.', (metric, status) =>
    metric.set(status.learned_seconds),
  );
}
