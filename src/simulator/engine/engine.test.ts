import { describe, expect, it } from 'vitest';
import { Household, hourOfDay, isWeekend } from './household.ts';
import { Random } from './random.ts';
import { DAY, HOUR, type Process, SECOND, Simulation } from './simulation.ts';

describe('Random', () => {
  it('repeats itself, and forks into streams that do not depend on what was drawn', () => {
    const draws = (random: Random): number[] => Array.from({ length: 5 }, () => random.uint32());
    expect(draws(new Random('a'))).toEqual(draws(new Random('a')));
    const drained = new Random('a');
    draws(drained);
    expect(draws(drained.fork('x'))).toEqual(draws(new Random('a').fork('x')));
    expect(draws(new Random('a').fork('x'))).not.toEqual(draws(new Random('a').fork('y')));
  });

  it('has the distributions that it names', () => {
    const random = new Random('moments');
    const sample = (draw: () => number): { mean: number; deviation: number } => {
      const values = Array.from({ length: 40_000 }, draw);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return {
        mean,
        deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length),
      };
    };
    const normal = sample(() => random.normal());
    expect(normal.mean).toBeCloseTo(0, 1);
    expect(normal.deviation).toBeCloseTo(1, 1);
    expect(sample(() => random.exponential(3)).mean).toBeCloseTo(3, 0);
    const logs = sample(() => Math.log(random.logNormal(100, 0.5)));
    expect(logs.mean).toBeCloseTo(Math.log(100), 1);
    expect(logs.deviation).toBeCloseTo(0.5, 1);
  });
});

describe('Simulation', () => {
  const tag = { label: 'benign', detail: '-', device: 'd' } as const;
  const frame = (byte: number): Uint8Array => Uint8Array.of(byte);

  it('interleaves processes by time and stops those of one owner', () => {
    const simulation = new Simulation(0);
    const [one, two] = [{}, {}];
    function* ticking(byte: number, period: number): Process {
      for (;;) {
        yield period * SECOND;
        simulation.send(frame(byte), tag);
      }
    }
    simulation.spawn(one, ticking(1, 2));
    simulation.spawn(two, ticking(2, 3));
    const seen: string[] = [];
    for (const { ts, data } of simulation.run(11 * SECOND)) {
      seen.push(`${Math.round(ts / SECOND)}:${data[0]}`);
      if (seen.length === 4) simulation.stop(one);
    }
    expect(seen).toEqual(['2:1', '3:2', '4:1', '6:2', '9:2']);
  });

  it('wakes nobody before the time, even between two microseconds', () => {
    const simulation = new Simulation(0);
    let rounds = 0;
    function* waiting(): Process {
      const end = 10.4;
      while (simulation.now < end) {
        rounds++;
        yield end - simulation.now;
      }
    }
    simulation.spawn({}, waiting());
    expect([...simulation.run(SECOND)]).toEqual([]);
    expect(rounds).toBe(1);
  });
});

describe('Household', () => {
  it('goes to work on weekdays, sleeps at night, and knows its weekends', () => {
    const household = new Household(new Random('people'), 4);
    const monday = Date.UTC(2026, 2, 2) * 1000;
    expect(isWeekend(monday)).toBe(false);
    expect(isWeekend(monday + 5 * DAY)).toBe(true);
    expect(hourOfDay(monday + 6.5 * HOUR)).toBeCloseTo(6.5);
    const mean = (hour: number): number => {
      let sum = 0;
      for (let day = 0; day < 5; day++) sum += household.active(monday + day * DAY + hour * HOUR);
      return sum / 5;
    };
    expect(mean(3.5)).toBeLessThan(0.5);
    expect(mean(20)).toBeGreaterThan(2.5);
    expect(mean(11)).toBeLessThan(mean(20));
    const change = household.untilChange(0, monday);
    expect(change).toBeGreaterThan(0);
    expect(change).toBeLessThanOrEqual(DAY);
  });
});
