/** The product is killed at random moments while files come in: what it has acknowledged is there, once, and whole. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { makeDirectory, type Product, removeDirectory, startProduct, trafficCsv } from './product.ts';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 20);
const directory = makeDirectory();
let product: Product | undefined;
afterAll(async () => {
  await product?.stop();
  removeDirectory(directory);
});

/** The same moments in each run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Uploads one file after the other until the server is gone; gives the acknowledged scans by id and file. */
async function uploadUntilDead(url: string, round: number, acknowledged: Map<number, string>): Promise<void> {
  for (let i = 0; ; i++) {
    const name = `round-${round}-${i}.csv`;
    const form = new FormData();
    form.append('file', new Blob([trafficCsv({ rows: 60 })]), name);
    try {
      const response = await fetch(`${url}/upload`, { method: 'POST', body: form });
      const { scan_id } = (await response.json()) as { scan_id: number };
      acknowledged.set(scan_id, name);
    } catch {
      return;
    }
  }
}

test(`${ROUNDS} kills lose no acknowledged scan and leave nothing half done`, {
  timeout: 15_000 * ROUNDS,
}, async () => {
  const random = createRandom(7);
  const acknowledged = new Map<number, string>();
  const starts: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    product = await startProduct(directory);
    starts.push(performance.now() - started);
    expect(readdirSync(path.join(directory, 'upload'))).toEqual([]);
    const gone = once(product.child, 'exit');
    const uploads = [
      uploadUntilDead(product.url, round, acknowledged),
      uploadUntilDead(product.url, round + 1000, acknowledged),
    ];
    await sleep(20 + random() * 300);
    product.child.kill('SIGKILL');
    await Promise.all([...uploads, gone]);

    const db = new DatabaseSync(path.join(directory, 'guardian.db'));
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([expect.objectContaining({ integrity_check: 'ok' })]);
    db.close();
  }
  expect(acknowledged.size).toBeGreaterThan(ROUNDS);
  // Most of them, since the machine may be busy with something else.
  expect(starts.sort((a, b) => a - b)[ROUNDS >> 1]).toBeLessThan(5000);

  product = await startProduct(directory);
  const history = (await (await fetch(`${product.url}/history`)).json()) as {
    id: number;
    file: string;
    details: string;
  }[];
  const stored = new Map(history.map(({ id, file }) => [id, file]));
  expect(stored.size).toBe(history.length);
  for (const [id, file] of acknowledged) expect(stored.get(id)).toBe(file);
  // One more than acknowledged may be there: the answer that the kill cut off. Never the same upload twice.
  expect(new Set(stored.values()).size).toBe(history.length);
  for (const { id, details } of history) {
    expect(Array.isArray(JSON.parse(details))).toBe(true);
    expect((await fetch(`${product.url}/api/v1/scans/${id}`)).status).toBe(200);
  }
});
