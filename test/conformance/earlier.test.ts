/** What earlier versions have written opens in this one, and nothing that it holds is lost. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  alertListSchema,
  alertReportSchema,
  deviceListSchema,
  monitorSchema,
  muteListSchema,
  notificationsSchema,
} from '../../src/api/contract.ts';
import { Engine } from '../../src/detector/engine.ts';
import { loadBaselineModel } from '../../src/model/baseline-model.ts';
import { currentVersion } from '../../src/model/versions.ts';
import { createLiveMonitor, type RunningLiveMonitor } from '../../src/monitor/server/live-monitor.ts';
import { loadState } from '../../src/monitor/worker/state-file.ts';
import { simulateToFile } from '../../src/simulator/write.ts';
import { createNetworkTrainer } from '../../src/training/network-trainer.ts';
import { guardian } from '../cli/guardian.ts';
import { type LiveParts, liveOptions, smallHome, until } from '../live.ts';
import { startServer, type TestServer } from '../server.ts';

const earlier = path.join(import.meta.dirname, '../earlier/0.1.0');
const packed = (name: string): Buffer => gunzipSync(readFileSync(path.join(earlier, 'data', `${name}.gz`)));

describe('a data folder of 0.1.0', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'guardian-earlier-'));
  const data = path.join(directory, 'data');
  const stateFile = path.join(data, 'monitor-state.json');
  let server: TestServer;
  let monitor: RunningLiveMonitor;
  let live: LiveParts;
  const get = async (what: string): Promise<unknown> => {
    const answer = await fetch(`${server.url}/api/v1/${what}`);
    expect(answer.status, what).toBe(200);
    return answer.json();
  };

  beforeAll(async () => {
    const data = path.join(directory, 'data');
    mkdirSync(data, { mode: 0o700 });
    writeFileSync(path.join(data, 'guardian.db'), packed('guardian.db'));
    writeFileSync(stateFile, packed('monitor-state.json'));
    cpSync(path.join(earlier, 'data/secret.key'), path.join(data, 'secret.key'));
    server = await startServer({
      directory,
      live: async (store) => {
        live = liveOptions(store, data);
        monitor = await createLiveMonitor(live.options);
        return { monitor, bus: live.options.bus };
      },
    });
  });
  afterAll(async () => {
    await monitor.close();
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  test('shows its scans', async () => {
    const { scans } = (await get('scans')) as { scans: { id: number; file: string }[] };
    expect(scans.map(({ file }) => file)).toEqual(['conns.csv', 'attack.pcap']);
    for (const { id, file } of scans) {
      const scan = (await get(`scans/${id}`)) as { alerts: { kind: string; sentence: string }[]; devices: unknown[] };
      const alert = scan.alerts.find(({ kind }) => kind === 'scan');
      expect(alert?.sentence).toContain('192.168.1.198');
      // A CSV is judged in the order of the file, not device by device.
      expect(scan.devices).toHaveLength(file === 'conns.csv' ? 0 : 3);
    }
  });

  test('shows its devices, and the name that the owner gave', async () => {
    const { devices } = deviceListSchema.parse(await get('devices'));
    expect(devices.map(({ kind }) => kind).toSorted()).toEqual(['camera', 'hub', 'plug', 'router']);
    expect(devices.find(({ kind }) => kind === 'camera')).toMatchObject({
      name: 'Front door',
      owner_name: 'Front door',
      announced_name: 'RLC-410W',
      open_alerts: 1,
    });
  });

  test('shows its alerts with their sentences and connections', async () => {
    const { alerts } = alertListSchema.parse(await get('alerts'));
    expect(alerts.map(({ kind, status }) => [kind, status])).toEqual([
      ['brute-force', 'expected'],
      ['scan', 'open'],
    ]);
    expect(alerts[1].sentence).toContain('Front door tried');
    for (const { id } of alerts) {
      const { connections } = alertReportSchema.parse(await get(`alerts/${id}`));
      expect(connections.length).toBeGreaterThan(10);
    }
  });

  test('keeps its mutes, and what was said to be expected can be taken back', async () => {
    const { mutes } = muteListSchema.parse(await get('mutes'));
    expect(mutes).toMatchObject([
      { kind: 'brute-force', device: '192.168.1.198', destination: '192.168.1.72', reason: 'expected', alert: 2 },
      { kind: 'new-device', reason: 'muted' },
      { destination: '203.0.113.9', until: 4_102_444_800, reason: 'muted' },
    ]);
    const headers = { 'content-type': 'application/json' };
    const undo = { method: 'DELETE', headers, body: '{}' };
    expect((await fetch(`${server.url}/api/v1/mutes/${mutes[0].id}`, undo)).status).toBe(204);
    const { alerts } = alertListSchema.parse(await get('alerts'));
    expect(alerts.map(({ status }) => status)).toEqual(['open', 'open']);
  });

  test('keeps its channel with its sealed token, its rule, its options and its messages', async () => {
    const settings = notificationsSchema.parse(await get('notifications'));
    expect(settings.channels).toMatchObject([
      { name: 'hook', kind: 'webhook', settings: { url: 'http://127.0.0.1:9/alert', token: { set: true } } },
    ]);
    expect(settings.rules).toMatchObject([
      {
        name: 'night',
        minSeverity: 'High',
        quietHours: { from: '22:00', to: '07:00' },
        escalate: [{ afterMinutes: 15, channels: ['hook'] }],
      },
    ]);
    expect(JSON.stringify(settings)).toContain('Europe/Berlin');
    const { deliveries } = (await get('notifications/deliveries')) as { deliveries: { scan: number | null }[] };
    expect(deliveries.map(({ scan }) => scan)).toContain(2);
    // The channel is switched on only where its token could be unsealed.
    expect(settings.channels[0]).toMatchObject({ enabled: true });
  });

  test('goes on with what the monitor had learned', async () => {
    const before = (await loadState(stateFile))!;
    expect(before.devices).toHaveLength(4);
    await monitor.resume({ demo: { ...smallHome, attacks: [] } });
    await until(() => live.events.some((event) => event.type === 'monitor.state' && event.state === 'watching'));
    const states = live.events.flatMap((event) => (event.type === 'monitor.state' ? [event.state] : []));
    expect(states).toEqual(['starting', 'watching']);
    const status = monitorSchema.parse(await get('monitor'));
    expect(status.learned_seconds).toBeGreaterThanOrEqual(before.learned);
    const { devices } = deviceListSchema.parse(await get('devices'));
    for (const { mac, first_seen } of before.devices) {
      expect(devices.find((device) => device.mac === mac)).toMatchObject({ first_seen, learning: false });
    }
  });
});

describe('a model folder of 0.1.0', () => {
  const directory = path.join(earlier, 'model');

  test('is loaded into an engine, which goes on with all of it', async () => {
    const { manifest, text } = await loadBaselineModel(currentVersion(directory));
    expect(manifest.training).toMatchObject({ files: ['h2.pcap'], devices: 3 });
    const engine = new Engine({ trainer: createNetworkTrainer() });
    engine.load(JSON.parse(text));
    engine.begin();
    const known = engine.devices();
    expect(known.map(({ address }) => address)).toContain('192.168.50.42');
    expect(known.find(({ address }) => address === '192.168.50.109')!.points).toBeGreaterThan(2900);
    const again = new Engine({ trainer: createNetworkTrainer() });
    again.load(JSON.parse(JSON.stringify(engine.save())));
    again.begin();
    expect(again.devices()).toEqual(known);
  });

  test('finds in a capture of its home what it had not learned', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'guardian-earlier-'));
    const capture = path.join(folder, 'home.pcap');
    const attack = { kind: 'scan', at: 300 };
    await simulateToFile(capture, { devices: ['hub', 'camera'], hours: 0.2, seed: 3, bulk: 0.004, attacks: [attack] });
    const run = await guardian(['scan', capture, '--model', directory, '--json']);
    expect(run.stderr).not.toContain('Error');
    const { alerts } = JSON.parse(run.stdout) as { alerts: { kind: string; sentence: string }[] };
    const kinds = alerts.map(({ kind }) => kind);
    expect(kinds).toContain('scan');
    // Its devices are known from the model.
    expect(kinds).not.toContain('new-device');
    rmSync(folder, { recursive: true });
  });
});
