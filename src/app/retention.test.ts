/** What goes and what stays: by age, number and size, when the clock was set, and when the disk is full. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newScan } from '../../test/conformance/store.ts';
import { missingRoot } from '../../test/needs.ts';
import { settingsSchema } from '../config/schema.ts';
import { createLog } from '../log.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import type { Store } from '../store/store.ts';
import { Retention } from './retention.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const noon = Date.UTC(2026, 2, 2, 12);
/** A clock of the test: `walk` is time that passes, `set` is somebody who sets it. */
const time = { wall: noon, even: 0 };
const clock = { now: () => time.wall, monotonic: () => time.even };
const walk = (ms: number): void => {
  time.wall += ms;
  time.even += ms;
};
const set = (ms: number): void => {
  time.wall = ms;
};

let directory: string;
let store: Store;
const logged: string[] = [];
const log = createLog({ destination: { write: (line) => void logged.push(line) } });

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'guardian-retention-'));
  Object.assign(time, { wall: noon, even: 0 });
  logged.length = 0;
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = async (): Promise<Store> => openSqliteStore({ directory, log, clock });
function retain(limits: Record<string, number>): Retention {
  const { retention } = settingsSchema.parse({ retention: limits });
  return new Retention({ store, limits: retention, directory, packets: path.join(directory, 'packets'), log, clock });
}
const ids = async (): Promise<number[]> => (await store.scanSummaries({ limit: 99 })).map(({ id }) => id);
const alert = (episode: string, updated: number) => ({
  ...{ episode, kind: 'scan', severity: 'High', mac: null, hosts: ' 192.168.1.7 ' },
  ...{ raised: updated, updated, body: '{}' },
});

test('everything goes at its age, and the newest of the rest stay', async () => {
  store = await open();
  const retention = retain({ scanDays: 2, alertDays: 1, trafficDays: 1, alerts: 2 });
  await store.addScan(newScan());
  const row = { mac: '', packets: 1, bytes: 1, strangeness: null, connections: 0, contacts: 0 };
  await store.live.records.addTraffic([{ ...row, minute: noon / 60_000 }]);
  for (const [i, age] of [30, 20, 10, 1].entries()) {
    await store.live.alerts.tell(alert(`e${i}`, (noon + 3 * DAY - age * HOUR) / 1000));
  }
  walk(3 * DAY);
  await store.addScan(newScan());
  await store.live.records.addTraffic([{ ...row, minute: time.wall / 60_000 }]);
  await retention.run();
  expect(await ids()).toEqual([2]);
  expect((await store.live.alerts.list({ limit: 9 })).map(({ episode }) => episode)).toEqual(['e3', 'e2']);
  expect(await store.live.records.traffic({ mac: '', since: 0 })).toHaveLength(1);
  expect(logged).toEqual([]);
  await store.close();
});

test('the log of changes goes at its age and number, and sessions that are over', async () => {
  store = await open();
  const { audit, users, sql } = store.accounts;
  const retention = retain({ auditDays: 2, audit: 3 });
  const change = { actor: 'ada@example.org', via: 'page', address: '', action: 'Sign in', outcome: 'done' };
  for (const target of ['old', 'a', 'b', 'c', 'd']) await audit.add({ ...change, target, ts: noon });
  await users.add({ id: 'u', name: 'Ada', email: 'ada@example.org', role: 'admin', password: null, now: noon });
  for (const [id, days] of [['over', 1] as const, ['good', 9] as const]) {
    const [createdAt, expiresAt] = [new Date(noon), new Date(noon + days * DAY)];
    const session = { userId: 'u', token: id, ipAddress: null, userAgent: null, updatedAt: createdAt };
    await sql.db
      .insertInto('auth_session')
      .values({ ...session, id, createdAt, expiresAt })
      .execute();
  }
  walk(DAY + 2 * HOUR);
  await retention.run();
  expect((await audit.list({ limit: 9 })).map(({ target }) => target)).toEqual(['d', 'c', 'b']);
  expect((await store.accounts.sessions.list('u')).map(({ id }) => id)).toEqual(['good']);
  walk(DAY);
  await retention.run();
  expect(await audit.list({ limit: 9 })).toEqual([]);
  await store.close();
});

test.each([
  ['forward by years', noon + 4000 * DAY],
  ['back to 1970', 0],
])('a clock that is set %s deletes nothing', async (_, wrong) => {
  store = await open();
  const retention = retain({ scanDays: 2 });
  await store.addScan(newScan());
  walk(2 * HOUR);
  await retention.run();
  set(wrong);
  for (let i = 0; i < 5; i++) {
    walk(600_000);
    await retention.run();
  }
  expect(await ids()).toEqual([1]);
  // Put right again, it deletes what is old by it.
  set(noon + 4 * HOUR);
  await retention.run();
  walk(DAY);
  await retention.run();
  expect(await ids()).toEqual([1]);
  walk(DAY);
  await retention.run();
  expect(await ids()).toEqual([]);
  await store.close();
});

test('packets go with their alert, and one that is on its way may be late', async () => {
  store = await open();
  const packets = path.join(directory, 'packets');
  mkdirSync(packets);
  await store.live.alerts.tell(alert('kept', noon / 1000));
  const old = new Date(Date.now() - HOUR);
  for (const name of ['kept', 'gone', 'late']) writeFileSync(path.join(packets, `${name}.pcap`), '');
  for (const name of ['kept', 'gone']) utimesSync(path.join(packets, `${name}.pcap`), old, old);
  await retain({}).run();
  expect(readdirSync(packets).sort()).toEqual(['kept.pcap', 'late.pcap']);
  expect(logged).toEqual([]);
  await store.close();
});

test('a database beyond its size loses the oldest first', async () => {
  store = await open();
  const big = newScan({ details: `[${'0,'.repeat(1_000_000)}0]` });
  for (let i = 0; i < 12; i++) await store.addScan(big);
  const retention = retain({ megabytes: 16 });
  await retention.run();
  const left = await ids();
  expect(await store.usedBytes()).toBeLessThan(16 * 1024 * 1024);
  expect(left.length).toBeGreaterThanOrEqual(6);
  expect(left[0]).toBe(12);
  expect(logged.join('')).toContain('before its time');
  await store.close();
});

// A real full disk needs a small file system, and only root may mount one.
test.skipIf(missingRoot !== null)('a disk that is full to the last byte is no hindrance (needs root)', async () => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=700', 'tmpfs', directory]);
  try {
    store = await open();
    const retention = retain({ scans: 1 });
    for (let i = 0; i < 20; i++) await store.addScan(newScan({ details: `[${'0,'.repeat(50_000)}0]` }));
    await retention.run();
    for (let i = 0; i < 20; i++) await store.addScan(newScan({ details: `[${'0,'.repeat(20_000)}0]` }));
    const reserve = path.join(directory, 'reserve');
    expect(existsSync(reserve)).toBe(true);
    const filler = path.join(directory, 'filler');
    expect(() => {
      for (;;) appendFileSync(filler, Buffer.alloc(statSync(directory).blksize || 4096, 1));
    }).toThrow(/ENOSPC/);
    await expect(store.addScan(newScan({ details: `[${'0,'.repeat(500_000)}0]` }))).rejects.toMatchObject({
      code: 'storage_full',
    });
    await retention.run();
    expect(await ids()).toHaveLength(1);
    expect(logged).toEqual([]);
    // Deleting took the room of the reserve; there is room in the database again, though none beside it.
    expect(existsSync(reserve)).toBe(false);
    await store.addScan(newScan());
    rmSync(filler);
    await retention.run();
    expect(existsSync(reserve)).toBe(true);
    await store.close();
  } finally {
    execFileSync('umount', [directory]);
  }
});
