import { expect, it } from 'vitest';
import { findingsAfter, findingsOf } from '../../../../test/attack/one-rule.ts';
import { camera, datagram, laptop, phone, router } from '../../../../test/ordinary/station.ts';
import { createNewcomer } from './newcomer.ts';

const house = [datagram(0, laptop, router), datagram(1, camera, router), datagram(2, router, laptop)];

it('tells of a device that was never here', () => {
  const findings = findingsAfter(createNewcomer, house, [...house, datagram(3, phone, router)]);
  expect(findings.map(({ kind, host }) => [kind, host.address])).toEqual([['new-device', phone.address]]);
});

it('knows a device again that has another address now', () => {
  expect(findingsAfter(createNewcomer, house, [datagram(0, laptop.as('192.168.1.99'), router)])).toEqual([]);
});

it('calls nobody new where nothing was learned', () => {
  expect(findingsOf(createNewcomer(), house)).toEqual([]);
});
