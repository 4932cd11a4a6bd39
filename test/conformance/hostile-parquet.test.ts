/** What a Parquet file declares is believed only as far as its bytes reach: 200 MB over idle, 10 s of processor time. */
import { expect, test } from 'vitest';
import { read, refusal } from '../source/read-text.ts';
import { hostileParquet } from './hostile-parquet.ts';

const MAX_MB = 200;
const MAX_S = 10;

/** What reading costs beyond what the process ever took. */
async function costOf(work: () => Promise<unknown>): Promise<{ mb: number; seconds: number }> {
  const before = process.resourceUsage();
  await work();
  const after = process.resourceUsage();
  const seconds = (after.userCPUTime + after.systemCPUTime - before.userCPUTime - before.systemCPUTime) / 1e6;
  return { mb: (after.maxRSS - before.maxRSS) / 1024, seconds };
}

test('one that is honest is read', async () => {
  const { conns } = await read(hostileParquet({ rows: 1000, values: 1000 }));
  expect(conns).toHaveLength(1000);
  expect(conns[999]).toMatchObject({ orig_pkts: 1, resp_bytes: 1 });
});

test.each([
  ['rows of one run', { rows: 2 ** 29, values: 2 ** 29 }],
  ['values of one page', { rows: 1000, values: 2 ** 29 }],
  ['a schema', { rows: 10, values: 10, columns: 260_000, nameLength: 24 }],
  ['row groups', { rows: 10, values: 10, groups: 30_000 }],
])('%s without end are refused at once', { timeout: 60_000 }, async (_what, options) => {
  const file = hostileParquet(options);
  const cost = await costOf(() => refusal(file).then((error) => expect(error.code).toBe('corrupt_parquet')));
  expect(cost.mb).toBeLessThan(MAX_MB);
  expect(cost.seconds).toBeLessThan(MAX_S);
});
