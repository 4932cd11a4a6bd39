import { describe, expect, it } from 'vitest';
import { ownerOf } from '../device/owner.ts';
import type { Conn } from '../flow/conn.ts';
import { parseAddress } from './address.ts';
import { owningSide, type Scope, scopeOf, scopeOfIpv4 } from './address-scope.ts';

describe('where an address stands', () => {
  const is = (scope: Scope) => (address: string) => {
    expect(scopeOf(address)).toBe(scope);
    const { words, isIpv6 } = parseAddress(address)!;
    if (!isIpv6) expect(scopeOfIpv4(words[0])).toBe(scope);
  };

  it.each([
    '192.168.1.7',
    '10.200.0.1',
    '172.31.255.1',
    '100.64.0.1',
    '169.254.1.1',
    '0.0.0.0',
    'fe80::1',
    'fd12:3456::1',
    '::1',
  ])('%s is local', is('local'));
  it.each(['172.32.0.1', '8.8.8.8', '192.0.2.1', '2a00:1450:4001::200e'])('%s is external', is('external'));
  it.each(['192.168.1.255', '10.0.0.255', '255.255.255.255', '239.255.255.250', 'ff02::fb'])(
    '%s is multicast',
    is('multicast'),
  );
});

it.each([
  ['local', 'external', 0],
  ['external', 'local', 1],
  ['local', 'local', 0],
  ['external', 'external', 0],
  ['external', 'multicast', 0],
  ['multicast', 'local', 1],
] as const)('a connection from %s to %s is counted for side %i', (orig, resp, side) => {
  expect(owningSide(orig, resp)).toBe(side);
});

it.each([
  ['192.168.1.7', '8.8.8.8', '192.168.1.7'],
  ['8.8.8.8', '192.168.1.7', '192.168.1.7'],
  ['8.8.8.8', '9.9.9.9', '8.8.8.8'],
  // The broadcast of a home is nobody's, in whichever private network it is.
  ['8.8.8.8', '10.0.0.255', '8.8.8.8'],
  ['8.8.8.8', '192.168.1.255', '8.8.8.8'],
  ['fe80::1', 'ff02::fb', 'fe80::1'],
  [null, '10.0.0.7', '10.0.0.7'],
  ['8.8.8.8', null, '8.8.8.8'],
  [null, null, null],
])('a record from %s to %s is counted for %s', (id_orig_h, id_resp_h, owner) => {
  expect(ownerOf({ id_orig_h, id_resp_h } as Conn)).toBe(owner);
});
