/** What every engine of the store must do. An engine's test hands in how to open it, on an empty database each time. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import type { NewScan, Store } from '../../src/store/store.ts';
import { liveStoreConformance } from './store-live.ts';

export interface EngineUnderTest {
  /** Opens the same database again when it is called again within one test. */
  open(clock: Clock): Promise<Store>;
}

export const noon = Date.UTC(2026, 9, 16, 12, 0, 0);
const fixedClock: Clock = { now: () => noon + 250, monotonic: () => 0 };

export const newScan = (overrides: Partial<NewScan> = {}): NewScan => ({
  anomalies_count: 1,
  total_samples: 200,
  percentage: 0.5,
  threshold: 0.140134,
  file: 'traffic.csv',
  format: 'csv',
  records: 210,
  truncated: false,
  seconds: 0.04,
  details: '[{"sequence_id":9,"error":0.222107,"severity":"High","rows":"9-19"}]',
  errors: '[{"sequence_id":0,"error":0.01}]',
  skipped: '{"rows":1,"reasons":{"row.not_a_number":1},"lines":[4]}',
  metrics: null,
  alerts: '[]',
  devices: '[]',
  alerts_count: 0,
  worst: null,
  preset: 'guardian',
  ...overrides,
});

export function storeConformance(engine: EngineUnderTest): void {
  const withStore = async (body: (store: Store) => Promise<void>): Promise<void> => {
    const store = await engine.open(fixedClock);
    try {
      await body(store);
    } finally {
      await store.close();
    }
  };

  test('a scan comes back as it was given, after a restart too', async () => {
    const given = newScan({ truncated: true, metrics: '{"f1":0.5}', file: `it's; drop table "scan_result" -- \u202e` });
    await withStore(async (store) => {
      expect(await store.addScan(given)).toEqual({ id: 1, timestamp: noon });
    });
    await withStore(async (store) => {
      expect(await store.scan(1)).toEqual({ ...given, id: 1, timestamp: noon });
      expect(await store.countScans()).toBe(1);
      expect(await store.addScan(given)).toEqual({ id: 2, timestamp: noon });
    });
  });

  test('a setting is replaced, and is there after a restart', async () => {
    await withStore(async ({ settings }) => {
      expect(await settings.read('notifications')).toBeNull();
      await settings.write('notifications', '{"rules":[]}');
      await settings.write('other', '1');
      await settings.write('notifications', `it's; drop table setting --`);
    });
    await withStore(async ({ settings }) => {
      expect(await settings.read('notifications')).toBe(`it's; drop table setting --`);
      expect(await settings.read('other')).toBe('1');
    });
  });

  test('an empty store and unknown ids answer with nothing', () =>
    withStore(async (store) => {
      expect(await store.countScans()).toBe(0);
      expect(await store.scan(1)).toBeUndefined();
      expect(await store.scan(Number.MAX_SAFE_INTEGER)).toBeUndefined();
      expect(await store.scanSummaries({ limit: 10 })).toEqual([]);
      expect(await store.checkIntegrity()).toEqual([]);
    }));

  test('old scans are deleted by age and by number, and what they held is room again', async () => {
    const clock = { ...fixedClock, now: () => noon };
    const store = await engine.open(clock);
    try {
      const empty = await store.usedBytes();
      for (let i = 0; i < 6; i++) {
        clock.now = () => noon + i * 86_400_000;
        // What an engine cannot make smaller.
        await store.addScan(newScan({ details: JSON.stringify([randomBytes(75_000).toString('base64')]) }));
      }
      expect(await store.usedBytes()).toBeGreaterThan(empty + 600_000);
      expect(await store.pruneScans({ before: 0, keep: 10 })).toBe(0);
      expect(await store.pruneScans({ before: noon + 2 * 86_400_000, keep: 10 })).toBe(2);
      expect(await store.pruneScans({ before: 0, keep: 1 })).toBe(3);
      expect((await store.scanSummaries({ limit: 9 })).map(({ id }) => id)).toEqual([6]);
      expect(await store.scan(5)).toBeUndefined();
      expect(await store.usedBytes()).toBeLessThan(empty + 250_000);
      // Ids are not given twice.
      expect(await store.addScan(newScan())).toMatchObject({ id: 7 });
    } finally {
      await store.close();
    }
  });

  test('pages run in both directions without gap or overlap', () =>
    withStore(async (store) => {
      for (let i = 1; i <= 7; i++) await store.addScan(newScan({ records: i }));
      const ids = async (page: Parameters<Store['scanSummaries']>[0]) =>
        (await store.scanSummaries(page)).map(({ id }) => id);
      expect(await ids({ limit: 3 })).toEqual([7, 6, 5]);
      expect(await ids({ limit: 3, before: 5 })).toEqual([4, 3, 2]);
      expect(await ids({ limit: 3, before: 2 })).toEqual([1]);
      expect(await ids({ limit: 4, after: 0 })).toEqual([1, 2, 3, 4]);
      expect(await ids({ limit: 4, after: 4 })).toEqual([5, 6, 7]);
    }));

  test('summaries leave the findings out, details bring them', () =>
    withStore(async (store) => {
      await store.addScan(newScan());
      const [summary] = await store.scanSummaries({ limit: 1 });
      expect(summary).not.toHaveProperty('details');
      expect(summary).not.toHaveProperty('errors');
      expect(await store.scanDetails({ limit: 1 })).toEqual([{ ...summary, details: newScan().details }]);
    }));

  test('writes that arrive together all arrive, with ids in order', () =>
    withStore(async (store) => {
      const kept = await Promise.all(Array.from({ length: 50 }, (_, i) => store.addScan(newScan({ records: i }))));
      expect(kept.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
      expect((await store.scan(50))?.records).toBe(49);
    }));

  test('a write that cannot be made harms none of those beside it', () =>
    withStore(async (store) => {
      const bad = newScan({ file: null as unknown as string });
      const outcomes = await Promise.allSettled([
        store.addScan(newScan()),
        store.addScan(bad),
        store.addScan(newScan()),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await store.countScans()).toBe(2);
      expect(await store.scanSummaries({ limit: 10 })).toHaveLength(2);
    }));

  liveStoreConformance(withStore);
}
