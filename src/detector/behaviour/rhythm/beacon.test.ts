import { expect, it } from 'vitest';
import { connection, random } from '../../../../test/attack/conversation.ts';
import { findingsAfter, findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { camera, laptop, outside } from '../../../../test/ordinary/station.ts';
import { createBeacon } from './beacon.ts';

const server = outside('203.0.113.66');
/** One request after the other, each over a connection of its own. */
const polls = (at: readonly number[], to = server) =>
  at.flatMap((ts, i) =>
    connection(ts, { client: camera, server: to, port: 443, fromPort: 30_000 + i, closes: true }, [
      { by: 'client', after: 0.01, what: random(120) },
      { by: 'server', after: 0.05, what: random(90) },
    ]),
  );
const everyMinute = times(120, (i) => i * 60 + (i % 3) / 10);
/** As people come back to a page: many within seconds, then nothing for minutes. */
const asPeopleClick = times(20, (i) => [0, 2, 5, 9, 14, 71, 74, 190].map((ts) => i * 600 + ts + ((i * 37) % 113)));

it('is a beacon: calls every minute to who was never met, in a house that is known', () => {
  const known = polls(asPeopleClick, outside('198.51.100.4'));
  const findings = findingsAfter(createBeacon, known, polls(everyMinute));
  expect(named(findings)).toEqual([['beacon', camera.address, server.address]]);
  const { period } = findings.at(-1)!.evidence as { period: number };
  expect(period).toBeCloseTo(60, 0);
});

it('is none: what called by the clock while it was learned, also where its server has moved since', () => {
  expect(findingsAfter(createBeacon, polls(everyMinute), polls(everyMinute))).toEqual([]);
  expect(findingsAfter(createBeacon, polls(everyMinute), polls(everyMinute, outside('203.0.113.67')))).toEqual([]);
});

it('is none: calls as people click', () => {
  const known = polls(asPeopleClick, outside('198.51.100.4'));
  expect(findingsAfter(createBeacon, known, polls(asPeopleClick))).toEqual([]);
});

it('is none without a past: a hub that polls a device of the house', () => {
  expect(findingsOf(createBeacon(), polls(everyMinute, laptop))).toEqual([]);
});
