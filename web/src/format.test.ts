import { expect, test } from 'vitest';
import * as format from './format.ts';

test.each([
  [0.04, '40 ms'],
  [0, '1 ms'],
  [3.24, '3.2 s'],
  [59.96, '60 s'],
  [125, '2 min 5 s'],
  [3600, '1 h'],
  [12_000, '3 h 20 min'],
  [86_400, '1 day'],
  [187_200, '2 days 4 h'],
])('%s seconds last %s', (seconds, text) => {
  expect(format.formatDuration(seconds)).toBe(text);
});

test('sizes are said in thousands, limits as they are set, with three digits', () => {
  expect([0, 999, 1000, 1536, 1_234_567, 5e12].map(format.formatBytes)).toEqual([
    ...['0 B', '999 B', '1 kB', '1.54 kB', '1.23 MB', '5 TB'],
  ]);
  expect([0, 1023, 1024, 1536, 1_234_567, 5e12].map(format.formatLimit)).toEqual([
    ...['0 bytes', '1023 bytes', '1 KiB', '1.5 KiB', '1.18 MiB', '4657 GiB'],
  ]);
});

test('numbers of things agree with their noun', () => {
  expect([0, 1, 2000].map((count) => format.plural(count, 'row'))).toEqual(['0 rows', '1 row', '2,000 rows']);
  expect([0, 0.42, 9.96, 1200].map(format.formatRate)).toEqual([
    ...['0 packets/s', '0.4 packets/s', '10.0 packets/s', '1,200 packets/s'],
  ]);
});

test('errors keep six decimals as published, unless they are very small or large', () => {
  expect([0, 0.0351234, 12.5, 1234.5, 0.00001, 2e9].map(format.formatError)).toEqual([
    ...['0.000000', '0.035123', '12.500000', '1,234.50', '1.0000e-5', '2.0000e+9'],
  ]);
  expect([0.5, 12.34, 5000].map(format.formatRatio)).toEqual(['0.50 ×', '12 ×', '> 1,000 ×']);
});

test('how sure it is has a word and a number', () => {
  expect([1, 0.85, 0.6, 0.2].map(format.formatConfidence)).toEqual([
    ...['very sure (100 %)', 'sure (85 %)', 'fairly sure (60 %)', 'not sure (20 %)'],
  ]);
});

test('a time is said by how long ago it was, and by the day where that is not today', () => {
  const now = Date.UTC(2026, 10, 21, 12);
  const ago = (seconds: number): string => format.formatRelative(new Date(now - seconds * 1000), now);
  expect([10, 120, 7200, 86_400, 40 * 86_400, 800 * 86_400].map(ago)).toEqual([
    ...['just now', '2 minutes ago', '2 hours ago', 'yesterday', 'last month', '2 years ago'],
  ]);
  expect(format.formatClock(now / 1000, now)).toMatch(/^\d\d:\d\d$/);
  expect(format.formatClock(now / 1000 - 3 * 86_400, now)).toMatch(/^18 Nov, \d\d:\d\d$/);
});
