import { describe, expect, test } from 'vitest';
import { makeUid } from '../../flow/uid.ts';
import { addressKey, keyRange } from './address-key.ts';
import { idAt, packUid, timeOf, unpackUid } from './layout.ts';

test('a uid of ours takes twelve bytes and comes back; any other stays text', () => {
  for (let i = 0; i < 500; i++) {
    const uid = makeUid(i, 1_700_000_000 + i / 7, i * 7919, i);
    expect(packUid(uid)).toHaveLength(12);
    expect(unpackUid(packUid(uid))).toBe(uid);
  }
  // As Zeek writes them; the last is beyond 32 bits.
  for (const uid of ['CHhAvVGS1DHFjwGM9', '', 'C', `C${'z'.repeat(18)}`]) expect(unpackUid(packUid(uid))).toBe(uid);
});

test.each([0, 1, 1_792_152_000.125, 1_792_152_000.999, 4_000_000_000])('%d seconds are their millisecond', (ts) => {
  expect(timeOf(idAt(ts))).toBe(ts);
  expect(Number.isSafeInteger(idAt(ts) + 2047)).toBe(true);
});

test('a time before 1970 or beyond all bounds has a place too', () => {
  expect(idAt(-5)).toBe(0);
  expect(Number.isSafeInteger(idAt(1e15) + 2047)).toBe(true);
});

describe('keys of addresses', () => {
  test('sort as the addresses do, and are one for every way to write an address', () => {
    const sorted = ['1.2.3.4', '10.0.0.1', '192.168.1.255', '2001:db8::1', '2001:db8::ffff', 'fe80::1', 'ff02::fb'];
    const keys = sorted.map(addressKey);
    expect(keys).toEqual(keys.toSorted());
    expect(addressKey('2001:DB8:0:0::1')).toBe(addressKey('2001:db8::1'));
    expect(addressKey('::ffff:1.2.3.4')).toBe(addressKey('1.2.3.4'));
    expect(addressKey('::')).toBe('0'.repeat(32));
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each([
    ['192.168.1.0/24', '192.168.1.0', '192.168.1.255'],
    ['10.9.8.7/8', '10.0.0.0', '10.255.255.255'],
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
    ['2001:db8::/32', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['203.0.113.9', '203.0.113.9', '203.0.113.9'],
  ])('%s is a range', (network, first, last) => {
    expect(keyRange(network)).toEqual({ first: addressKey(first), last: addressKey(last) });
  });

  test.each(['example.org', '1.2.3.4/33', '1.2.3/24', '::/129', '1.2.3.4/x', '1.2.3.4/8/8', ''])(
    '%s is none',
    (text) => {
      expect(keyRange(text)).toBeNull();
    },
  );
});
