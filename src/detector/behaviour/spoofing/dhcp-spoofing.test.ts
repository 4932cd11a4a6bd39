import { expect, it } from 'vitest';
import { findingsAfter, findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { camera, laptop, leases, phone, router } from '../../../../test/ordinary/station.ts';
import { createDhcpSpoofing } from './dhcp-spoofing.ts';

const calm = times(3, (i) => leases(600 * i, laptop, { server: router }));

it('accuses a second server that names itself as the router', () => {
  const frames = [...calm, ...leases(2000, laptop, { server: router }, { server: phone })];
  expect(named(findingsOf(createDhcpSpoofing(), frames))).toEqual([['spoofing', phone.address, null]]);
});

it('accuses nobody: a second server that says what the first one says', () => {
  const second = { server: camera, router: router.address, dns: router.address };
  expect(findingsOf(createDhcpSpoofing(), [...calm, ...leases(2000, laptop, { server: router }, second)])).toEqual([]);
});

it('accuses nobody who was a server while it learned', () => {
  const both = [...calm, ...leases(2000, laptop, { server: router }, { server: camera })];
  expect(findingsAfter(createDhcpSpoofing, both, both)).toEqual([]);
});
