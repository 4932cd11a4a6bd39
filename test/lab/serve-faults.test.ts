/** The server on a real interface while things go wrong: it says so, tells the owner, and recovers by itself. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlertList, MonitorStatus } from '../../src/api/contract.ts';
import { readCapture } from '../../src/source/capture/read-capture.ts';
import { createCertificate } from '../conformance/notify/certificate.ts';
import { type HttpSink, startHttpSink } from '../conformance/notify/http-sink.ts';
import { closedPort, type Sink } from '../conformance/notify/sink.ts';
import { type ReceivedMail, startSmtpSink } from '../conformance/notify/smtp-sink.ts';
import { makeDirectory, type Product, removeDirectory, startProduct, trafficCsv } from '../e2e/product.ts';
import { until } from '../live.ts';
import { describeWith } from '../needs.ts';
import { createLab, type Lab, noLab, SEND } from './lab.ts';

const certificate = createCertificate({ names: ['localhost'] });
describeWith(noLab, 'the server on an interface, with receivers', () => {
  let lab: Lab;
  let directory: string;
  let http: HttpSink;
  let smtp: Sink<ReceivedMail>;
  let broker: ChildProcess;
  let mqtt: MqttClient;
  let product: Product | null;
  const published: string[] = [];

  beforeEach(async () => {
    product = null;
    lab = createLab();
    directory = makeDirectory();
    [http, smtp] = await Promise.all([
      startHttpSink('ok'),
      startSmtpSink({ behaviour: 'ok', security: 'ssl', certificate, login: 'me@example.org:app-password' }),
    ]);
    await startBroker();
  });
  afterEach(async () => {
    await product?.stop();
    await mqtt.endAsync(true);
    broker.kill();
    await Promise.all([http.close(), smtp.close()]);
    lab.remove();
    removeDirectory(directory);
  });

  async function startBroker(): Promise<void> {
    const port = await closedPort();
    const file = path.join(directory, 'mosquitto.conf');
    writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
    broker = spawn('mosquitto', ['-c', file], { stdio: 'ignore' });
    const url = `mqtt://127.0.0.1:${port}`;
    mqtt = await until(() => connectAsync(url, { reconnectPeriod: 0 }).catch(() => null), 10);
    published.length = 0;
    mqtt.on('message', (topic, bytes) => published.push(`${topic} ${bytes}`));
    await mqtt.subscribeAsync('#', { qos: 1 });
    writeSettings(url);
  }

  function writeSettings(broker: string): void {
    const channels = [
      { kind: 'webhook', name: 'script', url: `http://127.0.0.1:${http.port}/hook` },
      { kind: 'mqtt', name: 'house', url: broker },
      {
        ...{
          kind: 'email',
          name: 'mail',
          to: ['family@example.org'],
          user: 'me@example.org',
          password: { env: 'PASSWORD' },
        },
        ...{ server: 'localhost', port: smtp.port, ca: certificate.cert },
      },
    ];
    const settings = {
      monitor: { interface: lab.interface, learnHours: 0 },
      retention: { packetMegabytes: 8 },
      notifications: { lanTargets: [`127.0.0.1:${http.port}`], channels },
    };
    // JSON is YAML.
    writeFileSync(path.join(directory, 'guardian.yaml'), JSON.stringify(settings));
  }

  async function start(data = path.join(directory, 'data')): Promise<void> {
    const flags = ['--config', path.join(directory, 'guardian.yaml')];
    product = await startProduct(data, { PASSWORD: 'app-password', MAIL_USER: '' }, flags);
    await reaches('watching', 20);
  }

  const monitor = async (): Promise<MonitorStatus> => (await fetch(`${product!.url}/api/v1/monitor`)).json();
  const reaches = (state: string, seconds: number) =>
    until(async () => {
      const status = await monitor();
      return status.state === state && status;
    }, seconds);
  const scan = (): Promise<number> => lab.run('nmap', '-n', '-Pn', '-sS', '-p', '1-400', lab.address);
  const alerts = async (): Promise<AlertList['alerts']> =>
    ((await (await fetch(`${product!.url}/api/v1/alerts`)).json()) as AlertList).alerts;
  const hooks = (): string => JSON.stringify(http.received);

  function captureTool(): number {
    const pid = product!.child.pid!;
    return Number(execFileSync('pgrep', ['-P', String(pid), 'tcpdump|dumpcap'], { encoding: 'utf8' }).trim());
  }

  test('a scan is told by webhook, mail and MQTT within 10 s', async () => {
    await start();
    const began = performance.now();
    const scanned = scan();
    const told = (text: string): boolean => text.includes(lab.inside);
    await until(() => told(hooks()), 10);
    await until(() => smtp.received.some(({ data }) => told(data)), 10);
    await until(() => published.some((message) => message.startsWith('guardian/alert') && told(message)), 10);
    expect((performance.now() - began) / 1000).toBeLessThan(10);
    await scanned;
    expect((await alerts()).map(({ kind }) => kind)).toEqual(['scan']);

    // And what it was, for whoever wants to look closer.
    await product!.stop();
    const packets = path.join(directory, 'data/packets');
    const [file, ...others] = readdirSync(packets);
    expect(others).toEqual([]);
    const { parsed } = await readCapture(path.join(packets, file), () => {});
    expect(parsed).toBeGreaterThan(400);
  }, 60_000);

  test('a capture tool that is killed: the API says so within 5 s, the page goes on, and the server is the same', async () => {
    await start();
    const pid = captureTool();
    process.kill(pid, 'SIGKILL');
    expect((await reaches('degraded', 5)).reason).toContain('SIGKILL');
    expect((await fetch(`${product!.url}/history`)).status).toBe(200);
    const { gaps } = await reaches('watching', 10);
    expect(gaps[0].to! - gaps[0].from).toBeGreaterThan(0.5);
    expect(captureTool()).not.toBe(pid);
    expect(product!.child.exitCode).toBeNull();
  }, 60_000);

  test('the owner is told when Guardian is blind, and when it can see again', async () => {
    await start();
    lab.ip('link', 'set', lab.interface, 'down');
    await reaches('degraded', 5);
    await reaches('blind', 20);
    await until(() => /blind|nothing|cannot see/i.test(hooks()), 10);
    const before = http.received.length;
    lab.ip('link', 'set', lab.interface, 'up');
    await reaches('watching', 10);
    await until(() => http.received.length > before, 20);
  }, 90_000);

  test('a disk that is full stops neither the capture nor the telling, and is written again once there is room', async () => {
    const data = path.join(directory, 'small');
    mkdirSync(data);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', data]);
    try {
      await start(data);
      const filler = path.join(data, 'filler');
      expect(() => {
        for (;;) appendFileSync(filler, Buffer.alloc(4096, 1));
      }).toThrow(/ENOSPC/);
      const { account } = await monitor();
      await lab.run(process.execPath, '-e', SEND, lab.address, '200');
      await scan();
      await until(() => hooks().includes(lab.inside), 15);
      expect((await fetch(`${product!.url}/history`)).status).toBe(200);
      expect((await alerts()).map(({ kind }) => kind)).toEqual(['scan']);
      expect(readFileSync(filler).length).toBeGreaterThan(1 << 20);
      rmSync(filler);
      const form = new FormData();
      form.set('file', new Blob([trafficCsv()]), 'traffic.csv');
      await until(async () => (await fetch(`${product!.url}/upload`, { method: 'POST', body: form })).ok, 30);
      await reaches('watching', 30);
      await until(async () => (await monitor()).account.parsed > account.parsed, 15);
      expect(product!.child.exitCode).toBeNull();
    } finally {
      await product?.stop();
      product = null;
      execFileSync('umount', [data]);
    }
  }, 120_000);

  test('a mail server that hangs holds up nothing else', async () => {
    await smtp.close();
    smtp = await startSmtpSink({ behaviour: 'hang', security: 'ssl', certificate });
    const file = path.join(directory, 'guardian.yaml');
    const settings = JSON.parse(readFileSync(file, 'utf8'));
    settings.notifications.channels[2].port = smtp.port;
    writeFileSync(file, JSON.stringify(settings));
    await start();
    const scanned = scan();
    await until(() => hooks().includes(lab.inside), 10);
    await scanned;
    expect((await monitor()).state).toBe('watching');
    expect(await fetch(`${product!.url}/history`).then(({ status }) => status)).toBe(200);
    const stopping = once(product!.child, 'exit');
    product!.child.kill('SIGTERM');
    const began = performance.now();
    await stopping;
    expect((performance.now() - began) / 1000).toBeLessThan(12);
  }, 60_000);
});
