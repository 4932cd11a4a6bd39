/** MQTT for Home Assistant: against our own broker what is sent, against a real Mosquitto that it is taken. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeWith } from '../../needs.ts';
import { alertMessage, createHarness } from './channel-suite.ts';
import { until } from './manual-clock.ts';
import { startMqttSink } from './mqtt-sink.ts';
import { closedPort } from './sink.ts';
import { hostileName } from './subject.ts';

const camera = {
  address: '02:00:5E:00:00:01',
  device: 'Hall camera',
  severity: 'High',
  kind: 'scan',
  sentence: 'Hall camera tried 214 addresses.',
  since: 1_792_152_000,
} as const;
const settings = (port: number, more = {}) => ({ kind: 'mqtt', url: `mqtt://127.0.0.1:${port}`, ...more });
const config = 'homeassistant/sensor/guardian_02_00_5e_00_00_01/risk/config';

describe('a broker', () => {
  test('is told of the risk of every device as Home Assistant documents it, retained', async () => {
    const sink = await startMqttSink('ok');
    const channel = createHarness().open(settings(sink.port));
    channel.setRisk!(camera);
    channel.start!();
    await until(() => sink.received.length === 4);
    expect(sink.received.every(({ retain }) => retain)).toBe(true);
    const messages = Object.fromEntries(sink.received.map(({ topic, payload }) => [topic, payload]));
    expect(messages['guardian/status']).toBe('online');
    expect(messages['guardian/device/02_00_5e_00_00_01/risk']).toBe('High');
    expect(JSON.parse(messages['guardian/device/02_00_5e_00_00_01/attributes'])).toEqual({
      address: camera.address,
      kind: 'scan',
      sentence: camera.sentence,
      since: camera.since,
    });
    expect(JSON.parse(messages[config])).toEqual({
      name: 'Risk',
      unique_id: 'guardian_02_00_5e_00_00_01_risk',
      default_entity_id: 'sensor.guardian_02_00_5e_00_00_01_risk',
      device_class: 'enum',
      options: ['None', 'Low', 'Medium', 'High', 'Critical'],
      icon: 'mdi:shield-search',
      state_topic: 'guardian/device/02_00_5e_00_00_01/risk',
      json_attributes_topic: 'guardian/device/02_00_5e_00_00_01/attributes',
      availability_topic: 'guardian/status',
      device: {
        identifiers: ['guardian_02_00_5e_00_00_01'],
        name: 'Hall camera',
        connections: [['mac', '02:00:5e:00:00:01']],
      },
      origin: { name: 'Home IoT Guardian', sw_version: '1.2.3' },
    });
    expect(sink.will()).toEqual({ topic: 'guardian/status', payload: 'offline' });
    await channel.stop!();
    expect(sink.received.at(-1)).toEqual({ topic: 'guardian/status', payload: 'offline', retain: true });
    await sink.close();
  });

  test('hears when the risk is over, and when a device is forgotten', async () => {
    const sink = await startMqttSink('ok');
    const channel = createHarness().open(settings(sink.port));
    channel.start!();
    await until(() => sink.received.length === 1);
    channel.setRisk!(camera);
    channel.setRisk!({ ...camera, severity: null, kind: null, sentence: null, since: null });
    await until(() => sink.received.length === 7);
    expect(sink.received.filter(({ topic }) => topic.endsWith('/risk')).map(({ payload }) => payload)).toEqual([
      'High',
      'None',
    ]);
    channel.forget!(camera.address);
    await until(() => sink.received.length === 10);
    expect(sink.received.slice(7).map(({ payload, retain }) => [payload, retain])).toEqual(Array(3).fill(['', true]));
    await channel.stop!();
    await sink.close();
  });

  test('that was away when a device was forgotten hears it later, also of one of an earlier run', async () => {
    const { open, clock } = createHarness();
    const sink = await startMqttSink('ok');
    const channel = open(settings(sink.port));
    channel.setRisk!(camera);
    channel.forget!(camera.address);
    channel.forget!('02:00:5e:00:00:09');
    channel.start!();
    await until(() => sink.received.length === 7);
    const taken = sink.received.slice(1).map(({ topic, payload }) => `${topic} ${payload}`);
    expect(taken).toContain(`${config} `);
    expect(taken).toContain('guardian/device/02_00_5e_00_00_09/risk ');
    sink.cut();
    await until(() => sink.connections.open === 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await clock.advance(15_000);
    await until(() => sink.received.length === 8, 'nothing but the state again');
    await channel.stop!();
    await sink.close();
  });

  test('that restarts is told everything again, also when it was away at the start', async () => {
    const { open, clock } = createHarness();
    const sink = await startMqttSink('ok');
    const channel = open(settings(sink.port));
    channel.setRisk!(camera);
    channel.start!();
    await until(() => sink.received.length === 4);
    sink.cut();
    await until(() => sink.connections.open === 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await clock.advance(15_000);
    await until(() => sink.received.length === 8, 'everything again');
    await channel.stop!();
    await sink.close();

    const late = createHarness();
    const patient = late.open(settings(await closedPort()));
    patient.start!();
    await until(() => late.logged().includes('not reached'), 'the first attempt');
    await late.clock.advance(15_000);
    await until(() => late.logged().split('not reached').length === 3, 'the second attempt');
    await patient.stop!();
  });

  test('that never acknowledges is given up after ten seconds, and the message is not sent behind our back', async () => {
    const { open, send, clock } = createHarness();
    const sink = await startMqttSink('mute');
    const channel = open(settings(sink.port));
    channel.start!();
    await until(() => sink.received.length === 1);
    const result = send(channel, alertMessage());
    await until(() => sink.received.length === 2);
    await clock.advance(10_000);
    expect((await result).failure).toMatchObject({ code: 'delivery_timeout' });
    await until(() => sink.connections.open === 0);
    await clock.advance(15_000);
    await until(() => sink.connections.made === 2, 'a new connection');
    await until(() => sink.received.length === 3);
    expect(sink.received.map(({ topic }) => topic)).toEqual(['guardian/status', 'guardian/alert', 'guardian/status']);
    // Not even a farewell is acknowledged: that is waited for a second.
    const stopped = channel.stop!();
    await clock.advance(1000);
    await stopped;
    await sink.close();
  });

  test('is asked for no more devices than a home can have, and gets no topic from a name', async () => {
    const sink = await startMqttSink('ok');
    const channel = createHarness().open(settings(sink.port));
    for (let i = 0; i < 1200; i++)
      channel.setRisk!({ ...camera, address: `02:00:00:00:${(i >> 8).toString(16)}:${i & 255}/#+` });
    channel.setRisk!({ ...camera, address: '../../homeassistant/#', device: hostileName });
    channel.start!();
    await until(() => sink.received.length === 1 + 3 * 1000);
    expect(sink.received.filter(({ topic }) => !/^[\w-]+(\/[\w-]+)*$/.test(topic))).toEqual([]);
    await channel.stop!();
    await sink.close();
  });
});

const installed = [process.env.PATH ?? '', '/usr/sbin', '/usr/local/sbin']
  .join(':')
  .split(':')
  .map((folder) => path.join(folder, 'mosquitto'))
  .find((program) => spawnSync(program, ['-h']).error === undefined);

// With CI=true a missing broker fails instead.
describeWith(installed || process.env.CI ? null : 'mosquitto', 'Mosquitto', () => {
  let directory: string;
  let broker: ChildProcess;
  let port: number;
  let listener: MqttClient;
  const retained = new Map<string, string>();
  const seen: { topic: string; payload: string }[] = [];

  beforeEach(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'guardian-mosquitto-'));
    port = await closedPort();
    const file = path.join(directory, 'mosquitto.conf');
    writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
    broker = spawn(installed!, ['-c', file], { stdio: 'ignore' });
    retained.clear();
    seen.length = 0;
    await until(async () => {
      listener = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 }).catch(() => listener);
      return listener?.connected ?? false;
    }, 'Mosquitto');
    listener.on('message', (topic, bytes) => {
      seen.push({ topic, payload: String(bytes) });
      retained.set(topic, String(bytes));
    });
    await listener.subscribeAsync('#', { qos: 1 });
  });
  afterEach(async () => {
    await listener.endAsync(true);
    broker.kill();
    if (broker.exitCode === null) await once(broker, 'exit');
    rmSync(directory, { recursive: true });
  });

  test('takes alerts, sensors and the last will of a Guardian that is gone', async () => {
    const { open, send } = createHarness();
    const channel = open(settings(port));
    channel.setRisk!(camera);
    channel.start!();
    expect(await send(channel, alertMessage())).toMatchObject({ failure: null });
    await until(() => seen.some(({ topic }) => topic === 'guardian/alert'), 'the alert');
    await until(() => retained.has(config), 'the sensor');
    expect(JSON.parse(seen.find(({ topic }) => topic === 'guardian/alert')!.payload)).toMatchObject({
      type: 'alert',
      severity: 'High',
      alert: { kind: 'scan' },
    });
    expect(retained.get('guardian/status')).toBe('online');

    // Home Assistant that starts later still finds the sensor.
    const later = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
    const found: string[] = [];
    later.on('message', (topic, _, { retain }) => void found.push(`${topic} ${retain}`));
    await later.subscribeAsync('homeassistant/#');
    await until(() => found.includes(`${config} true`), 'the retained sensor');
    await later.endAsync(true);

    channel.forget!(camera.address);
    await until(() => retained.get(config) === '', 'the sensor to be gone');
    await channel.stop!();
    await until(() => retained.get('guardian/status') === 'offline', 'the farewell');
  });
});
