/** A database that a failing disk has damaged: Guardian starts anew beside it, and its owner is told. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HttpSink, startHttpSink } from '../conformance/notify/http-sink.ts';
import { until } from '../live.ts';
import { makeDirectory, type Product, removeDirectory, startProduct } from './product.ts';

let directory: string;
let http: HttpSink;
let product: Product | null = null;

beforeEach(async () => {
  directory = makeDirectory();
  http = await startHttpSink('ok');
});
afterEach(async () => {
  await product?.stop();
  await http.close();
  removeDirectory(directory);
});

test('the owner hears of it where the settings file says', async () => {
  const data = path.join(directory, 'data');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(path.join(data, 'guardian.db'), 'once a database, now noise'.repeat(500));
  const channels = [{ kind: 'webhook', name: 'script', url: `http://127.0.0.1:${http.port}/hook` }];
  const settings = { notifications: { lanTargets: ['127.0.0.1'], channels } };
  writeFileSync(path.join(directory, 'guardian.yaml'), JSON.stringify(settings));
  product = await startProduct(data, {}, ['--config', path.join(directory, 'guardian.yaml')]);
  const body = await until(
    () => http.received.map(({ body }) => String(body)).find((text) => text.includes('damaged')),
    30,
  );
  expect(body).toMatch(/guardian\.db\.corrupt\./);
  expect((await fetch(`${product.url}/history`)).status).toBe(200);
});
