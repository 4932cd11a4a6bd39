/** A disk that is full when Guardian starts after its process was killed: it starts, and writes once there is room. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeDirectory, type Product, removeDirectory, startProduct, trafficCsv } from './product.ts';

const isRoot = process.getuid?.() === 0 && process.platform === 'linux';

describe.skipIf(!isRoot)('a full disk (needs root, to mount a small one)', () => {
  let directory: string;
  let data: string;
  let product: Product | null = null;

  beforeEach(() => {
    directory = makeDirectory();
    data = path.join(directory, 'small');
    mkdirSync(data, { mode: 0o700 });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=700', 'tmpfs', data]);
  });
  afterEach(async () => {
    await product?.stop();
    execFileSync('umount', [data]);
    removeDirectory(directory);
  });

  const upload = (): Promise<Response> => {
    const form = new FormData();
    form.set('file', new Blob([trafficCsv()]), 'traffic.csv');
    return fetch(`${product!.url}/upload`, { method: 'POST', body: form });
  };

  test('does not keep it from starting, and what is there can be read', async () => {
    product = await startProduct(data);
    expect((await upload()).status).toBe(200);
    product.child.kill('SIGKILL');
    await once(product.child, 'exit');
    for (const name of ['reserve', 'upload', 'guardian.db-shm']) {
      rmSync(path.join(data, name), { recursive: true, force: true });
    }
    const filler = path.join(directory, 'small', '.filler');
    expect(() => {
      for (;;) appendFileSync(filler, Buffer.alloc(512, 1));
    }).toThrow(/ENOSPC/);

    product = await startProduct(data);
    const history = (await (await fetch(`${product.url}/history`)).json()) as unknown[];
    expect(history).toHaveLength(1);
    expect((await upload()).status).toBe(507);
    rmSync(filler);
    expect((await upload()).status).toBe(200);
  });
});
