import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { openSqliteHistory } from '../../src/store/history/sqlite.ts';
import { historyConformance, NOON, newFlow } from './history.ts';

describe('SQLite', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'guardian-history-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  historyConformance({ open: () => openSqliteHistory({ directory, log: createLog({ level: 'silent' }) }) });
});

test('of a device that is forgotten no trace is left in the files, while they are open and after', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'guardian-history-'));
  const history = await openSqliteHistory({ directory, log: createLog({ level: 'silent' }) });
  const flows = Array.from({ length: 2000 }, (_, i) =>
    newFlow({
      ...{ uid: `number ${i}`, ts: NOON + i, device: i % 4 === 0 ? 'mac-of-hall-camera' : `other-${i % 20}` },
      ...{
        own: i % 4 === 0 ? '192.168.77.77' : '192.168.1.7',
        peer: `198.18.${i % 7}.${i % 251}`,
        name: `name-${i}.example.org`,
      },
    }),
  );
  for (let i = 0; i < flows.length; i += 100) await history.add(flows.slice(i, i + 100));
  const traces = () =>
    readdirSync(directory).filter((name) =>
      /hall.camera|192\.168\.77\.77/i.test(readFileSync(path.join(directory, name), 'latin1')),
    );
  expect(traces()).toContain('history.db-wal');
  await history.forget('mac-of-hall-camera', ['192.168.77.77']);
  expect(traces()).toEqual([]);
  await history.close();
  expect(traces()).toEqual([]);
  rmSync(directory, { recursive: true });
});

test('a damaged history is put aside, a new one begun, and a newer one is left alone', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'guardian-history-'));
  const open = () => openSqliteHistory({ directory, log: createLog({ level: 'silent' }) });
  writeFileSync(path.join(directory, 'history.db'), 'once a history, now noise '.repeat(300));
  const history = await open();
  expect(history.quarantined).toMatch(/history\.db\.corrupt\./);
  await history.add([newFlow()]);
  expect((await history.search({}, { limit: 9 })).flows).toHaveLength(1);
  await history.close();
  const db = new DatabaseSync(path.join(directory, 'history.db'));
  db.exec("UPDATE about SET value = '99' WHERE name = 'schema'");
  db.close();
  await expect(open()).rejects.toMatchObject({ code: 'database_newer' });
  rmSync(directory, { recursive: true });
});
