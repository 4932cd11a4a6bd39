import { expect, test } from 'vitest';
import { Unseen, wireBytes, wireFrames } from './unseen.ts';

const link = (packets: number, size: number) => ({ packets, bytes: packets * size, dropped: 0 });
const seen = (frames: number, size: number) => ({ frames, bytes: frames * size });

test('what waits in the buffer is not lost, what cannot be in it is', () => {
  const unseen = new Unseen(16);
  unseen.begin(link(1_000, 100), seen(0, 100));
  // 17 MiB hold 90,948 frames of 100 bytes with their headers.
  expect(unseen.next(link(61_000, 100), seen(0, 100))).toBe(0);
  expect(unseen.next(link(151_000, 100), seen(50_000, 100))).toBe(9_052);
  // The reader catches up: what was lost stays lost.
  expect(unseen.next(link(151_000, 100), seen(140_000, 100))).toBe(9_052);
});

test('half of 10,000 frames a second is told within 15 seconds', () => {
  const unseen = new Unseen(16);
  unseen.begin(link(0, 250), seen(0, 250));
  let lost = 0;
  let told = 0;
  // The buffer is full after ten seconds; what is lost from then on counts.
  for (let second = 1; lost === 0; second++) {
    lost = unseen.next(link(10_000 * second, 250), seen(5_000 * second, 250));
    told = second;
  }
  expect(told).toBeLessThanOrEqual(15);
});

test('segments that the kernel joins are counted as they were on the wire', () => {
  expect([wireFrames(60), wireFrames(1_518), wireFrames(1_514 + 1_448)]).toEqual([1, 1, 2]);
  // 44 segments of a download in one frame of 64 KiB.
  expect(wireFrames(66 + 44 * 1_448)).toBe(44);
  expect(wireBytes(66 + 44 * 1_448)).toBe(44 * (66 + 1_448));
});

test('a card that counts checksums, or fewer frames, makes no loss', () => {
  const unseen = new Unseen(1);
  unseen.begin(link(0, 104), seen(0, 100));
  expect(unseen.next({ packets: 900_000, bytes: 900_000 * 104, dropped: 0 }, seen(900_000, 100))).toBe(0);
  expect(unseen.next({ packets: 1_900_000, bytes: 90_000_000, dropped: 0 }, seen(900_000, 100))).toBe(0);
});

test('an interface without counters says nothing', () => {
  const unseen = new Unseen(1);
  unseen.begin(null, seen(0, 0));
  expect(unseen.next(link(1e6, 1000), seen(0, 0))).toBe(0);
});
