import { expect, test } from 'vitest';
import { newFlow } from '../../../test/conformance/history.ts';
import { AppError } from '../../errors.ts';
import { HistoryBuffer } from './buffer.ts';
import type { FlowMark, FlowRecord } from './flow.ts';

function setUp(most?: number) {
  const kept: FlowRecord[] = [];
  const marked: FlowMark[] = [];
  const lost: [number, string][] = [];
  const failing: { error: Error | null } = { error: null };
  const history = {
    async add(flows: readonly FlowRecord[], marks: readonly FlowMark[] = []) {
      if (failing.error) throw failing.error;
      kept.push(...flows);
      marked.push(...marks);
    },
  };
  const onLost = (count: number, reason: string): void => void lost.push([count, reason]);
  const buffer = new HistoryBuffer({ history, onLost, everyMs: 1e6, most });
  return { buffer, kept, marked, lost, failing };
}
const flows = (count: number, from = 0): FlowRecord[] =>
  Array.from({ length: count }, (_, i) => newFlow({ uid: `number ${from + i}` }));

test('what could not be written for a full disk is written once there is room, in order, each once', async () => {
  const { buffer, kept, failing } = setUp();
  failing.error = new AppError('storage_full', {});
  buffer.put(flows(3000), []);
  await buffer.flush();
  expect(kept).toEqual([]);
  failing.error = null;
  buffer.put(flows(10, 3000), []);
  await buffer.stop();
  expect(kept.map(({ uid }) => uid)).toEqual(flows(3010).map(({ uid }) => uid));
});

test('a mark is never written before its connection', async () => {
  const { buffer, kept, marked } = setUp();
  buffer.put(flows(5000), [{ uid: 'number 4999', ts: 1, episode: 'e' }]);
  await buffer.stop();
  expect([kept.length, marked.length]).toEqual([5000, 1]);
});

test('what waits is bounded, and what there was no room for is told with the reason', async () => {
  const { buffer, kept, lost, failing } = setUp(100);
  failing.error = new AppError('storage_full', {});
  buffer.put(flows(90), []);
  await buffer.flush();
  buffer.put(flows(90, 90), [], 5);
  await buffer.flush();
  expect(lost).toEqual([[85, 'The disk of the data folder is full']]);
  failing.error = null;
  await buffer.stop();
  expect(kept).toHaveLength(100);
});

test('what no history can take does not keep out what comes after it', async () => {
  const { buffer, kept, failing } = setUp();
  failing.error = new TypeError('datatype mismatch');
  buffer.put(flows(10), []);
  await buffer.flush();
  failing.error = null;
  buffer.put(flows(10, 10), []);
  await buffer.stop();
  expect(kept).toHaveLength(10);
});
