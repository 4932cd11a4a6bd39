import { expect, it } from 'vitest';
import { call, connection } from '../../../../test/attack/conversation.ts';
import { findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { asks, camera, laptop, outside, phone, router, Station } from '../../../../test/ordinary/station.ts';
import { createScan } from './scan.ts';

const neighbours = (count: number) =>
  times(count, (i) => new Station(`192.168.1.${100 + i}`, `02:00:00:00:01:${(16 + i).toString(16)}`));
const knocks = (count: number, refused: boolean) =>
  times(count, (i) =>
    call(i / 10, { client: phone, server: camera, port: 1000 + 7 * i, fromPort: 30_000 + i }, refused),
  );

it('is a scan: a hundred ports of one device, most of them closed', () => {
  const findings = findingsOf(createScan(), knocks(100, true));
  expect(named(findings)).toEqual([['scan', phone.address, camera.address]]);
  expect(findings.at(-1)!.evidence).toMatchObject({ proto: 'tcp', addresses: 1 });
});

it('is a scan: one port of forty devices, and of forty addresses by ARP', () => {
  const one = neighbours(40).flatMap((server, i) => call(i / 4, { client: phone, server, port: 23 }));
  expect(named(findingsOf(createScan(), one))).toEqual([['scan', phone.address, null]]);
  expect(
    named(
      findingsOf(
        createScan(),
        neighbours(40).map((whom, i) => asks(i / 4, phone, whom)),
      ),
    ),
  ).toEqual([['scan', phone.address, null]]);
});

it('is none: a program that looks for its printer, or a hub that reaches every device', () => {
  expect(findingsOf(createScan(), knocks(3, true))).toEqual([]);
  const hub = neighbours(40).flatMap((server, i) => connection(i / 4, { client: laptop, server, port: 80 }, []));
  expect(findingsOf(createScan(), hub)).toEqual([]);
});

it('is none: a router that asks for all its devices', () => {
  const routed = connection(0, { client: laptop, server: outside('198.51.100.1'), port: 443 }, []);
  const round = neighbours(40).map((whom, i) => asks(1 + i / 4, router, whom));
  expect(findingsOf(createScan(), [...routed, ...round])).toEqual([]);
});
