/** The history of connections over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Flow, FlowChart, FlowList, FlowTop } from '../../src/api/contract.ts';
import { createLog } from '../../src/log.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { NOON, newFlow } from '../conformance/history.ts';
import { startServer, type TestServer } from '../server.ts';

let server: TestServer;
const get = async <T>(query: string): Promise<T> =>
  (await fetch(`${server.url}/api/v1/flows${query}`)).json() as Promise<T>;
const status = async (query: string): Promise<number> => (await fetch(`${server.url}/api/v1/flows${query}`)).status;

describe('with a history', () => {
  beforeAll(async () => {
    server = await startServer({ history: true });
    const store = await openSqliteStore({ directory: server.data, log: createLog({ level: 'silent' }), shared: true });
    await store.live.alerts.tell({
      ...{ episode: 'scan 1', kind: 'scan', severity: 'High', mac: '02:00:00:00:00:07', hosts: ' 192.168.1.7 ' },
      ...{ raised: NOON, updated: NOON, body: '{}' },
    });
    await store.close();
    const flows = Array.from({ length: 30 }, (_, i) =>
      newFlow({
        uid: `number ${i}`,
        ts: NOON + i,
        peer: `203.0.113.${i}`,
        name: i < 20 ? `host-${i}.example.org` : null,
      }),
    );
    await server.history!.add(flows, [{ uid: 'number 3', ts: NOON + 3, episode: 'scan 1' }]);
  });
  afterAll(() => server.stop());

  test('connections come page by page, in the words of conn.log', async () => {
    const first = await get<FlowList>('?limit=20');
    expect(first.flows).toHaveLength(20);
    expect(first.flows[0]).toMatchObject({
      ...{ uid: 'number 29', ts: NOON + 29, device: '02:00:00:00:00:07', id_orig_h: '192.168.1.7', id_orig_p: 50_000 },
      ...{ id_resp_h: '203.0.113.29', id_resp_p: 443, proto: 'tcp', service: 'ssl', conn_state: 'SF', is_new: true },
      ...{ direction: 'out', name: null, alert: null, open: false },
    } satisfies Partial<Flow>);
    const second = await get<FlowList>(`?limit=20&before=${first.next_before}`);
    expect(second.flows.map(({ uid }) => uid)).toEqual(Array.from({ length: 10 }, (_, i) => `number ${9 - i}`));
    expect([second.next_before, second.note]).toEqual([null, null]);
  });

  test('filters go together', async () => {
    const found = await get<FlowList>(
      `?peer=203.0.113.0/28&since=${NOON + 2}&until=${NOON + 4}&proto=tcp&state=sf&port=443`,
    );
    expect(found.flows.map(({ uid }) => uid)).toEqual(['number 3', 'number 2']);
    expect((await get<FlowList>('?alert=any')).flows).toMatchObject([{ uid: 'number 3', alert: 1 }]);
    expect((await get<FlowList>('?alert=1')).flows).toHaveLength(1);
    expect((await get<FlowList>('?peer=EXAMPLE.org')).flows).toHaveLength(20);
  });

  test('sums are those of the connections', async () => {
    const top = await get<FlowTop>('/top?by=service');
    const sums = { flows: 30, sent: 30_000, received: 600_000 };
    expect(top).toEqual({ totals: sums, rows: [{ key: 'ssl', ...sums }] });
    expect(await get<FlowChart>('/chart?step=day')).toEqual({ step: 86_400, points: [{ ts: NOON - 43_200, ...sums }] });
    expect((await get<FlowTop>('/top?limit=3')).rows).toHaveLength(3);
  });

  test.each([
    ['?limit=501', 400],
    ['?limit=0', 400],
    ['?before=1e400', 400],
    ['?since=5&until=5', 400],
    ['?device=', 400],
    ['?colour=red', 400],
    ['?alert=99', 404],
    ['?alert=1%20or%201', 400],
    ['/top?port=443', 400],
    ['/top?by=device;drop', 400],
    ['/chart?step=second', 400],
    ["?peer='%20or%20''='", 200],
    [`?peer=${'%25'.repeat(200)}`, 200],
    ['?since=0&until=8640000000000', 200],
  ])('%s is answered with %d', async (query, expected) => {
    expect(await status(query)).toBe(expected);
  });
});

test('without a history it is said, with the setting that makes one', async () => {
  server = await startServer();
  for (const path of ['', '/top', '/chart', '/export', '/export?format=parquet']) {
    const response = await fetch(`${server.url}/api/v1/flows${path}`);
    expect([response.status, await response.json()]).toMatchObject([404, { code: 'no_history' }]);
  }
  await server.stop();
});
