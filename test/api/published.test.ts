/** The published interface, on a real server with a real database. */
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  errorSchema,
  historySchema,
  scanListSchema,
  scanReportSchema,
  scanSchema,
  statusSchema,
} from '../../src/api/contract.ts';
import { AppError } from '../../src/errors.ts';
import { makeDirectory, outcome, readingScanner, startServer, type TestServer, upload } from '../server.ts';

let directory: string;
let server: TestServer;
const start = async (scanner = readingScanner) => {
  server = await startServer({ directory, scanner });
};
const json = async (path: string): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(server.url + path);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  return { status: response.status, body: await response.json() };
};

beforeEach(async () => {
  directory = makeDirectory();
  await start();
});
afterEach(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

test('POST /upload answers with the published fields first', async () => {
  const response = await upload(server.url, 'orig_pkts\n1\n');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  const body = await response.json();
  expect(Object.keys(body).slice(0, 2)).toEqual(['scan_id', 'anomalies_count']);
  expect(body).toEqual({
    scan_id: 1,
    ...(({ alerts: _a, devices: _d, preset: _p, ...published }) => published)(outcome({ records: 12 })),
  });
});

test('GET /history and /scan/<id> show it, after a restart too', async () => {
  await upload(server.url, 'a');
  await upload(server.url, 'bb', 'second.csv');
  await server.stop();
  await start();
  const { body: rows } = await json('/history');
  const history = historySchema.parse(rows);
  expect(history.map(({ id, file }) => [id, file])).toEqual([
    [1, 'traffic.csv'],
    [2, 'second.csv'],
  ]);
  expect(JSON.parse(history[0].details)).toEqual(outcome().details);
  expect(history[0].timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);

  const { body } = await json('/scan/2');
  const scan = scanSchema.parse(body);
  expect(scan).toMatchObject({ id: 2, anomalies_count: 1, details: outcome().details, file: 'second.csv' });
  expect(scan.timestamp).toBe(history[1].timestamp);
  expect(Math.abs(Date.parse(`${scan.timestamp}Z`) - Date.now())).toBeLessThan(60_000);
});

test('an empty history is an empty array, a long one is whole and in order', async () => {
  expect(await json('/history')).toEqual({ status: 200, body: [] });
  for (let i = 0; i < 45; i++) await upload(server.url, 'x'.repeat(i + 1));
  const history = historySchema.parse((await json('/history')).body);
  expect(history.map(({ id }) => id)).toEqual(Array.from({ length: 45 }, (_, i) => i + 1));
});

test.each(['/scan/1', '/scan/0', '/scan/-1', '/scan/abc', '/scan/1e3', '/scan/99999999999999999999', '/scan/%27'])(
  '%s, which is no scan, is 404',
  async (path) => {
    const { status, body } = await json(path);
    expect(status).toBe(404);
    expect(errorSchema.parse(body)).toMatchObject({ error: 'Scan not found', code: 'scan_not_found' });
  },
);

test('GET /status says what works', async () => {
  await upload(server.url, 'a');
  const { body } = await json('/status');
  expect(statusSchema.parse(body)).toMatchObject({
    status: 'operational',
    model_loaded: true,
    threshold: 0.140134,
    database: 'connected',
    total_scans: 1,
  });
});

test('GET /status without a model is degraded, not down', async () => {
  await server.stop();
  await start({ ...readingScanner, model: () => ({ loaded: false, threshold: null }) });
  expect((await json('/status')).body).toMatchObject({ status: 'degraded', model_loaded: false, threshold: null });
});

test('GET / is the dashboard', async () => {
  const response = await fetch(server.url);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await response.text()).toContain('Home IoT Guardian');
});

describe('a scan that fails', () => {
  test('keeps nothing and says why', async () => {
    await server.stop();
    await start({
      ...readingScanner,
      scan: async (_file, { name }) => {
        throw new AppError('too_few_rows', { file: name, rows: 3, unit: 'flows', needed: 11, because: '' });
      },
    });
    const response = await upload(server.url, 'x', 'short.csv');
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({
      error: '"short.csv" has 3 usable flows, and at least 11 are needed.',
      code: 'too_few_rows',
      hint: 'Record or export a longer stretch of traffic.',
    });
    expect((await json('/history')).body).toEqual([]);
    expect(server.uploads()).toEqual([]);
  });

  test.each([
    ['throws a bug', () => Promise.reject(new TypeError('secret path /home/x'))],
    ['finds a number that is none', async () => outcome({ threshold: Number.NaN })],
    ['finds an error that is none', async () => outcome({ details: [{ ...outcome().details[0], error: Infinity }] })],
  ])('%s: 500 without details, and the server goes on', async (_name, scan) => {
    await server.stop();
    await start({ ...readingScanner, scan });
    const response = await upload(server.url, 'x');
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'internal' });
    expect(text).not.toMatch(/secret|\.ts|at /);
    expect(text).toContain(response.headers.get('x-request-id'));
    expect(server.logged()).toContain(response.headers.get('x-request-id'));
    expect((await json('/history')).body).toEqual([]);
    expect(server.uploads()).toEqual([]);
  });
});

describe('/api/v1', () => {
  test('lists scans page by page, newest first', async () => {
    for (let i = 0; i < 5; i++) await upload(server.url, 'x');
    const first = scanListSchema.parse((await json('/api/v1/scans?limit=2')).body);
    expect(first.scans.map(({ id }) => id)).toEqual([5, 4]);
    const second = scanListSchema.parse((await json(`/api/v1/scans?limit=3&before=${first.next_before}`)).body);
    expect(second.scans.map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(second.next_before).toBeNull();
  });

  test('a report carries alerts, devices and a time with its zone', async () => {
    await upload(server.url, 'x');
    const report = scanReportSchema.parse((await json('/api/v1/scans/1')).body);
    expect(report).toMatchObject({ id: 1, alerts: [], devices: [] });
    expect(report.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect((await json('/api/v1/scans/2')).status).toBe(404);
  });

  test.each(['limit=0', 'limit=1000000000', 'limit=abc', 'before=-1', 'x=1', '__proto__=1', 'constructor=1'])(
    'refuses ?%s with a reason',
    async (query) => {
      const { status, body } = await json(`/api/v1/scans?${query}`);
      expect(status).toBe(400);
      expect(errorSchema.parse(body).code).toBe('invalid_request');
      expect(({} as Record<string, unknown>).x).toBeUndefined();
    },
  );

  test('describes itself as OpenAPI 3.1', async () => {
    const { body } = await json('/api/v1/openapi.json');
    const { openapi, paths } = body as { openapi: string; paths: Record<string, Record<string, object>> };
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/events',
        '/api/v1/scans',
        '/api/v1/scans/{id}',
        '/history',
        '/scan/{id}',
        '/status',
        '/upload',
      ]),
    );
    expect(paths['/upload'].post).toMatchObject({
      requestBody: { content: { 'multipart/form-data': { schema: { required: ['file'] } } } },
      responses: { 200: { content: { 'application/json': expect.anything() } }, '4XX': expect.anything() },
    });
  });
});

test('a row that another program wrote into the published table is shown', async () => {
  const db = new DatabaseSync(`${directory}/data/guardian.db`);
  db.exec(`INSERT INTO scan_result (anomalies_count, details) VALUES (9, '[{"sequence_id": 9}]'), (NULL, 'not json')`);
  db.close();
  const { body } = await json('/scan/1');
  expect(body).toMatchObject({ id: 1, anomalies_count: 9, details: [{ sequence_id: 9 }], total_samples: 0 });
  expect((await json('/scan/2')).body).toMatchObject({ id: 2, anomalies_count: 0, details: [] });
  expect((await json('/history')).body).toHaveLength(2);
});

test('without its database the server says so, keeps nothing and stays up', async () => {
  await server.stop();
  const fail = () => Promise.reject(new AppError('store_unavailable', { reason: 'disk I/O error' }));
  server = await startServer({
    directory,
    wrapStore: (store) => new Proxy(store, { get: () => fail }),
  });
  expect((await json('/status')).body).toMatchObject({ status: 'degraded', database: 'unavailable', total_scans: 0 });
  for (const path of ['/history', '/scan/1', '/api/v1/scans']) {
    const response = await fetch(server.url + path);
    expect([path, response.status, response.headers.has('retry-after')]).toEqual([path, 503, true]);
    expect(errorSchema.parse(await response.json()).code).toBe('store_unavailable');
  }
  const response = await upload(server.url, 'x');
  expect(response.status).toBe(503);
  expect(server.uploads()).toEqual([]);
  expect((await fetch(server.url)).status).toBe(200);
});
