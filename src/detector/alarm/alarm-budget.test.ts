import { describe, expect, it } from 'vitest';
import { Host } from '../../feature/host.ts';
import { createRandom, type Random } from '../../nn/random.ts';
import type { Finding, FindingOf } from '../finding.ts';
import type { HourVerdict } from '../profile/hour-sample.ts';
import { AlarmBudget } from './alarm-budget.ts';

const HOUR = 3600;
const DEVICES = Array.from({ length: 4 }, (_, i) => new Host(i + 1, `192.168.1.${i + 1}`, 'local'));

const pause = { feature: 'pause before the packet', value: 0.003, unit: 's', usual: [1, 300] } as const;
const clear = { deviations: [pause], evidence: {} };
/** What a person would see no difference in. */
const vague = {
  deviations: [{ feature: 'bytes sent', value: 7800, unit: 'B', usual: [300, 7600] }],
  evidence: {},
} as const;

function createVigil(budget = 1) {
  const findings: Finding[] = [];
  const verdicts: [string, HourVerdict][] = [];
  const vigil = new AlarmBudget(
    budget,
    (finding) => findings.push(finding),
    (device, verdict) => verdicts.push([device, verdict]),
  );
  return { vigil, findings, verdicts };
}

/** Some hours of ordinary life: exponential heights. */
function live(
  vigil: AlarmBudget,
  random: Random,
  from: number,
  hours: number,
  factor = 1,
  explain = (): typeof clear | typeof vague => clear,
): void {
  for (let hour = from; hour < from + hours; hour++) {
    for (const host of DEVICES) {
      vigil.observe(host, 'packets', -factor * Math.log(1 - random.uniform()), hour * HOUR + 10, explain);
    }
  }
}

describe('vigil', () => {
  it('says nothing while it has too little past, however wild things get', () => {
    const { vigil, findings } = createVigil();
    live(vigil, createRandom(1), 0, 3);
    vigil.learning = false;
    vigil.observe(DEVICES[0], 'packets', 1e6, 4 * HOUR, () => clear);
    expect(findings).toEqual([]);
  });

  it('keeps its promise over many weeks, at every budget', () => {
    const { vigil } = createVigil();
    const random = createRandom(2);
    live(vigil, random, 0, 24 * 7);
    vigil.learning = false;
    const weeks = 8;
    live(vigil, random, 24 * 7, 24 * 7 * weeks);
    expect(vigil.tally[100] / weeks).toBeGreaterThan(85);
    expect(vigil.tally[100] / weeks).toBeLessThan(115);
    expect(vigil.tally[10] / weeks).toBeGreaterThan(7);
    expect(vigil.tally[10] / weeks).toBeLessThan(13);
    expect(vigil.tally[1]).toBeLessThan(2 * weeks);
  });

  it('calls out only what it can say, and promises so many of those', () => {
    const { vigil, findings } = createVigil(10);
    const [random, words] = [createRandom(2), createRandom(3)];
    live(vigil, random, 0, 24 * 7);
    vigil.learning = false;
    const weeks = 8;
    live(vigil, random, 24 * 7, 24 * 7 * weeks, 1, () => (words.uniform() < 0.5 ? vague : clear));
    expect(vigil.tally[100] / weeks).toBeGreaterThan(80);
    expect(vigil.tally[100] / weeks).toBeLessThan(115);
    expect(vigil.tally[10] / weeks).toBeGreaterThan(6);
    expect(vigil.tally[10] / weeks).toBeLessThan(13);
    expect(findings.length).toBeGreaterThan(6 * weeks);
    expect(findings.map(({ deviations }) => deviations)).toEqual(findings.map(() => [pause]));
  });

  it('a reason that can be told counts, whatever odder thing before it could not', () => {
    const { vigil, findings } = createVigil();
    live(vigil, createRandom(4), 0, 24 * 7);
    vigil.learning = false;
    const from = 24 * 7 * HOUR;
    for (let i = 0; i < 5; i++) vigil.observe(DEVICES[1], 'packets', 40 + i, from + i, () => vague);
    expect(findings).toEqual([]);
    vigil.observe(DEVICES[1], 'packets', 30, from + 60, () => clear);
    expect(findings).toHaveLength(1);
  });

  it('follows slow drift without an avalanche', () => {
    const { vigil } = createVigil();
    const random = createRandom(3);
    live(vigil, random, 0, 24 * 7);
    vigil.learning = false;
    for (let day = 0; day < 28; day++) live(vigil, random, 24 * (7 + day), 24, 1 + day / 28);
    expect(vigil.tally[10]).toBeLessThan(4 * 10 * 2);
  });

  it('alarms once per device and hour, and says how rare it is', () => {
    const { vigil, findings } = createVigil();
    live(vigil, createRandom(4), 0, 24 * 7);
    vigil.learning = false;
    for (let i = 0; i < 5; i++) {
      vigil.observe(DEVICES[1], 'packets', 30 + i, 24 * 7 * HOUR + i, () => ({ deviations: [pause], evidence: {} }));
    }
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ kind: 'rhythm', host: DEVICES[1], deviations: [pause] });
    const [{ evidence }] = findings as FindingOf<'rhythm'>[];
    expect(evidence.once_in_seconds).toBeGreaterThan(7 * 86_400);
  });

  it('does not learn an attack, but accepts a state that stays for more than a day', () => {
    const { vigil, verdicts } = createVigil();
    const random = createRandom(5);
    live(vigil, random, 0, 24 * 7);
    vigil.learning = false;
    verdicts.length = 0;
    for (let hour = 24 * 7; hour < 24 * 7 + 40; hour++) {
      vigil.observe(DEVICES[0], 'packets', 40, hour * HOUR + 5, () => clear);
      vigil.observe(DEVICES[1], 'packets', random.uniform(), hour * HOUR + 5, () => clear);
    }
    const own = verdicts.filter(([device]) => device === DEVICES[0].address).map(([, verdict]) => verdict);
    // The first hour that ends is the last that was learned.
    expect(own.slice(1, 20).every((verdict) => verdict === 'alarmed')).toBe(true);
    expect(own.at(-1)).not.toBe('alarmed');
    const other = verdicts.filter(([device]) => device === DEVICES[1].address);
    expect(other.filter(([, verdict]) => verdict === 'quiet').length).toBeGreaterThan(30);
  });

  it('learns an hour that is called expected once, says how usual it was and is, and takes it back', () => {
    const { vigil } = createVigil();
    live(vigil, createRandom(4), 0, 24 * 7);
    vigil.learning = false;
    const [device] = DEVICES;
    const hour = 24 * 7;
    vigil.observe(device, 'packets', 30, hour * HOUR + 5, () => clear);
    const samples = () => {
      const { samples } = vigil.save() as { samples: { hour: number; device: string; values: number[] }[] };
      return samples.filter((sample) => sample.device === device.address && sample.hour === hour);
    };
    const before = JSON.stringify((vigil.save() as { samples: unknown }).samples);
    expect(vigil.accept(DEVICES[1].address, 'nothing')).toBeNull();
    const usual = vigil.accept(device.address, 'word')!;
    // It was rarer than the budget of one a week, and counts as more usual now.
    expect(usual.before).toBeLessThan(1);
    expect(usual.after).toBeGreaterThan(usual.before);
    expect(vigil.accept(device.address, 'again')).toBeNull();
    expect(samples()).toHaveLength(1);

    const { vigil: restarted } = createVigil();
    restarted.load(JSON.parse(JSON.stringify(vigil.save())));
    restarted.revoke('word');
    expect(JSON.stringify((restarted.save() as { samples: unknown }).samples)).toBe(before);

    vigil.advance((hour + 1) * HOUR);
    expect(samples()).toHaveLength(1);
    vigil.revoke('word');
    expect(samples()).toHaveLength(0);
    expect(vigil.accept(device.address, 'once more')).not.toBeNull();
  });

  it('goes on after a restart where it was', () => {
    const { vigil } = createVigil();
    live(vigil, createRandom(6), 0, 24 * 7);
    vigil.advance(24 * 7 * HOUR);
    const { vigil: restarted, findings } = createVigil();
    restarted.load(JSON.parse(JSON.stringify(vigil.save())));
    restarted.learning = false;
    restarted.observe(DEVICES[2], 'packets', 30, 24 * 7 * HOUR, () => clear);
    expect(findings).toHaveLength(1);
  });

  it('says when the past does not describe the house any more, and not before', () => {
    const { vigil } = createVigil();
    const random = createRandom(6);
    live(vigil, random, 0, 24 * 7);
    vigil.learning = false;
    live(vigil, random, 24 * 7, 24 * 14);
    expect(vigil.drift).toBeNull();
    live(vigil, random, 24 * 21, 24 * 4, 4);
    const { hours, expected } = vigil.drift!;
    expect(expected).toBeCloseTo(30 / 7, 5);
    expect(hours).toBeGreaterThan(3 * expected);
    live(vigil, random, 24 * 25, 24 * 4);
    expect(vigil.drift).toBeNull();
  });
});
