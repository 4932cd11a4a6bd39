/** A database of which a disk has changed a byte, or lost the end: words, and what can be read is read. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import type { Store } from '../../src/store/store.ts';
import { newScan } from './store.ts';

/** Twenty in every run; the nightly one asks for two hundred. */
const DAMAGES = Number(process.env.STORE_DAMAGES ?? 20);
const SCANS = 60;
const base = mkdtempSync(path.join(tmpdir(), 'guardian-damage-'));
afterAll(() => rmSync(base, { recursive: true }));
const log = createLog({ level: 'silent' });

function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const questions: [string, (store: Store) => Promise<unknown>][] = [
  ['count', (store) => store.countScans()],
  ['list', (store) => store.scanSummaries({ limit: 200 })],
  ['details', (store) => store.scanDetails({ after: 0, limit: 200 })],
  ['one', (store) => store.scan(7)],
  ['alerts', (store) => store.live.alerts.list({ limit: 100 })],
  ['devices', (store) => store.live.devices.list()],
  ['settings', (store) => store.settings.read('a')],
  ['integrity', (store) => store.checkIntegrity()],
  ['write', (store) => store.addScan(newScan())],
];

test(`${DAMAGES} damages are words, never a fault of the program`, async () => {
  const whole = path.join(base, 'whole');
  const first = await openSqliteStore({ directory: whole, log });
  for (let i = 0; i < SCANS; i++) await first.addScan(newScan({ details: `[${'0,'.repeat(100 * (i % 40))}0]` }));
  await first.live.devices.seen([{ mac: '02:00:00:00:00:07', last_seen: 1, body: '{}' }]);
  await first.settings.write('a', '1');
  await first.close();
  const bytes = readFileSync(path.join(whole, 'guardian.db'));
  const random = createRandom(3);
  let readable = 0;
  for (let i = 0; i < DAMAGES; i++) {
    const directory = path.join(base, String(i));
    mkdirSync(directory, { mode: 0o700 });
    const damaged = Buffer.from(bytes);
    // Half of them where the tables are described, which does the most harm.
    const at = Math.floor(random() * (i % 2 === 0 ? bytes.length : 8192));
    damaged[at] ^= 1 << Math.floor(random() * 8);
    const content = i % 5 === 4 ? damaged.subarray(0, Math.max(1, at)) : damaged;
    copyFileSync(path.join(whole, 'guardian.db'), path.join(directory, 'guardian.db'));
    writeFileSync(path.join(directory, 'guardian.db'), content);
    const about = `damage ${i} at ${at}`;
    let store: Store;
    try {
      store = await openSqliteStore({ directory, log });
    } catch (error) {
      expect(error, about).toBeInstanceOf(AppError);
      rmSync(directory, { recursive: true });
      continue;
    }
    for (const [name, ask] of questions) {
      try {
        await ask(store);
        if (name === 'list') readable++;
      } catch (error) {
        expect(error, `${about}, ${name}`).toBeInstanceOf(AppError);
        expect((error as AppError).status, `${about}, ${name}`).toBe(503);
      }
    }
    await store.close();
    rmSync(directory, { recursive: true });
  }
  expect(readable).toBeGreaterThan(DAMAGES / 2);
});
