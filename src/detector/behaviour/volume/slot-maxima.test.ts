import { expect, test } from 'vitest';
import { SlotMaxima } from './slot-maxima.ts';

test('what happens again and again counts whole, one extreme slot does not', () => {
  const maxima = new SlotMaxima();
  expect(maxima.robust('camera')).toBeUndefined();
  for (let slot = 0; slot < 96; slot++) maxima.learn('camera', slot, 1e6 + (slot % 7) * 1e5);
  expect(maxima.robust('camera')).toBe(1.6e6);
  maxima.learn('camera', 200, 300e6);
  expect(maxima.robust('camera')).toBe(4 * 1.6e6);
  for (const slot of [201, 202, 203]) maxima.learn('camera', slot, 250e6);
  expect(maxima.robust('camera')).toBe(300e6);
});

test('a slot counts once, however often its amount grows, and all of it outlives a restart', () => {
  const maxima = new SlotMaxima();
  for (let amount = 1; amount <= 100; amount++) maxima.learn('plug', 7, amount);
  expect(maxima.robust('plug')).toBeUndefined();
  for (const slot of [1, 2, 3]) maxima.learn('plug', slot, 50);
  const again = new SlotMaxima();
  again.load(JSON.parse(JSON.stringify(maxima.save())));
  expect(again.robust('plug')).toBe(100);
  expect(again.save()).toEqual(maxima.save());
});
