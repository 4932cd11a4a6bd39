/** The live monitor in the server: its own thread, its store, its API and its events, on a simulated home. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AlertReport,
  alertListSchema,
  alertReportSchema,
  type Device,
  deviceListSchema,
  eventSchema,
  expectedSchema,
  type LiveAlert,
  monitorSchema,
  muteListSchema,
  trafficSchema,
} from '../../src/api/contract.ts';
import { createLog } from '../../src/log.ts';
import { createLiveMonitor, type RunningLiveMonitor } from '../../src/monitor/server/live-monitor.ts';
import { MonitorSession } from '../../src/monitor/server/session.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import type { Store } from '../../src/store/store.ts';
import { type LiveParts, liveOptions, smallHome, until } from '../live.ts';
import { makeDirectory, send, startServer, type TestServer } from '../server.ts';

const json = { 'content-type': 'application/json' };
const HOSTILE = `<img src=x onerror=alert(1)>"'; drop table live_device; -- \u202egnp`;

describe('a home that is watched', () => {
  const directory = makeDirectory();
  let server: TestServer;
  let monitor: RunningLiveMonitor;
  let live: LiveParts;
  let raised: LiveAlert;

  const get = async (path: string) => {
    const { status, text } = await send(`${server.url}/api/v1/${path}`);
    return { status, body: JSON.parse(text) };
  };
  const change = async (method: string, path: string, body: unknown = {}) => {
    const text = JSON.stringify(body);
    const headers = { ...json, 'content-length': String(Buffer.byteLength(text)) };
    const answer = await send(`${server.url}/api/v1/${path}`, { method, headers, body: text });
    return { status: answer.status, body: answer.text === '' ? null : JSON.parse(answer.text) };
  };
  const begin = async (): Promise<void> => {
    server = await startServer({
      directory,
      live: async (store: Store) => {
        live = liveOptions(store, directory);
        monitor = await createLiveMonitor(live.options);
        return { monitor, bus: live.options.bus };
      },
    });
  };
  const end = async (): Promise<void> => {
    await monitor.close();
    await server.stop();
  };
  const isRaised = (event: { type: string }): event is { type: 'alert.raised'; alert: LiveAlert } =>
    event.type === 'alert.raised';

  beforeAll(async () => {
    await begin();
    await monitor.resume({ demo: smallHome });
    raised = (await until(() => live.events.find(isRaised))).alert;
  }, 90_000);
  afterAll(async () => {
    await end();
    rmSync(directory, { recursive: true });
  });

  test('learns, watches and raises the scan, by events that are as the contract says', async () => {
    for (const event of live.events) eventSchema.parse(event);
    const states = live.events.flatMap((event) => (event.type === 'monitor.state' ? [event.state] : []));
    expect(states).toEqual(['starting', 'learning', 'watching']);
    expect(raised).toMatchObject({ kind: 'scan', status: 'open', id: 1 });
    expect(live.told.alerts[0]).toEqual(raised);
    expect(raised.mac).toBe(raised.address);
    await until(() => live.events.some(({ type }) => type === 'monitor.traffic'));
    await until(() => live.events.some(({ type }) => type === 'alert.updated'), 20);
    expect(live.told.alerts.filter(({ raised_ts, updated_ts }) => raised_ts === updated_ts)).toHaveLength(1);
  });

  test('state, devices, alerts with connections and traffic are there to read', async () => {
    const status = monitorSchema.parse((await get('monitor')).body);
    expect(status).toMatchObject({ state: 'watching', source: 'demo', open_alerts: 1 });
    await expect(monitor.start('lo')).rejects.toMatchObject({ code: 'demo_only' });
    expect(status.sentence).toBe('1 device needs attention.');
    expect(status.learned_seconds).toBeGreaterThanOrEqual(status.learn_seconds);
    const { devices } = deviceListSchema.parse((await get('devices')).body);
    expect(devices.length).toBeGreaterThanOrEqual(4);
    const culprit = devices.find(({ mac }) => mac === raised.mac)!;
    expect(culprit).toMatchObject({ open_alerts: 1, risk: expect.any(String), learning: false, monitored: true });
    expect(culprit.learned_seconds).toBeGreaterThan(600);
    const list = alertListSchema.parse((await get('alerts?limit=1')).body);
    expect(list.alerts.map(({ id }) => id)).toEqual([raised.id]);
    const report = await until(async () => {
      const found = alertReportSchema.parse((await get(`alerts/${raised.id}`)).body);
      return found.connections.length > 0 && found;
    }, 30);
    expect(report.connections.every(({ id_orig_h }) => id_orig_h === raised.hosts[0])).toBe(true);
    for (const query of ['minutes=120', `minutes=120&device=${raised.mac}`]) {
      const { step, points } = trafficSchema.parse((await get(`monitor/traffic?${query}`)).body);
      expect(step).toBe(60);
      expect(points.length).toBeGreaterThan(30);
      expect(points.map(({ ts }) => ts)).toEqual(points.map(({ ts }) => ts).toSorted((a, b) => a - b));
    }
  });

  test('a name of the owner stays text, and is used', async () => {
    const named = await change('PATCH', `devices/${raised.mac}`, { name: HOSTILE });
    expect(named.status).toBe(200);
    expect(named.body).toMatchObject({ name: HOSTILE, owner_name: HOSTILE });
    expect((await get(`devices/${raised.mac}`)).body.name).toBe(HOSTILE);
    expect(live.told.met.at(-1)).toEqual({ address: raised.mac, name: HOSTILE });
    const alert = async (): Promise<AlertReport> => (await get(`alerts/${raised.id}`)).body;
    const texts = ({ device, sentence, advice }: LiveAlert): string => [device, sentence, ...advice].join(' ');
    expect((await alert()).device).toBe(HOSTILE);
    expect(texts(await alert())).toContain(`on ${HOSTILE}.`);
    expect(texts(await alert())).not.toContain(raised.device);
    expect((await get('alerts')).body.alerts[0].sentence).toBe((await alert()).sentence);
    const unnamed = await change('PATCH', `devices/${raised.mac}`, { name: null });
    expect(unnamed.body.owner_name).toBeNull();
    expect(texts(await alert())).toContain(raised.device);
    expect(texts(await alert())).not.toContain(HOSTILE);
  });

  test.each([
    ['PATCH', 'devices/nobody', { monitored: true }, 404, 'device_not_found'],
    ['PATCH', 'devices/x', { colour: 'red' }, 400, 'invalid_request'],
    ['DELETE', 'devices/02:00:00:00:00:99', {}, 404, 'device_not_found'],
    ['POST', 'devices/x/merge', { into: 'y' }, 404, 'device_not_found'],
    ['POST', 'alerts/999/acknowledge', {}, 404, 'alert_not_found'],
    ['POST', 'alerts/1e1/expected', {}, 404, 'alert_not_found'],
    ['DELETE', 'mutes/none', {}, 404, 'mute_not_found'],
    ['POST', 'mutes', {}, 400, 'invalid_request'],
    ['POST', 'mutes', { kind: 'flood', until: 1 }, 400, 'mute_is_over'],
    ['POST', 'mutes', { kind: 'flood', until: -1e99 }, 400, 'mute_is_over'],
    ['POST', 'discovery', {}, 409, 'nobody_to_ask'],
    ['POST', 'monitor/start', { interface: 'eth0; rm -rf /' }, 400, 'no_such_interface'],
    ['POST', 'monitor/start', { interface: '-z/tmp/x' }, 400, 'no_such_interface'],
  ])('%s %s %j is %i %s', async (method, path, body, status, code) => {
    const answer = await change(method, path, body);
    expect(answer).toMatchObject({ status, body: { code } });
  });

  test('takes no change that another site or a form could have sent, and no giant', async () => {
    const path = `${server.url}/api/v1/devices/${raised.mac}`;
    const body = '{"monitored":false}';
    const codes = [];
    const refused: Record<string, string>[] = [
      { 'content-type': 'text/plain' },
      {},
      { ...json, origin: 'https://evil.example' },
      { ...json, 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of refused) {
      const { status, text } = await send(path, { method: 'PATCH', headers, body });
      codes.push([status, JSON.parse(text).code]);
    }
    expect(codes).toEqual([
      [415, 'not_json'],
      [415, 'not_json'],
      [403, 'foreign_origin'],
      [403, 'foreign_origin'],
    ]);
    const large = await send(path, { method: 'PATCH', headers: json, body: `{"name":"${'x'.repeat(70_000)}"}` });
    expect([400, 413]).toContain(large.status);
    const poisoned = await send(path, { method: 'PATCH', headers: json, body: '{"__proto__":{"monitored":false}}' });
    expect(poisoned.status).toBe(400);
    expect((await get(`devices/${raised.mac}`)).body.monitored).toBe(true);
  });

  test('acknowledged, open again, expected, and taken back', async () => {
    const acknowledged = await change('POST', `alerts/${raised.id}/acknowledge`);
    expect(acknowledged.body.status).toBe('acknowledged');
    expect((await get('monitor')).body.open_alerts).toBe(0);
    expect(((await get(`devices/${raised.mac}`)).body as Device).risk).toBeNull();
    expect((await change('POST', `alerts/${raised.id}/reopen`)).body.status).toBe('open');
    const expected = expectedSchema.parse((await change('POST', `alerts/${raised.id}/expected`)).body);
    expect(expected.alert.status).toBe('expected');
    expect(expected.points).toBeGreaterThan(0);
    // A rule has raised it.
    expect(expected.usual_per_week).toBeNull();
    // Said again, also twice at once, it changes nothing.
    const path = `alerts/${raised.id}/expected`;
    for (const { body } of await Promise.all([change('POST', path), change('POST', path)])) {
      expect(body).toMatchObject({ mute: expected.mute, points: expected.points, usual_per_week: null });
    }
    const { mutes } = muteListSchema.parse((await get('mutes')).body);
    const exception = {
      id: expected.mute,
      kind: 'scan',
      device: raised.mac,
      reason: 'expected',
      alert: raised.id,
    };
    expect(mutes).toMatchObject([exception]);
    expect((await change('DELETE', `mutes/${expected.mute}`)).status).toBe(204);
    expect((await get('mutes')).body.mutes).toEqual([]);
    expect((await get(`alerts/${raised.id}`)).body.status).toBe('open');
  });

  test('a mute says beforehand what it would have hidden', async () => {
    const preview = await change('POST', 'mutes/preview', { kind: 'scan' });
    expect(preview.body).toMatchObject({ count: 1, alerts: [{ id: raised.id }] });
    expect((await change('POST', 'mutes/preview', { kind: 'flood' })).body.count).toBe(0);
    const mute = await change('POST', 'mutes', { kind: 'flood' });
    expect(mute.body).toMatchObject({ kind: 'flood', reason: 'muted', hidden: { count: 0 } });
  });

  test('after a restart everything is there, and the alert goes on without being told again', async () => {
    const before = (await get('devices')).body.devices as Device[];
    await end();
    const ended = Math.floor(Date.now() / 60_000) * 60;
    await begin();
    const past = async () =>
      trafficSchema.parse((await get('monitor/traffic?minutes=120')).body).points.filter(({ ts }) => ts < ended);
    const pastBefore = await past();
    expect(live.told.resumed).toEqual([raised.id]);
    expect((await get('monitor')).body).toMatchObject({ state: 'off', open_alerts: 1 });
    expect((await get('mutes')).body.mutes).toHaveLength(1);
    await monitor.resume({ demo: smallHome });
    const updated = await until(() => live.events.find(({ type }) => type === 'alert.updated'), 60);
    expect(updated).toMatchObject({ alert: { id: raised.id } });
    expect(live.events.filter(isRaised)).toEqual([]);
    expect((await get('alerts')).body.alerts).toHaveLength(1);
    const after = (await get('devices')).body.devices as Device[];
    for (const { mac, first_seen } of before)
      expect(after.find((device) => device.mac === mac)?.first_seen).toBe(first_seen);
    expect((await get('monitor')).body.learned_seconds).toBeGreaterThanOrEqual(2400);
    const known = before.find(({ gateway }) => gateway)!;
    await until(async () => {
      const { online, packets, learning } = (await get(`devices/${known.mac}`)).body as Device;
      return online && packets > known.packets && !learning;
    }, 30);
    // Its past does not go by once more.
    expect(pastBefore.length).toBeGreaterThan(30);
    const next = await past();
    expect(next).toEqual(pastBefore.filter(({ ts }) => ts >= next[0].ts));
    // What was learned is known: nobody learns for another hour.
    const states = live.events.flatMap((event) => (event.type === 'monitor.state' ? [event.state] : []));
    expect(states).toEqual(['starting', 'watching']);
  }, 90_000);

  test('two entries become one device, which has the past of both', async () => {
    const { devices } = (await get('devices')).body as { devices: Device[] };
    const [older, younger] = devices.filter(({ mac, gateway }) => mac !== raised.mac && !gateway);
    await change('PATCH', `devices/${younger.mac}`, { name: 'Hall' });
    const merged = await change('POST', `devices/${younger.mac}/merge`, { into: older.mac });
    expect(merged.status).toBe(200);
    expect(merged.body).toMatchObject({ mac: older.mac, macs: [older.mac, younger.mac], name: 'Hall' });
    expect(merged.body.packets).toBeGreaterThanOrEqual(older.packets + younger.packets);
    expect((await get('devices')).body.devices).toHaveLength(devices.length - 1);
    expect((await get(`devices/${younger.mac}`)).body.mac).toBe(older.mac);
    const again = await change('POST', `devices/${older.mac}/merge`, { into: older.mac });
    expect(again).toMatchObject({ status: 404, body: { code: 'device_not_found' } });
  });

  test('a device that is forgotten leaves nothing behind', async () => {
    expect((await change('DELETE', `devices/${raised.mac}`)).status).toBe(204);
    expect(live.events).toContainEqual({ type: 'device.forgotten', mac: raised.mac });
    expect((await get('alerts')).body.alerts).toEqual([]);
    expect((await get(`monitor/traffic?minutes=120&device=${raised.mac}`)).body.points.length).toBeLessThan(3);
    expect(live.told.forgot).toEqual(expect.arrayContaining([raised.mac, raised.hosts[0]]));
  });
});

test('a thread that dies is started again, and the time without it is a gap', async () => {
  const directory = makeDirectory();
  const store = await openSqliteStore({ directory, log: createLog({ level: 'silent' }) });
  const { options, told, events } = liveOptions(store, directory);
  const watching = new MonitorSession(options);
  await watching.load();
  await watching.start({ demo: { ...smallHome, attacks: [] } }, { lasting: false });
  await until(() => told.sights.some(({ state }) => state === 'learning'));
  // What nobody would ever ask: it ends the thread as a fault of its own would.
  await expect(watching.thread!.ask('own', null as never)).rejects.toMatchObject({ code: 'monitor_off' });
  expect(watching.sight).toMatchObject({ state: 'blind', reason: expect.stringContaining('has failed') });
  // What there is to learn may be learned before and after.
  const states = (): string[] => told.sights.map(({ state }) => state).filter((state) => state !== 'watching');
  await until(() => states().length > 3, 20);
  expect(states()).toEqual(['starting', 'learning', 'blind', 'learning']);
  await until(() => events.filter(({ type }) => type === 'monitor.gap').length > 1);
  const gaps = events.flatMap((event) => (event.type === 'monitor.gap' ? [event.gap] : []));
  expect(gaps.map(({ to }) => to)).toEqual([null, expect.any(Number)]);
  expect(gaps[1].to! - gaps[1].from).toBeGreaterThan(0.5);
  expect(await store.live.records.gaps(9)).toEqual([gaps[1]]);
  await watching.stop();
  await store.close();
  rmSync(directory, { recursive: true });
}, 60_000);
