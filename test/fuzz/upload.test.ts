/** Mutated captures and logs through the upload: every answer is a verdict or a refusal, and the next one is served. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Scanner } from '../../src/api/port/scanner.ts';
import { openSource } from '../../src/source/open-source.ts';
import { readConns } from '../../src/source/read-conns.ts';
import { outcome, startServer, type TestServer, upload } from '../server.ts';
import { dice, mutate } from './mutate.ts';
import { seeds } from './seeds.ts';

/** Reads as a scan does; the judging behind it sees only sound records. */
const readingScanner: Scanner = {
  async scan(file, { name, onProgress, signal }) {
    const source = await openSource(file, { name, limits: { bytes: 1 << 24, ratio: 100 } });
    const { offered } = await readConns(source, () => {}, { onProgress, signal });
    return outcome({ file: name, records: offered });
  },
  model: () => ({ loaded: true, threshold: 0.14 }),
};

const log = (separator: string): Uint8Array =>
  new TextEncoder().encode(
    ['ts', 'orig_pkts', 'resp_pkts', 'orig_bytes', 'resp_bytes'].join(separator) +
      `\n${'1634567890.1,10,8,1200,850\n'.repeat(40)}`.replaceAll(',', separator),
  );

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ scanner: readingScanner, limits: { maxTextBytes: 1 << 20 } });
});
afterAll(() => server.stop());

it('damaged uploads are answered, and leave nothing', { timeout: 120_000 }, async () => {
  const inputs = [
    ...seeds().slice(0, 60),
    log(','),
    log('\t'),
    new TextEncoder().encode('{"orig_pkts":1}\n'.repeat(40)),
  ];
  const random = dice(11);
  const statuses = new Set<number>();
  for (let i = 0; i < 150; i++) {
    const input = mutate(inputs[random.int(inputs.length)], random, inputs[random.int(inputs.length)]);
    const response = await upload(server.url, new Uint8Array(input), 'mutated');
    statuses.add(response.status);
    const body = await response.json();
    if (response.status !== 200) expect(body).toMatchObject({ error: expect.any(String), code: expect.any(String) });
  }
  expect([...statuses].filter((status) => ![200, 400, 413, 422].includes(status))).toEqual([]);
  expect(statuses.size).toBeGreaterThan(1);
  expect(server.uploads()).toEqual([]);
});
