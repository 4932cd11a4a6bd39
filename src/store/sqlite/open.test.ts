import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newScan } from '../../../test/conformance/store.ts';
import { missingRoot } from '../../../test/needs.ts';
import { createLog } from '../../log.ts';
import { openSqliteStore } from './open.ts';

let directory: string;
const file = () => path.join(directory, 'guardian.db');
const logged: string[] = [];
const log = createLog({ destination: { write: (line) => void logged.push(line) } });
const open = () => openSqliteStore({ directory, log });

/** Another program's look into the file. */
function inspect<T>(body: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file());
  try {
    return body(db);
  } finally {
    db.close();
  }
}

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'guardian-sqlite-'));
  logged.length = 0;
});
afterEach(() => rmSync(directory, { recursive: true }));

test('the published table has the published columns and takes the published statements', async () => {
  const store = await open();
  await store.addScan(newScan());
  inspect((db) => {
    const columns = db.prepare('SELECT name, upper(type) AS type, pk FROM pragma_table_info(?)').all('scan_result');
    expect(columns.map((column) => ({ ...column }))).toEqual([
      { name: 'id', type: 'INTEGER', pk: 1 },
      { name: 'timestamp', type: 'DATETIME', pk: 0 },
      { name: 'anomalies_count', type: 'INTEGER', pk: 0 },
      { name: 'details', type: 'TEXT', pk: 0 },
    ]);
    expect(
      db.prepare("SELECT count(*) AS n FROM scan_result WHERE timestamp > datetime('now', '-1 day')").get(),
    ).toEqual(expect.objectContaining({ n: 1 }));
    db.exec(`INSERT INTO scan_result (anomalies_count, details) VALUES (9, '[{"sequence_id": 9}]')`);
  });
  const foreign = await store.scan(2);
  expect(foreign).toMatchObject({
    anomalies_count: 9,
    details: '[{"sequence_id": 9}]',
    total_samples: 0,
    errors: '[]',
  });
  expect(Math.abs(foreign!.timestamp - Date.now())).toBeLessThan(60_000);
  expect(await store.scanSummaries({ limit: 5 })).toHaveLength(2);
  await store.close();
});

test('a database of the published application keeps its history', async () => {
  inspect((db) => {
    db.exec(`CREATE TABLE scan_result (id INTEGER NOT NULL PRIMARY KEY, timestamp DATETIME NOT NULL,
      anomalies_count INTEGER, details TEXT);
      INSERT INTO scan_result VALUES (7, '2025-10-16 10:30:00.123456', NULL, NULL)`);
  });
  const store = await open();
  expect(await store.scan(7)).toMatchObject({ timestamp: Date.UTC(2025, 9, 16, 10, 30, 0, 123), anomalies_count: 0 });
  expect(await store.addScan(newScan())).toMatchObject({ id: 8 });
  await store.close();
});

test('scans that an earlier version kept have their verdict beside them', async () => {
  const store = await open();
  const alerts = JSON.stringify([{ severity: 'Medium' }, { severity: 'High' }, { severity: 'Low' }]);
  for (const kept of [alerts, '[]', 'not JSON']) await store.addScan(newScan({ alerts: kept }));
  await store.close();
  inspect((db) => {
    for (const column of ['alerts_count', 'worst', 'preset']) db.exec(`ALTER TABLE scan_report DROP COLUMN ${column}`);
    // What came after it goes too.
    for (const column of ['connections', 'contacts']) db.exec(`ALTER TABLE live_traffic DROP COLUMN ${column}`);
    db.exec('PRAGMA foreign_keys = OFF');
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
    for (const { name } of tables) if (/^(auth_|api_token|audit$|uplink_)/.test(name)) db.exec(`DROP TABLE ${name}`);
    db.exec("DELETE FROM kysely_migration WHERE name >= '0005'");
  });
  const later = await open();
  expect(await later.scanSummaries({ after: 0, limit: 5 })).toMatchObject([
    { alerts_count: 3, worst: 'High', preset: 'guardian' },
    { alerts_count: 0, worst: null },
    { alerts_count: 0, worst: null },
  ]);
  await later.close();
});

test('files are for their owner only, and a clean stop leaves no log behind', async () => {
  const store = await open();
  await store.addScan(newScan());
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(statSync(`${file()}-wal`).mode & 0o777).toBe(0o600);
  await store.close();
  expect(existsSync(`${file()}-wal`)).toBe(false);
});

test('a second Guardian on the same folder is refused, and the first goes on', async () => {
  const store = await open();
  await expect(open()).rejects.toMatchObject({ code: 'data_in_use' });
  await store.addScan(newScan());
  await store.close();
  await (await open()).close();
});

test('a folder that cannot be written says so once', async () => {
  writeFileSync(path.join(directory, 'taken'), '');
  const attempt = openSqliteStore({ directory: path.join(directory, 'taken', 'data'), log });
  await expect(attempt).rejects.toMatchObject({ code: 'data_not_writable' });
});

test('a database of a newer version is refused and left as it is', async () => {
  await (await open()).close();
  inspect((db) => db.exec("INSERT INTO kysely_migration VALUES ('9999-future', '2030-01-01')"));
  const countMigrations = () => inspect((db) => db.prepare('SELECT count(*) AS n FROM kysely_migration').get()?.n);
  const before = { size: statSync(file()).size, migrations: countMigrations() };
  await expect(open()).rejects.toMatchObject({ code: 'database_newer' });
  expect({ size: statSync(file()).size, migrations: countMigrations() }).toEqual(before);
});

test('what is no database is put aside, and said in the log', async () => {
  writeFileSync(file(), 'this was a database once '.repeat(400));
  const store = await open();
  expect(await store.countScans()).toBe(0);
  await store.close();
  expect(readdirSync(directory).filter((name) => name.startsWith('guardian.db.corrupt.'))).toHaveLength(1);
  expect(logged.join('')).toContain('put aside');
});

test('damage is found after a crash, and what can still be read is kept aside', async () => {
  const first = await open();
  for (let i = 0; i < 20; i++) await first.addScan(newScan({ details: `[${'0,'.repeat(20_000)}0]` }));
  await first.close();
  // As a crash leaves it: the files of a running store, write-ahead log and all.
  const running = await open();
  await running.addScan(newScan());
  const crashed = path.join(directory, 'crashed');
  mkdirSync(crashed);
  for (const name of ['guardian.db', 'guardian.db-wal']) {
    copyFileSync(path.join(directory, name), path.join(crashed, name));
  }
  await running.close();
  const bytes = readFileSync(path.join(crashed, 'guardian.db'));
  for (let at = 3 * 4096; at < bytes.length; at += 5 * 4096) bytes.fill(0xa5, at, at + 512);
  writeFileSync(path.join(crashed, 'guardian.db'), bytes);

  const store = await openSqliteStore({ directory: crashed, log });
  expect(await store.checkIntegrity()).toEqual([]);
  expect(await store.addScan(newScan())).toMatchObject({ id: 1 });
  await store.close();
  const [aside] = readdirSync(crashed).filter((name) => name.startsWith('guardian.db.corrupt.'));
  expect(statSync(path.join(crashed, aside)).size).toBeGreaterThanOrEqual(bytes.length);
});

// A real full disk needs a small file system, and only root may mount one.
test.skipIf(missingRoot !== null)(
  'a full disk is an answer, not an end: reads go on, and so do writes once there is space (needs root)',
  async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory]);
    const store = await open();
    try {
      await store.addScan(newScan());
      const big = newScan({ details: `[${'0,'.repeat(2_000_000)}0]` });
      await expect(store.addScan(big)).rejects.toMatchObject({ code: 'storage_full', status: 507 });
      expect(await store.countScans()).toBe(1);
      expect(await store.scan(1)).toMatchObject({ details: newScan().details });
      expect(await store.addScan(newScan())).toMatchObject({ id: 2 });
      expect(await store.checkIntegrity()).toEqual([]);
    } finally {
      await store.close();
      execFileSync('umount', [directory]);
    }
  },
);

test('damage under a running store is an error that names it, not the end of the server', async () => {
  const store = await open();
  for (let i = 0; i < 30; i++) await store.addScan(newScan({ details: `[${'0,'.repeat(50_000)}0]` }));
  await store.close();
  const damaged = await open();
  const bytes = readFileSync(file());
  bytes.fill(0xa5, 4096);
  writeFileSync(file(), bytes);
  await expect(damaged.scan(20)).rejects.toMatchObject({ code: 'store_unavailable', status: 503 });
  await damaged.close();
});

test('what was deleted is gone from the files too once they are scrubbed, while they are open and after', async () => {
  const store = await open();
  const { alerts, devices, records } = store.live;
  // Many and long enough to split pages, and told twice: rows that moved leave their text where they were.
  for (let i = 0; i < 200; i++) {
    const isOurs = i % 4 === 0;
    const mac = isOurs ? 'mac-of-hall-camera' : `other-${i % 20}`;
    const body = (length: number) => (isOurs ? 'Hall camera ' : 'something ').repeat(length);
    const alert = { episode: `${mac} ${i}`, kind: 'scan', severity: 'High', mac, hosts: ` 192.168.1.${i} ` };
    await alerts.tell({ ...alert, raised: i, updated: i, body: body(1 + (i % 90)) });
    await alerts.addFlows(alert.episode, [{ uid: `C${i}`, body: body(9) }]);
    await alerts.tell({ ...alert, raised: i, updated: i, body: body(1 + ((7 * i) % 90)) });
  }
  await devices.seen([{ mac: 'mac-of-hall-camera', last_seen: 1, body: '{"name":"Hall camera"}' }]);
  await records.addTraffic([
    { minute: 1, mac: 'mac-of-hall-camera', packets: 1, bytes: 1, strangeness: null, connections: 0, contacts: 0 },
  ]);
  const traces = () =>
    readdirSync(directory).filter((name) => /hall.camera/i.test(readFileSync(path.join(directory, name), 'latin1')));
  expect(traces()).toContain('guardian.db-wal');

  await alerts.forget('mac-of-hall-camera', []);
  await devices.remove('mac-of-hall-camera');
  await records.forget('mac-of-hall-camera');
  await store.scrub();
  expect(traces()).toEqual([]);
  expect(await alerts.list({ limit: 200 })).toHaveLength(150);
  expect(await store.checkIntegrity()).toEqual([]);
  await store.close();
  expect(traces()).toEqual([]);
});
