import { expect, it } from 'vitest';
import { findingsAfter, findingsOf, times } from '../../../../test/attack/one-rule.ts';
import {
  announces,
  answers,
  asks,
  camera,
  datagram,
  laptop,
  outside,
  phone,
  router,
} from '../../../../test/ordinary/station.ts';
import { createArpSpoofing } from './arp-spoofing.ts';

/** The house goes about its business: the laptop asks for the router and is answered. */
const usual = times(20, (i) => [
  asks(10 * i, laptop, router),
  answers(10 * i + 0.01, router, laptop),
  datagram(10 * i + 1, laptop, outside('198.51.100.9')),
  datagram(10 * i + 1.1, outside('198.51.100.9'), laptop),
  datagram(10 * i + 2, phone, camera),
]);
const thief = router.at(phone.macText);
const accused = (findings: readonly { kind: string; host: { mac: string | null } }[]) => [
  ...new Set(findings.map(({ kind, host }) => `${kind} ${host.mac}`)),
];

it('accuses who claims the address of the router again and again while the router goes on', () => {
  const claims = times(30, (i) => answers(3 + 5 * i, thief, laptop));
  expect(accused(findingsOf(createArpSpoofing(), [...usual, ...claims]))).toEqual([`spoofing ${phone.macText}`]);
});

it('accuses nobody: a device that has a new card and says so', () => {
  const other = laptop.at('02:11:22:33:44:55');
  expect(findingsOf(createArpSpoofing(), [...usual, announces(250, other), announces(252, other)])).toEqual([]);
});

it('accuses nobody where two cards shared the address while it learned', () => {
  const pair = [...usual, ...times(10, (i) => announces(5 + 20 * i, router.at('f8:1a:67:11:22:34')))];
  expect(findingsAfter(createArpSpoofing, pair, pair)).toEqual([]);
});
