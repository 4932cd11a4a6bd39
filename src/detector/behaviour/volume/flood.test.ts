import { expect, it } from 'vitest';
import { call, connection, random } from '../../../../test/attack/conversation.ts';
import { findingsAfter, findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { camera, datagram, laptop, outside, phone } from '../../../../test/ordinary/station.ts';
import { createFlood } from './flood.ts';

const syns = (perSecond: number, seconds: number) =>
  times(perSecond * seconds, (i) =>
    call(i / perSecond, { client: phone, server: camera, port: 80, fromPort: 1024 + i }),
  );

it('is a flood: fifty SYNs a second from ever new ports', () => {
  expect(named(findingsOf(createFlood(), syns(50, 4)))).toEqual([['flood', phone.address, camera.address]]);
});

it('is a flood: small datagrams without an answer, by the thousand', () => {
  const frames = times(3000, (i) => datagram(i / 1000, phone, camera, [4000, 5000], 20));
  const last = findingsOf(createFlood(), frames).at(-1)!;
  expect(last).toMatchObject({ kind: 'flood', host: { address: phone.address }, evidence: { unit: 'packets' } });
  expect((last.evidence as { packets: number }).packets).toBeGreaterThan(2500);
});

it('is none: a page of sixty pictures, each over a connection of its own, within ten seconds', () => {
  const page = outside('198.51.100.7');
  const frames = times(60, (i) => call(i / 6, { client: laptop, server: page, port: 443, fromPort: 40_000 + i }));
  expect(findingsOf(createFlood(), frames)).toEqual([]);
});

it('is none: a film, or a copy to the storage of the house', () => {
  const film = times(4000, (i) => datagram(i / 2000, camera, laptop, [5004, 5004], 1200));
  expect(findingsOf(createFlood(), film)).toEqual([]);
  const copy = connection(0, { client: laptop, server: camera, port: 445 }, [
    { by: 'client', after: 0.1, what: random(1_400_000) },
    { by: 'server', after: 0.1, what: random(100) },
  ]);
  expect(findingsOf(createFlood(), copy)).toEqual([]);
});

it('is none for who did as much while it learned, and one for who does ten times that', () => {
  const usual = syns(2, 60);
  expect(findingsAfter(createFlood, usual, syns(3, 30))).toEqual([]);
  expect(named(findingsAfter(createFlood, usual, syns(15, 30)))).toEqual([['flood', phone.address, camera.address]]);
});
