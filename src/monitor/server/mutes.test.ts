import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { MOST_RULES, Mutes } from '../../alert/mute.ts';
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

test('what is listed is what acts, however many there are; one more is refused', async () => {
  const records = { setMute: async () => {}, mutes: async () => [], removeMute: async () => true };
  const book = new MuteRepository(records as unknown as ConstructorParameters<typeof MuteRepository>[0]);
  const acting = new Mutes();
  for (let i = 0; i < MOST_RULES; i++) {
    const rule = { id: `${i}`, device: `10.0.${i >> 8}.${i & 255}`, reason: 'muted' as const };
    await book.add(rule, 100);
    acting.add(rule);
  }
  expect(MOST_RULES).toBeGreaterThan(4000);
  expect(acting.list(100).map(({ id }) => id)).toEqual(book.list(100).map(({ id }) => id));
  await expect(book.add({ id: 'one more', reason: 'muted' }, 100)).rejects.toMatchObject({ code: 'too_many_mutes' });
  await book.remove('0');
  await book.add({ id: 'one more', reason: 'muted' }, 100);
});
