import { describe, expect, test } from 'vitest';
import type { Traffic } from '../../src/api/contract.ts';
import { measureNamed } from '../../web/src/monitor/measure.ts';
import { markOf, type TimelineOptions, timeline } from '../../web/src/monitor/timeline.ts';

const START = 1_700_000_040;
const options = { minutes: 60, now: START + 600, gaps: [], past: undefined };

/** `packets` of minutes one after the other; null leaves one out. */
const traffic = (...packets: (number | null)[]): Traffic => ({
  step: 60,
  points: packets.flatMap((count, i) =>
    count === null
      ? []
      : [
          {
            ts: START + 60 * i,
            packets: count,
            bytes: 100 * count,
            strangeness: count / 100,
            connections: count,
            contacts: count,
          },
        ],
  ),
});
const measured = (key: string) => (of: Traffic, with_: TimelineOptions) => timeline(of, measureNamed(key)!, with_);
const packetRates = measured('packets');
const strangeness = measured('strangeness');
const values = (points: [number, number | null][]) => points.map(([, value]) => value);

describe('a line of traffic', () => {
  test('begins with the first packet, in packets per second', () => {
    const { points } = packetRates(traffic(60, 120, 600), { ...options, now: START + 180 });
    expect(points[0]).toEqual([START, 1]);
    expect(values(points)).toEqual([1, 2, 10]);
  });

  test('is zero while a watched network is silent, and nothing where it was not watched', () => {
    const now = START + 300;
    const silent = traffic(60, null, null, 60, 60);
    expect(values(packetRates(silent, { ...options, now }).points)).toEqual([1, 0, 0, 1, 1]);
    const gaps = [{ from: START + 130, to: START + 140, reason: 'the link was down' }];
    expect(values(packetRates(silent, { ...options, now, gaps }).points)).toEqual([1, 0, null, 1, 1]);
    // Silence is not judged: it is not ordinary, it is nothing.
    expect(values(strangeness(silent, { ...options, now }).points)).toEqual([0.6, null, null, 0.6, 0.6]);
  });

  test('a gap that goes on reaches to now', () => {
    const gaps = [{ from: START + 65, to: null, reason: 'the link is down' }];
    const { points } = packetRates(traffic(60, 60), { ...options, now: START + 240, gaps });
    expect(values(points)).toEqual([1, 1, null, null]);
  });

  test('the stretch that goes on counts for the seconds that it has lasted, from ten on', () => {
    const now = START + 60;
    expect(values(packetRates(traffic(60, 30), { ...options, now: now + 30 }).points)).toEqual([1, 1]);
    expect(values(packetRates(traffic(60, 30), { ...options, now: now + 9 }).points)).toEqual([1]);
  });

  test('nine of ten stretches of a day are usual; half an hour has no usual', () => {
    const minutes = Array.from({ length: 101 }, (_, i) => 60 * i);
    const { usual } = packetRates(traffic(60), { ...options, past: traffic(...minutes, 60_000) });
    expect(usual).toEqual({ low: 5, high: 95 });
    expect(packetRates(traffic(60), { ...options, past: traffic(...minutes.slice(0, 30)) }).usual).toBeNull();
  });

  test('an alert stands at the peak of what it speaks of, above the usual band, else at the foot', () => {
    const minutes = [...Array.from({ length: 100 }, (_, i) => 60 + (i % 10)), 6000, 6000, 60, 60];
    const [ts, end_ts] = [START + 100 * 60, START + 101 * 60 + 30];
    const scan = { kind: 'scan', ts, end_ts } as const;
    const contacts = measureNamed('contacts')!;
    const own = { minutes: 240, now: START + 104 * 60, gaps: [], past: traffic(...minutes), alerts: [scan] };
    const line = timeline(traffic(...minutes), contacts, own);
    expect(line.usual!.high).toBeLessThan(70);
    expect(markOf(line, contacts, scan)).toEqual([ts, 6000]);
    // Nothing of an amount is claimed by an alert that speaks of something else, or whose amount is ordinary here.
    expect(markOf(line, contacts, { ...scan, kind: 'beacon' })).toEqual([ts, 0]);
    expect(markOf(line, contacts, { kind: 'scan', ts: START + 600, end_ts: START + 660 })).toEqual([START + 600, 0]);
  });
});
