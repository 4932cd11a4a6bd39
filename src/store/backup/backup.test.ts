/** A backup of a store that is being written, and what takes its place later. */
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
import { create } from 'tar';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newFlow } from '../../../test/conformance/history.ts';
import { newScan } from '../../../test/conformance/store.ts';
import { createLog } from '../../log.ts';
import { openSqliteHistory } from '../history/sqlite.ts';
import { openSqliteStore } from '../sqlite/open.ts';
import { restoreBackup } from './restore.ts';
import { writeBackup } from './write.ts';

let base: string;
let directory: string;
let file: string;
const log = createLog({ level: 'silent' });
const now = new Date(Date.UTC(2026, 9, 16, 12));

beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'guardian-backup-'));
  directory = path.join(base, 'data');
  file = path.join(base, 'backup.tar');
});
afterEach(() => rmSync(base, { recursive: true }));

const open = () => openSqliteStore({ directory, log });
const back = (history = true) => writeBackup({ directory, target: file, history, now });
const restore = (into = directory, from = file) => restoreBackup({ file: from, directory: into, log, now });
const epochOf = (into: string): unknown => {
  const db = new DatabaseSync(path.join(into, 'guardian.db'));
  const row = db.prepare("SELECT value FROM setting WHERE name = 'epoch'").get();
  db.close();
  return row?.value;
};

/** A store with a scan, a connection, and what else lies in its folder. */
async function fill(): Promise<void> {
  const store = await open();
  await store.addScan(newScan());
  await store.close();
  const history = await openSqliteHistory({ directory, log });
  await history.add([newFlow()]);
  await history.close();
  writeFileSync(path.join(directory, 'secret.key'), 'the key', { mode: 0o600 });
  writeFileSync(path.join(directory, 'monitor-state.json'), '{}', { mode: 0o600 });
}

test('a backup holds every row that was acknowledged before it began, while others come', async () => {
  const store = await open();
  let [running, acknowledged] = [true, 0];
  const writing = (async () => {
    for (; running; acknowledged++) await store.addScan(newScan({ file: `number ${acknowledged}` }));
  })();
  while (acknowledged < 20) await new Promise((resolve) => setTimeout(resolve, 5));
  const before = acknowledged;
  await back();
  running = false;
  await writing;
  await store.close();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(base).sort()).toEqual(['backup.tar', 'data']);

  const into = path.join(base, 'other');
  expect(await restore(into)).toMatchObject({ aside: null, parts: [{ name: 'guardian.db' }] });
  const restored = await openSqliteStore({ directory: into, log });
  const scans = await restored.scanSummaries({ after: 0, limit: 1e6 });
  expect(scans.length).toBeGreaterThanOrEqual(before);
  expect(scans.map(({ file }) => file)).toEqual(scans.map((_, i) => `number ${i}`));
  expect(await restored.checkIntegrity()).toEqual([]);
  await restored.close();
});

test('what is restored takes the place of what was there, which is kept, and is another life of the database', async () => {
  await fill();
  await back();
  const store = await open();
  await store.addScan(newScan({ file: 'later.csv' }));
  await store.close();
  writeFileSync(path.join(directory, 'secret.key'), 'another key');
  const { aside } = await restore();
  expect(readdirSync(aside!).sort()).toEqual(['guardian.db', 'history.db', 'monitor-state.json', 'secret.key']);
  expect(readFileSync(path.join(directory, 'secret.key'), 'utf8')).toBe('the key');
  const restored = await open();
  expect((await restored.scanSummaries({ limit: 9 })).map(({ file }) => file)).toEqual(['traffic.csv']);
  await restored.close();
  const history = await openSqliteHistory({ directory, log });
  expect((await history.search({}, { limit: 9 })).flows).toMatchObject([{ uid: newFlow().uid }]);
  await history.close();
  const first = epochOf(directory);
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  const twin = path.join(base, 'twin');
  await restore(twin);
  expect(epochOf(twin)).not.toBe(first);
});

test('the history can be left out', async () => {
  await fill();
  const { parts } = await back(false);
  expect(parts.map(({ name }) => name)).toEqual(['guardian.db', 'monitor-state.json', 'secret.key']);
});

test('a running server is left alone, and named', async () => {
  await fill();
  await back();
  const store = await open();
  const refused = restore();
  await expect(refused).rejects.toMatchObject({ code: 'data_in_use' });
  if (process.platform === 'linux') await expect(refused).rejects.toThrow(`(process ${process.pid})`);
  await store.close();
});

test('a backup of a newer version is refused, and nothing has changed', async () => {
  await fill();
  const db = new DatabaseSync(path.join(directory, 'guardian.db'));
  db.exec("INSERT INTO kysely_migration VALUES ('9999-future', '2030-01-01')");
  db.close();
  await back();
  const into = path.join(base, 'other');
  await expect(restore(into)).rejects.toMatchObject({ code: 'database_newer' });
  expect(readdirSync(into)).toEqual([]);
});

test('what is no whole backup is refused, and nothing has changed', async () => {
  await fill();
  await back();
  const whole = readFileSync(file);
  const before = readdirSync(directory).sort();
  const refuses = async (content: Uint8Array | null, from = file): Promise<void> => {
    if (content !== null) writeFileSync(from, content);
    await expect(restore(directory, from)).rejects.toMatchObject({ code: 'bad_backup' });
    expect(readdirSync(directory).sort()).toEqual(before);
  };
  for (const share of [0.1, 0.5, 0.9, 0.99])
    await refuses(whole.subarray(0, Math.floor(share * (whole.length - 1024))));
  const changed = Buffer.from(whole);
  changed[changed.indexOf('SQLite format 3') + 5000] ^= 1;
  await refuses(changed);
  await refuses(null, path.join(base, 'nowhere.tar'));
  await refuses(Buffer.alloc(0));
  await refuses(Buffer.from('a letter to a friend '.repeat(100)));

  const work = path.join(base, 'work');
  mkdirSync(path.join(work, 'in'), { recursive: true });
  writeFileSync(path.join(work, 'outside'), 'x');
  await create({ cwd: path.join(work, 'in'), file, preservePaths: true }, ['../outside']);
  await refuses(null);
  expect(existsSync(path.join(base, 'outside'))).toBe(false);
  expect(existsSync(path.join(directory, 'outside'))).toBe(false);
});

test('before a new version changes its form, the database is copied, and the two newest copies stay', async () => {
  await fill();
  const target = path.join(directory, 'guardian.db');
  const whole = path.join(base, 'whole.db');
  copyFileSync(target, whole);
  const copies = () => readdirSync(directory).filter((name) => name.startsWith('guardian.db.before.'));
  await (await open()).close();
  expect(copies()).toEqual([]);
  for (const old of ['0001-older', '0002-older']) writeFileSync(`${target}.before.${old}`, '');
  const db = new DatabaseSync(target);
  db.exec("DROP TABLE setting; DELETE FROM kysely_migration WHERE name = '0004-setting'");
  // What came after it goes as well, as an earlier version had it.
  db.exec("DELETE FROM kysely_migration WHERE name > '0004'");
  db.exec('PRAGMA foreign_keys = OFF');
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
  for (const { name } of tables) if (/^(auth_|api_token|audit$|uplink_)/.test(name)) db.exec(`DROP TABLE ${name}`);
  for (const column of ['connections', 'contacts']) db.exec(`ALTER TABLE live_traffic DROP COLUMN ${column}`);
  for (const column of ['alerts_count', 'worst', 'preset']) db.exec(`ALTER TABLE scan_report DROP COLUMN ${column}`);
  db.close();
  await (await open()).close();
  expect(copies()).toEqual(['guardian.db.before.0002-older', 'guardian.db.before.0004-setting']);
  const copy = new DatabaseSync(`${target}.before.0004-setting`, { readOnly: true });
  expect(copy.prepare('SELECT count(*) AS n FROM scan_result').get()).toMatchObject({ n: 1 });
  expect(copy.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'setting'").get()).toMatchObject({ n: 0 });
  copy.close();
});
