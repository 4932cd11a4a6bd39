/** The published mail after an upload with anomalies, from the product to a real SMTP server, and its console lines. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCertificate } from '../conformance/notify/certificate.ts';
import type { Sink } from '../conformance/notify/sink.ts';
import { type ReceivedMail, startSmtpSink } from '../conformance/notify/smtp-sink.ts';
import { makeDirectory, type Product, removeDirectory, startProduct, trafficCsv } from './product.ts';

const certificate = createCertificate({ names: ['localhost'] });
const login = { MAIL_USER: 'owner@example.org', MAIL_PASS: 'app-password-1234', ALERT_EMAIL: 'family@example.org' };
let sink: Sink<ReceivedMail>;
const products: Product[] = [];
const directories: string[] = [];

beforeAll(async () => {
  const accepted = `${login.MAIL_USER}:${login.MAIL_PASS}`;
  sink = await startSmtpSink({ behaviour: 'ok', security: 'ssl', certificate, login: accepted });
});
afterAll(async () => {
  await Promise.all(products.map((product) => product.stop()));
  await sink.close();
  directories.forEach(removeDirectory);
});

async function start(env: Record<string, string>): Promise<Product> {
  const directory = makeDirectory();
  directories.push(directory);
  const product = await startProduct(directory, env);
  products.push(product);
  return product;
}

async function upload({ url }: Product): Promise<{ anomalies_count: number; total_samples: number }> {
  const form = new FormData();
  form.set('file', new Blob([trafficCsv()]), 'traffic.csv');
  const response = await fetch(`${url}/upload`, { method: 'POST', body: form });
  expect(response.status).toBe(200);
  return (await response.json()) as { anomalies_count: number; total_samples: number };
}

it('sends subject and body as published, and says so on the console', async () => {
  const product = await start({
    ...login,
    GUARDIAN_MAIL_SERVER: 'localhost',
    GUARDIAN_MAIL_PORT: String(sink.port),
    GUARDIAN_MAIL_CA: certificate.cert,
  });
  const { anomalies_count, total_samples } = await upload(product);
  await expect.poll(product.errors, { timeout: 15_000 }).toContain('[EMAIL] Alert sent to family@example.org');
  const [mail] = sink.received;
  expect(mail).toMatchObject({ to: ['family@example.org'], encrypted: true });
  expect(mail.data).toContain('Subject: Alert: Anomalies Detected!');
  expect(mail.data).toContain(`Anomalies Detected: ${anomalies_count}`);
  expect(mail.data).toContain(`Total Samples Analyzed: ${total_samples}`);
  expect(product.errors()).not.toContain(login.MAIL_PASS);

  // The account is a channel for live alerts, but a scan is one mail and not one more for each of its alerts.
  const { channels } = await (await fetch(`${product.url}/api/v1/notifications`)).json();
  expect(channels).toMatchObject([
    { name: 'E-mail', from: 'environment', waiting: 0, failing: null, last_delivered: expect.any(Number) },
  ]);
  expect(JSON.stringify(channels)).not.toContain(login.MAIL_PASS);
  const { deliveries } = await (await fetch(`${product.url}/api/v1/notifications/deliveries`)).json();
  expect(deliveries).toMatchObject([
    { channel: 'E-mail', type: 'scan', status: 'delivered', title: 'Alert: Anomalies Detected!', scan: 1, attempts: 1 },
  ]);
  expect(sink.received).toHaveLength(1);
});

it('tells the alerts of an upload to the channels of guardian.yaml', async () => {
  const bodies: string[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      bodies.push(body);
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  const folder = makeDirectory();
  directories.push(folder);
  const config = path.join(folder, 'guardian.yaml');
  const url = `http://127.0.0.1:${port}/hook`;
  writeFileSync(
    config,
    `notifications:
  lanTargets: ["127.0.0.1:${port}"]
  channels: [{ kind: webhook, name: script, url: "${url}" }]
`,
  );
  const product = await startProduct(folder, { MAIL_USER: '' }, ['--config', config]);
  products.push(product);
  await upload(product);
  await expect.poll(() => bodies.length, { timeout: 15_000 }).toBeGreaterThan(0);
  expect(JSON.stringify(JSON.parse(bodies[0]))).toContain('connections that follow no usual order');
  receiver.close();
});

it('goes on without mail settings and says what it found', async () => {
  const product = await start({ MAIL_USER: '', MAIL_PASS: '', ALERT_EMAIL: '' });
  const { anomalies_count, total_samples } = await upload(product);
  await expect.poll(product.errors).toContain('[WARNING] Email not configured. Skipping email alert.');
  expect(product.errors()).toContain(`[ALERT] ${anomalies_count} anomalies detected in ${total_samples} samples!`);
});
