import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../../log.ts';
import { openSqliteStore } from '../../store/sqlite/open.ts';
import { MuteRepository } from './mutes.ts';

test('mutes outlive a restart with what they have hidden, end in time, and go long after', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'guardian-mutes-'));
  const store = await openSqliteStore({ directory, log: createLog({ level: 'silent' }) });
  const book = new MuteRepository(store.live.records);
  const short = await book.add({ id: 'short', kind: 'scan', until: 200, reason: 'muted' }, 100);
  await book.add({ id: 'good', device: '192.168.1.7', reason: 'expected' }, 101);
  await book.hid([{ ...short, hidden: { count: 3, alerts: [] } }]);

  const again = new MuteRepository(store.live.records);
  await again.load();
  expect(again.list(199).map(({ id, hidden }) => [id, hidden.count])).toEqual([
    ['short', 3],
    ['good', 0],
  ]);
  expect(again.list(200).map(({ id }) => id)).toEqual(['good']);
  await again.prune(200);
  expect(await store.live.records.mutes()).toHaveLength(2);
  await again.prune(201);
  expect((await store.live.records.mutes()).map(({ id }) => id)).toEqual(['good']);
  expect(await again.remove('good')).toBe(true);
  expect(await again.remove('good')).toBe(false);
  await store.close();
  rmSync(directory, { recursive: true });
});
