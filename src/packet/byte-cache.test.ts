import { describe, expect, it } from 'vitest';
import { ByteCache } from './byte-cache.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('ByteCache', () => {
  it('finds what was kept for the same bytes, wherever they lie', () => {
    const cache = new ByteCache<string>(8, 16);
    const first = bytesOf('..light.local..');
    expect(cache.find(first, 2, 13)).toBeUndefined();
    cache.keep(first, 2, 13, 'kept');
    const again = bytesOf('a light.local').subarray(1);
    expect(cache.find(again, 1, 12)).toBe('kept');
    expect(cache.find(again, 1, 11)).toBeUndefined();
  });

  it('compares every byte, the ones that the hash leaves out too', () => {
    const cache = new ByteCache<number>(2, 1024);
    const key = new Uint8Array(1000);
    cache.find(key, 0, 1000);
    cache.keep(key, 0, 1000, 1);
    for (let at = 0; at < key.length; at++) {
      const other = key.slice();
      other[at] = 1;
      expect(cache.find(other, 0, 1000), `byte ${at}`).toBeUndefined();
    }
    expect(cache.find(key, 0, 1000)).toBe(1);
  });

  it('keeps nothing for long keys, and not more than there are places', () => {
    const cache = new ByteCache<number>(2, 4);
    const key = bytesOf('abcdefgh');
    expect(cache.find(key, 0, 6)).toBeUndefined();
    expect(cache.keep(key, 0, 6, 1)).toBe(1);
    expect(cache.find(key, 0, 6)).toBeUndefined();
    for (const from of [0, 1, 2, 3]) {
      expect(cache.find(key, from, from + 4)).toBeUndefined();
      cache.keep(key, from, from + 4, from);
      expect(cache.find(key, from, from + 4)).toBe(from);
    }
    const kept = [0, 1, 2, 3].filter((from) => cache.find(key, from, from + 4) === from);
    expect(kept).toHaveLength(2);
    expect(cache.find(key, 0, 0)).toBeUndefined();
  });
});
