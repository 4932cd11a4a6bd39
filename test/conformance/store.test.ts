import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { copyStore } from '../../src/store/copy.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import type { Store } from '../../src/store/store.ts';
import { describeWith } from '../needs.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../postgres.ts';
import { newScan, storeConformance } from './store.ts';

let directory: string;
const log = createLog({ level: 'silent' });
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'guardian-store-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A little of everything, more scans than one page, and a number that is not to be given again. */
async function furnish({ addScan, pruneScans, live, accounts, settings }: Store): Promise<void> {
  for (let i = 1; i <= 301; i++) await addScan(newScan({ file: `${i} – "ü" \u{1f4f7}.csv`, percentage: i / 7 }));
  await pruneScans({ before: 0, keep: 301 });
  const { db } = accounts.sql;
  await db.deleteFrom('scan_result').where('id', '=', 301).execute();
  await settings.write('a', '{"b":null}');
  const alert = {
    episode: 'e',
    kind: 'scan',
    severity: 'High',
    mac: null,
    hosts: ' 192.168.1.7 ',
    raised: 1.5,
    updated: 2.25,
  };
  await live.alerts.tell({ ...alert, body: '{}' });
  await live.alerts.addFlows('e', [{ uid: 'C1', body: '{}' }]);
  await live.devices.seen([{ mac: '02:00:00:00:00:07', last_seen: 1_792_152_000.123456, body: '{}' }]);
  await live.records.addGap({ from: 1, to: null, reason: 'x' });
  await live.records.addTraffic([
    { minute: 30_000_000, mac: '', packets: 5e9, bytes: 1e13, strangeness: 0.1, connections: 2, contacts: 1 },
  ]);
  const user = { name: 'Ada', email: 'ada@example.org', role: 'admin', password: 'hash', now: Date.UTC(2026, 9, 16) };
  await accounts.users.add({ id: 'u', ...user });
  await accounts.audit.add({
    ...{ ts: 5, actor: 'ada', via: 'page', address: '', action: 'A' },
    target: '',
    outcome: 'done',
  });
}

describe('SQLite', () => {
  storeConformance({ open: (clock) => openSqliteStore({ directory, clock, log }) });
});

describeWith(missingPostgres, 'PostgreSQL', () => {
  let server: TestPostgres;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());
  beforeEach(async () => {
    url = await server.createDatabase();
  });

  storeConformance({ open: (clock) => openPostgresStore({ url, directory, clock, log }) });

  const open = (folder = directory): Promise<Store> => openPostgresStore({ url, directory: folder, log });

  test('a second server on one database is refused with the process of the first, and the first goes on', async () => {
    const store = await open();
    const other = mkdtempSync(path.join(tmpdir(), 'guardian-store-'));
    const refused = open(other);
    await expect(refused).rejects.toMatchObject({ code: 'data_in_use' });
    await expect(refused).rejects.toThrow(`(process ${process.pid})`);
    await store.addScan(newScan());
    await store.close();
    await (await open(other)).close();
    rmSync(other, { recursive: true });
  });

  test('a newer database is refused with words', async () => {
    const store = await open();
    await store.accounts.sql.db
      .insertInto('kysely_migration' as never)
      .values({ name: '9999-future', timestamp: '2030-01-01' } as never)
      .execute();
    await store.close();
    await expect(open()).rejects.toMatchObject({ code: 'database_newer' });
  });

  test('while it is away every question is answered with the reason, and it is asked again by itself', async () => {
    const store = await open();
    await store.addScan(newScan());
    await server.stop();
    for (let i = 0; i < 3; i++) {
      await expect(store.countScans()).rejects.toMatchObject({ code: 'store_unavailable', status: 503 });
      await expect(store.addScan(newScan())).rejects.toMatchObject({ code: 'store_unavailable' });
    }
    await server.start();
    await expect.poll(() => store.countScans().catch(() => null), { timeout: 15_000 }).toBe(1);
    expect(await store.addScan(newScan())).toMatchObject({ id: expect.any(Number) });
    expect(await store.countScans()).toBe(2);
    await store.close();
  });

  test('a connection that is ended from outside loses nothing that was acknowledged, and doubles nothing', async () => {
    const store = await open();
    const acknowledged: string[] = [];
    let running = true;
    const writing = ['a', 'b', 'c'].map(async (writer) => {
      for (let i = 0; running; i++) {
        const file = `${writer} ${i}`;
        await store.addScan(newScan({ file })).then(
          () => acknowledged.push(file),
          () => {},
        );
      }
    });
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await server.run(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'guardian %'`,
      );
    }
    running = false;
    await Promise.all(writing);
    const kept = (await store.scanSummaries({ after: 0, limit: 100_000 })).map(({ file }) => file);
    expect(new Set(kept).size).toBe(kept.length);
    expect(acknowledged.length).toBeGreaterThan(5);
    for (const file of acknowledged) expect(kept).toContain(file);
    await store.close();
  });

  test('a house that is copied from SQLite and back is the same, and goes on counting where it was', async () => {
    const folders = [directory, mkdtempSync(path.join(tmpdir(), 'guardian-store-'))];
    const [first, back] = await Promise.all(folders.map((folder) => openSqliteStore({ directory: folder, log })));
    const middle = await openPostgresStore({ url, log });
    await furnish(first);
    const there = await copyStore(first, middle);
    await expect(copyStore(first, middle)).rejects.toMatchObject({ code: 'store_not_empty' });
    expect(await copyStore(middle, back)).toEqual(there);
    expect(there.filter(({ rows }) => rows > 0).map(({ name }) => name)).toEqual([
      ...['scan_result', 'scan_report', 'setting', 'live_alert', 'live_alert_flow', 'live_device', 'live_gap'],
      ...['live_traffic', 'auth_user', 'auth_account', 'audit'],
    ]);
    for (const store of [middle, back]) {
      expect(await store.scan(300)).toEqual(await first.scan(300));
      expect(await store.live.devices.list()).toEqual(await first.live.devices.list());
      expect(await store.accounts.users.list()).toEqual(await first.accounts.users.list());
      // Number 301 was given to a scan that is gone.
      expect(await store.addScan(newScan())).toMatchObject({ id: 302 });
    }
    await Promise.all([first, middle, back].map((store) => store.close()));
    rmSync(folders[1], { recursive: true });
  });

  test('where nobody listens it is said with the reason', async () => {
    const attempt = openPostgresStore({ url: 'postgres://guardian@127.0.0.1:9/none', directory, log });
    await expect(attempt).rejects.toMatchObject({ code: 'store_unavailable', status: 503 });
  });
});
