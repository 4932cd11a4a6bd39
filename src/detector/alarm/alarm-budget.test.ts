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

function createAlarmBudget(budget = 1) {
  const findings: Finding[] = [];
  const verdicts: [string, HourVerdict][] = [];
  const alarmBudget = new AlarmBudget(
    budget,
    (finding) => findings.push(finding),
    (device, verdict) => verdicts.push([device, verdict]),
  );
  return { alarmBudget, findings, verdicts };
}

/** Some hours of ordinary life: exponential heights. */
function live(
  alarmBudget: AlarmBudget,
  random: Random,
  from: number,
  hours: number,
  factor = 1,
  explain = (): typeof clear | typeof vague => clear,
): void {
  for (let hour = from; hour < from + hours; hour++) {
    for (const host of DEVICES) {
      alarmBudget.observe(host, 'packets', -factor * Math.log(1 - random.uniform()), hour * HOUR + 10, explain);
    }
  }
}

/** After an ordinary week, watching. */
function learned(seed: number) {
  const made = createAlarmBudget();
  const random = createRandom(seed);
  live(made.alarmBudget, random, 0, 24 * 7);
  made.alarmBudget.learning = false;
  return { ...made, random };
}

describe('alarmBudget', () => {
  it('says nothing while it has too little past, however wild things get', () => {
    const { alarmBudget, findings } = createAlarmBudget();
    live(alarmBudget, createRandom(1), 0, 3);
    alarmBudget.learning = false;
    alarmBudget.observe(DEVICES[0], 'packets', 1e6, 4 * HOUR, () => clear);
    expect(findings).toEqual([]);
  });

  it('keeps its promise over many weeks, at every budget', () => {
    const { alarmBudget, random } = learned(2);
    const weeks = 8;
    live(alarmBudget, random, 24 * 7, 24 * 7 * weeks);
    expect(alarmBudget.tally[100] / weeks).toBeGreaterThan(85);
    expect(alarmBudget.tally[100] / weeks).toBeLessThan(115);
    expect(alarmBudget.tally[10] / weeks).toBeGreaterThan(7);
    expect(alarmBudget.tally[10] / weeks).toBeLessThan(13);
    expect(alarmBudget.tally[1]).toBeLessThan(2 * weeks);
  });

  it('calls out only what it can say, and promises so many of those', () => {
    const { alarmBudget, findings } = createAlarmBudget(10);
    const [random, words] = [createRandom(2), createRandom(3)];
    live(alarmBudget, random, 0, 24 * 7);
    alarmBudget.learning = false;
    const weeks = 8;
    live(alarmBudget, random, 24 * 7, 24 * 7 * weeks, 1, () => (words.uniform() < 0.5 ? vague : clear));
    expect(alarmBudget.tally[100] / weeks).toBeGreaterThan(80);
    expect(alarmBudget.tally[100] / weeks).toBeLessThan(115);
    expect(alarmBudget.tally[10] / weeks).toBeGreaterThan(6);
    expect(alarmBudget.tally[10] / weeks).toBeLessThan(13);
    expect(findings.length).toBeGreaterThan(6 * weeks);
    expect(findings.map(({ deviations }) => deviations)).toEqual(findings.map(() => [pause]));
  });

  it('a reason that can be told counts, whatever odder thing before it could not', () => {
    const { alarmBudget, findings } = learned(4);
    const from = 24 * 7 * HOUR;
    for (let i = 0; i < 5; i++) alarmBudget.observe(DEVICES[1], 'packets', 40 + i, from + i, () => vague);
    expect(findings).toEqual([]);
    alarmBudget.observe(DEVICES[1], 'packets', 30, from + 60, () => clear);
    expect(findings).toHaveLength(1);
  });

  it('follows slow drift without an avalanche', () => {
    const { alarmBudget, random } = learned(3);
    for (let day = 0; day < 28; day++) live(alarmBudget, random, 24 * (7 + day), 24, 1 + day / 28);
    expect(alarmBudget.tally[10]).toBeLessThan(4 * 10 * 2);
  });

  it('alarms once per device and hour, and says how rare it is', () => {
    const { alarmBudget, findings } = learned(4);
    for (let i = 0; i < 5; i++) {
      alarmBudget.observe(DEVICES[1], 'packets', 30 + i, 24 * 7 * HOUR + i, () => ({
        deviations: [pause],
        evidence: {},
      }));
    }
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ kind: 'rhythm', host: DEVICES[1], deviations: [pause] });
    const [{ evidence }] = findings as FindingOf<'rhythm'>[];
    expect(evidence.once_in_seconds).toBeGreaterThan(7 * 86_400);
  });

  it('does not learn an attack, but accepts a state that stays for more than a day', () => {
    const { alarmBudget, verdicts } = createAlarmBudget();
    const random = createRandom(5);
    live(alarmBudget, random, 0, 24 * 7);
    alarmBudget.learning = false;
    verdicts.length = 0;
    for (let hour = 24 * 7; hour < 24 * 7 + 40; hour++) {
      alarmBudget.observe(DEVICES[0], 'packets', 40, hour * HOUR + 5, () => clear);
      alarmBudget.observe(DEVICES[1], 'packets', random.uniform(), hour * HOUR + 5, () => clear);
    }
    const own = verdicts.filter(([device]) => device === DEVICES[0].address).map(([, verdict]) => verdict);
    // The first hour that ends is the last that was learned.
    expect(own.slice(1, 20).every((verdict) => verdict === 'alarmed')).toBe(true);
    expect(own.at(-1)).not.toBe('alarmed');
    const other = verdicts.filter(([device]) => device === DEVICES[1].address);
    expect(other.filter(([, verdict]) => verdict === 'quiet').length).toBeGreaterThan(30);
  });

  it('learns an hour that is called expected once, says how usual it was and is, and takes it back', () => {
    const { alarmBudget } = createAlarmBudget();
    live(alarmBudget, createRandom(4), 0, 24 * 7);
    alarmBudget.learning = false;
    const [device] = DEVICES;
    const hour = 24 * 7;
    alarmBudget.observe(device, 'packets', 30, hour * HOUR + 5, () => clear);
    const samples = () => {
      const { samples } = alarmBudget.save() as { samples: { hour: number; device: string; values: number[] }[] };
      return samples.filter((sample) => sample.device === device.address && sample.hour === hour);
    };
    const before = JSON.stringify((alarmBudget.save() as { samples: unknown }).samples);
    expect(alarmBudget.accept(DEVICES[1].address, 'nothing')).toBeNull();
    const usual = alarmBudget.accept(device.address, 'word')!;
    // It was rarer than the budget of one a week, and counts as more usual now.
    expect(usual.before).toBeLessThan(1);
    expect(usual.after).toBeGreaterThan(usual.before);
    expect(alarmBudget.accept(device.address, 'again')).toBeNull();
    expect(samples()).toHaveLength(1);

    const { alarmBudget: restarted } = createAlarmBudget();
    restarted.load(JSON.parse(JSON.stringify(alarmBudget.save())));
    restarted.revoke('word');
    expect(JSON.stringify((restarted.save() as { samples: unknown }).samples)).toBe(before);

    alarmBudget.advance((hour + 1) * HOUR);
    expect(samples()).toHaveLength(1);
    alarmBudget.revoke('word');
    expect(samples()).toHaveLength(0);
    expect(alarmBudget.accept(device.address, 'once more')).not.toBeNull();
  });

  it('goes on after a restart where it was', () => {
    const { alarmBudget } = createAlarmBudget();
    live(alarmBudget, createRandom(6), 0, 24 * 7);
    alarmBudget.advance(24 * 7 * HOUR);
    const { alarmBudget: restarted, findings } = createAlarmBudget();
    restarted.load(JSON.parse(JSON.stringify(alarmBudget.save())));
    restarted.learning = false;
    restarted.observe(DEVICES[2], 'packets', 30, 24 * 7 * HOUR, () => clear);
    expect(findings).toHaveLength(1);
  });

  it('says when the past does not describe the house any more, and not before', () => {
    const { alarmBudget, random } = learned(6);
    live(alarmBudget, random, 24 * 7, 24 * 14);
    expect(alarmBudget.drift).toBeNull();
    live(alarmBudget, random, 24 * 21, 24 * 4, 4);
    const { hours, expected } = alarmBudget.drift!;
    expect(expected).toBeCloseTo(30 / 7, 5);
    expect(hours).toBeGreaterThan(3 * expected);
    live(alarmBudget, random, 24 * 25, 24 * 4);
    expect(alarmBudget.drift).toBeNull();
  });
});
