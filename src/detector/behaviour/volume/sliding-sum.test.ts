import { expect, test } from 'vitest';
import { SlidingSum } from './sliding-sum.ts';

/** The same, counted the plain way. */
function plain(events: readonly (readonly [number, number])[]) {
  const now = Math.floor(events.at(-1)![0]);
  const kept = events.filter(([ts]) => Math.floor(ts) > now - 60);
  return { total: kept.reduce((sum, [, amount]) => sum + amount, 0), count: kept.length, since: kept[0][0] };
}

test('sums what a minute holds', () => {
  const sum = new SlidingSum();
  const events: [number, number][] = [];
  for (let i = 0; i < 2_000; i++) {
    events.push([1_700_000_000.5 + i * 0.37 + (i > 900 ? 45 : 0), 1 + (i % 7)]);
    sum.add(...events.at(-1)!);
    const { total, count, since } = sum;
    expect({ total, count, since }).toEqual(plain(events));
  }
});

test('sums what an hour holds, by its minutes', () => {
  const sum = new SlidingSum(60);
  for (let i = 0; i < 200; i++) sum.add(i * 60, 2);
  expect([sum.total, sum.count, sum.since]).toEqual([120, 60, 140 * 60]);
});

test('is empty after a long pause, and takes a clock that goes back', () => {
  const sum = new SlidingSum();
  sum.add(1000, 5);
  sum.add(9000, 7);
  expect([sum.total, sum.count, sum.since]).toEqual([7, 1, 9000]);
  sum.add(8000, 1);
  expect([sum.total, sum.count]).toEqual([8, 2]);
});

test('counts from the first second of a clock that was never set', () => {
  const sum = new SlidingSum();
  for (const ts of [3, 4, 5]) sum.add(ts, 10);
  expect([sum.total, sum.count, sum.since]).toEqual([30, 3, 3]);
});
