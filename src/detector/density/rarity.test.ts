import { describe, expect, it } from 'vitest';
import { Rarity } from './rarity.ts';

function seen(counts: Record<string, number>): Rarity {
  const rarity = new Rarity();
  for (const [value, count] of Object.entries(counts)) rarity.add(value, count);
  return rarity;
}

it('forgets what is taken back', () => {
  const rarity = new Rarity();
  for (const value of ['a', 'a', 'b']) rarity.add(value);
  const before = [rarity.surprise('a'), rarity.surprise('b'), rarity.surprise('c')];
  for (const value of ['c', 'a']) rarity.add(value);
  for (const value of ['a', 'c', 'never']) rarity.remove(value);
  expect([rarity.surprise('a'), rarity.surprise('b'), rarity.surprise('c')]).toEqual(before);
  expect([rarity.has('c'), rarity.total]).toEqual([false, 3]);
});

describe('rarity', () => {
  it('is the rank p-value: the share of observations as rare or rarer', () => {
    const rarity = seen({ a: 90, b: 9, c: 1 });
    expect(rarity.surprise('a')).toBeCloseTo(0, 6);
    expect(rarity.surprise('b')).toBeCloseTo(-Math.log(11 / 101), 6);
    expect(rarity.surprise('c')).toBeCloseTo(-Math.log(2 / 101), 6);
  });

  it('is not surprised by something new where new things come all the time (Good–Turing)', () => {
    const sociable = new Rarity();
    for (let i = 0; i < 100; i++) sociable.add(`address ${i}`);
    expect(sociable.surprise('another')).toBeLessThan(1);
    expect(seen({ cloud: 100 }).surprise('another')).toBeGreaterThan(4);
  });

  it('ranks the unseen above all that was seen', () => {
    const rarity = seen({ a: 50, b: 3, c: 1, d: 1 });
    expect(rarity.surprise('x')).toBeGreaterThan(rarity.surprise('c'));
  });

  it('stays bounded, and the same after a restart', () => {
    const rarity = new Rarity(10);
    for (let i = 0; i < 1000; i++) rarity.add(i % 3 === 0 ? 'often' : `once ${i}`);
    expect(rarity.save().length).toBeLessThanOrEqual(10);
    const small = seen({ a: 5, b: 1 });
    const loaded = new Rarity();
    loaded.load(JSON.parse(JSON.stringify(small.save())));
    expect(loaded.surprise('b')).toBe(small.surprise('b'));
  });
});
