/** Metrics as Prometheus reads them, and the two questions of a supervisor. */
import { afterEach, expect, test } from 'vitest';
import type { MonitorStatus } from '../../src/api/contract.ts';
import type { LiveMonitor } from '../../src/api/port/live-monitor.ts';
import { NOON, newFlow } from '../conformance/history.ts';
import { startServer, type TestServer } from '../server.ts';

let server: TestServer;
afterEach(() => server.stop());
const get = (path: string): Promise<Response> => fetch(server.url + path);

/** As far as the metrics ask: a monitor that has lost one packet in eight. */
const status = {
  ...{ state: 'degraded', learned_seconds: 3600, open_alerts: 2 },
  account: { parsed: 6, rejected: { 'decode.too_small': 1 }, dropped: { kernel: 1 }, connections: 3 },
  devices: { known: 4, online: 3, monitored: 4, learning: 0, at_risk: 1 },
} as unknown as MonitorStatus;
const monitor = { status: async () => status } as unknown as LiveMonitor;

test('metrics have help, a type and a number each, and are of what is there', async () => {
  server = await startServer({ history: true, live: async () => ({ monitor }) });
  await server.history!.add([newFlow()]);
  const response = await get('/metrics');
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, value] = /^([a-z_:][\w:]*(?:\{[^}]*\})?) (\S+)$/i.exec(line) ?? [];
    expect(name, line).toBeDefined();
    values.set(name, Number(value));
    const metric = name.replace(/\{.*|_(bucket|sum|count)(\{.*)?$/, '');
    expect(text).toMatch(new RegExp(`^# HELP ${metric}`, 'm'));
  }
  expect(values.get('guardian_history_oldest_timestamp_seconds')).toBe(NOON + 0.125);
  expect(values.get('guardian_history_bytes')).toBeGreaterThan(4096);
  expect(values.get('guardian_scans')).toBe(0);
  expect(values.get('guardian_info{version="0.0.0-test"}')).toBe(1);
  expect(values.get('guardian_packets_total{outcome="dropped"}')).toBe(1);
  expect(values.get('guardian_monitor_state{state="degraded"}')).toBe(1);
  expect(values.get('guardian_monitor_state{state="watching"}')).toBe(0);
  expect(values.get('guardian_devices{state="at_risk"}')).toBe(1);
  expect(values.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
});

test('a supervisor learns that it answers, and what it waits for', async () => {
  let isGone = false;
  server = await startServer({
    wrapStore: (store) => ({
      ...store,
      countScans: () => (isGone ? Promise.reject(new Error('gone')) : store.countScans()),
    }),
  });
  expect([(await get('/healthz')).status, await (await get('/readyz')).json()]).toEqual([
    200,
    { status: 'ready', missing: [] },
  ]);
  isGone = true;
  const response = await get('/readyz');
  expect([response.status, await response.json()]).toEqual([503, { status: 'not ready', missing: ['database'] }]);
  expect((await get('/healthz')).status).toBe(200);
});
