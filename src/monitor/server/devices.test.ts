import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createInventory } from '../../device/inventory.ts';
import { createLog } from '../../log.ts';
import { openSqliteStore } from '../../store/sqlite/open.ts';
import type { Store } from '../../store/store.ts';
import type { DeviceReport } from '../protocol.ts';
import { DeviceRepository } from './devices.ts';

let directory: string;
let store: Store;
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'guardian-book-'));
  store = await openSqliteStore({ directory, log: createLog({ level: 'silent' }) });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

const macOf = (number: number): string =>
  `02:00:${[24, 16, 8, 0].map((shift) => ((number >>> shift) & 255).toString(16).padStart(2, '0')).join(':')}`;

function report(number: number, ts: number): DeviceReport {
  const inventory = createInventory();
  inventory.neighbour(macOf(number), '192.168.1.7', ts);
  return { device: inventory.device(macOf(number))!, event: null, learning: true, learned_seconds: 0 };
}

test('a flood of made-up addresses leaves those that were seen last, and whom the owner has named', async () => {
  const book = new DeviceRepository(store.live.devices);
  book.see(report(0, 1));
  await book.own(macOf(0), { name: 'Hall plug' });
  for (let i = 1; i <= 6_000; i++) book.see(report(i, 1 + i));
  await book.flush();
  expect(book.list().length).toBeLessThanOrEqual(4096);
  expect(book.find(macOf(0))).toMatchObject({ name: 'Hall plug' });
  expect(book.find(macOf(1))).toBeUndefined();
  expect(book.find(macOf(6_000))).toBeDefined();
  const kept = (await store.live.devices.list()).map(({ mac }) => mac);
  expect(kept.length).toBeLessThanOrEqual(4096);
  expect(kept).toEqual(expect.arrayContaining([macOf(0), macOf(6_000)]));
}, 30_000);

test('since when a device is known does not move, and nobody is there before somebody has looked', async () => {
  const book = new DeviceRepository(store.live.devices);
  book.see(report(1, 100));
  await book.flush();
  const again = new DeviceRepository(store.live.devices);
  await again.load();
  expect(again.find(macOf(1))).toMatchObject({ first_seen: 100, online: false, monitored: true, risk: null });
  again.see(report(1, 500));
  expect(again.find(macOf(1))).toMatchObject({ first_seen: 100, last_seen: 500, online: true });
  again.risks = new Map([[macOf(1), { severity: 'High', count: 2 }]]);
  expect(again.list()).toMatchObject([{ risk: 'High', open_alerts: 2, name: macOf(1) }]);
});
