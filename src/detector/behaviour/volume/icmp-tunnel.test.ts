import { expect, it } from 'vitest';
import { random } from '../../../../test/attack/conversation.ts';
import { findingsAfter, findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { laptop, outside, router, type Station } from '../../../../test/ordinary/station.ts';
import { echoFrame } from '../../../simulator/wire/icmp.ts';
import { createIcmpTunnel } from './icmp-tunnel.ts';

const server = outside('203.0.113.77');
const pings = (to: Station, content: (i: number) => Uint8Array, reply = content) =>
  times(60, (i) => [
    { ts: i, bytes: echoFrame(laptop, to, false, 7, i, content(i)).slice() },
    { ts: i + 0.02, bytes: echoFrame(to, laptop, true, 7, i, reply(i)).slice() },
  ]);
const secrets = (i: number) => random(200, i + 1);

it('is a tunnel: pings that carry something else each time', () => {
  expect(named(findingsOf(createIcmpTunnel(), pings(server, secrets)))).toEqual([
    ['icmp-tunnel', laptop.address, server.address],
  ]);
});

it('is a tunnel: answers that are not what was asked', () => {
  const findings = findingsOf(
    createIcmpTunnel(),
    pings(server, () => random(40), secrets),
  );
  expect(named(findings)).toEqual([['icmp-tunnel', laptop.address, server.address]]);
  expect((findings.at(-1)!.evidence as { changed: number }).changed).toBeGreaterThan(7);
});

it('is none: the pattern of a ping program, or a test of the line inside the house', () => {
  expect(
    findingsOf(
      createIcmpTunnel(),
      pings(server, () => Uint8Array.from({ length: 56 }, (_, at) => at)),
    ),
  ).toEqual([]);
  expect(findingsOf(createIcmpTunnel(), pings(router, secrets))).toEqual([]);
});

it('is none for who did so a little while it learned, and does as much', () => {
  const few = pings(server, secrets).slice(0, 2 * 15);
  expect(findingsAfter(createIcmpTunnel, few, few)).toEqual([]);
  expect(findingsAfter(createIcmpTunnel, few, pings(server, secrets))).not.toEqual([]);
});
