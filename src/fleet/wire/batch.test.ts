/** What is sent again is the same bytes; what a hostile house sends is refused, and costs little. */
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { UplinkBatch } from '../../store/uplink/index.ts';
import { decodeBatch, encodeBatch, SCHEMA } from './batch.ts';

const epoch = 'epoch-0001';
const gap = JSON.stringify({ kind: 'gap', from: 1, to: 2, reason: 'it did not run' });
const batch: UplinkBatch = {
  lane: 'bulk',
  from: 3,
  to: 6,
  attempt: 1,
  records: [
    { first: 3, seq: 5, ts: 9, body: JSON.stringify({ kind: 'lost', records: 3, bytes: 900 }) },
    { first: 6, seq: 6, ts: 10, body: gap },
  ],
};
const packed = (...lines: unknown[]): Buffer =>
  zstdCompressSync(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
const head = { schema: SCHEMA, lane: 'bulk', from: 1, to: 1, attempt: 1, epoch };

test('a batch comes back as it was, and is the same bytes each time', () => {
  const bytes = encodeBatch(batch, epoch);
  expect(encodeBatch(batch, epoch)).toEqual(bytes);
  expect(decodeBatch(bytes)).toEqual({
    head: { schema: SCHEMA, lane: 'bulk', from: 3, to: 6, attempt: 1, epoch },
    records: [
      { first: 3, seq: 5, ts: 9, record: { kind: 'lost', records: 3, bytes: 900 } },
      { first: 6, seq: 6, ts: 10, record: JSON.parse(gap) },
    ],
  });
});

test.each([
  ['no compressed text', Buffer.from('{}')],
  ['a bomb', zstdCompressSync(Buffer.alloc(64 * 1024 * 1024))],
  ['no first line', packed('')],
  ['another lane', packed({ ...head, lane: 'other' }, [1, 1, 0, JSON.parse(gap)])],
  ['a record of no kind', packed(head, [1, 1, 0, { kind: 'sql', text: 'drop table' }])],
  ['a hole', packed({ ...head, to: 3 }, [1, 1, 0, JSON.parse(gap)], [3, 3, 0, JSON.parse(gap)])],
  ['a record that stands for others and says nothing of them', packed({ ...head, to: 2 }, [1, 2, 0, JSON.parse(gap)])],
  ['fewer records than it says', packed({ ...head, to: 2 }, [1, 1, 0, JSON.parse(gap)])],
])('%s is refused', (_, bytes) => {
  expect(decodeBatch(bytes)).toMatchObject({ bad: expect.any(String) });
});

test('what a later version sends is not refused: it waits', () => {
  expect(decodeBatch(packed({ schema: SCHEMA + 1, anything: 'else' }))).toEqual({ newer: SCHEMA + 1 });
});
