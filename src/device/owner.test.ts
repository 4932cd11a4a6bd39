import { expect, it } from 'vitest';
import type { Conn } from '../flow/conn.ts';
import { ownerOf } from './owner.ts';

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
