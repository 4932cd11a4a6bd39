/** Answers that nobody asked for, at length and from everywhere. */
import { expect, it } from 'vitest';
import { datagram, laptop, outside, router } from '../ordinary/station.ts';
import { alertsOf, sentencesOf } from '../ordinary/watch.ts';

const servers = Array.from({ length: 40 }, (_, i) => outside(`198.51.100.${i + 1}`));
const answers = (bytes: number) =>
  [0, 1, 2].flatMap((round) =>
    servers.map((server, i) => datagram(round * 10 + i / 10, server, laptop, [53, 22_022], bytes)),
  );

it('names the device that is flooded, and accuses none of the servers', () => {
  const [alert, ...others] = alertsOf(answers(1200));
  expect(alert).toMatchObject({ kind: 'flood', hosts: [laptop.address] });
  expect(alert.sentence).toContain('never asked');
  expect(others).toEqual([]);
});

it('is no mirror that shows only what comes in: most answers are short', () => {
  expect(alertsOf(answers(120)).map(({ kind }) => kind)).not.toContain('flood');
});

it('is no resolver at home that asks servers everywhere', () => {
  const asked = servers.flatMap((server, i) => [
    datagram(i, laptop, server, [30_000 + i, 53], 40),
    datagram(i + 0.03, server, laptop, [53, 30_000 + i], 1200),
  ]);
  expect(sentencesOf([...asked, datagram(50, laptop, router)])).toEqual([]);
});
