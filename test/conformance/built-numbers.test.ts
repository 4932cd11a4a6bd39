/** Numbers of alerts on captures that are built so that each is known. */
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alert/alert.ts';
import { call } from '../attack/conversation.ts';
import { answers, camera, datagram, laptop, outside, phone, Station } from '../ordinary/station.ts';
import { alertsOf, type TimedFrame } from '../ordinary/watch.ts';

const times = (count: number, frames: (i: number) => TimedFrame[]): TimedFrame[] =>
  Array.from({ length: count }, (_, i) => frames(i)).flat();

/** The camera hears from the outside, so that its line is not dead. */
const life = times(150, (i) => [
  datagram(i, camera, outside('93.184.216.34'), [40_001, 443]),
  datagram(i + 0.1, outside('93.184.216.34'), camera, [443, 40_001]),
]);

function only(kind: Alert['kind'], frames: readonly TimedFrame[]): Alert {
  const found = alertsOf([...life, ...frames]).filter((alert) => alert.kind === kind);
  expect(found.map(({ sentence }) => sentence)).toHaveLength(1);
  return found[0]!;
}

describe('numbers of alerts', () => {
  it('ports tried by UDP above the port that it is sent from', () => {
    const sweep = times(200, (i) => [datagram(10 + i * 0.05, camera, laptop, [36_541, 33_000 + i * 100], 0)]);
    const { hosts, evidence } = only('scan', sweep);
    expect(hosts).toEqual([camera.address, laptop.address]);
    expect(evidence).toMatchObject({ proto: 'udp', addresses: 1 });
    expect(evidence.ports).toBeGreaterThanOrEqual(198);
  });

  it('a scan is of one transport: what else the device talks to is not counted', () => {
    const frames = times(60, (i) => [
      ...call(10 + i, { client: camera, server: outside(`203.0.113.${i + 1}`), port: 23, fromPort: 41_000 + i }),
      ...(i > 10 && i % 2 === 0
        ? [
            datagram(10.3 + i, camera, outside(`198.51.100.${i + 1}`), [50_000, 6881 + i]),
            datagram(10.4 + i, outside(`198.51.100.${i + 1}`), camera, [6881 + i, 50_000]),
          ]
        : []),
    ]);
    expect(only('scan', frames).evidence).toMatchObject({ proto: 'tcp', addresses: 60, ports: 1, port: 23 });
  });

  it('all strangers that do not answer, also those that were called once or twice', () => {
    const to = (server: Station, ts: number, i: number): TimedFrame[] =>
      call(ts, { client: camera, server, port: 443, fromPort: 41_000 + i });
    const few = times(2, (i) => times(2, (k) => to(outside(`198.51.100.${i + 1}`), 10 + i * 3 + k, i)));
    const many = times(6, (i) => times(5, (k) => to(outside(`203.0.113.${i + 1}`), 30 + i * 7 + k, 10 + i)));
    expect(only('beacon', [...few, ...many]).evidence).toMatchObject({ addresses: 8, calls: 34 });
  });

  it('answers to a thief whose claims were not seen are no claims of it', () => {
    const thief = new Station(phone.address, '08:00:27:f5:e1:d1');
    const frames = times(20, (i) => [
      answers(10 + i, laptop, thief.as(phone.address)),
      answers(10.01 + i, phone, thief.as(laptop.address)),
    ]);
    const told = alertsOf(frames).filter(({ kind }) => kind === 'spoofing');
    // The first of them could be to whoever has the address.
    expect(told.map(({ evidence: { claims, answers } }) => ({ claims, answers }))).toEqual([
      { claims: 0, answers: 19 },
      { claims: 0, answers: 19 },
    ]);
    for (const { sentence } of told) expect(sentence).toMatch(/ is taken for .*: others answered it as that 19 times/);
  });
});
