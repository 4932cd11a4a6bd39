import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { deviceKinds } from '../../src/simulator/device/index.ts';
import type { Frame } from '../../src/simulator/engine/simulation.ts';
import type { SimulateOptions } from '../../src/simulator/options.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { formatMac } from '../../src/simulator/wire/address.ts';

const digest = (options: SimulateOptions): string => {
  const hash = createHash('sha256');
  for (const { ts, data, tag } of simulate(options))
    hash.update(`${ts}${tag.label}${tag.detail}${tag.device}`).update(data);
  return hash.digest('hex');
};

const everyKind = deviceKinds.map(({ kind }) => kind);

describe('a simulated home', () => {
  it('is the same for the same seed and another for another', () => {
    const options: SimulateOptions = {
      devices: 9,
      hours: 0.3,
      seed: 5,
      attacks: [{ kind: 'scan' }, { kind: 'spoofing' }],
    };
    expect(digest(options)).toBe(digest(options));
    expect(digest(options)).not.toBe(digest({ ...options, seed: 6 }));
  });

  it('gives frames in strict time order within the asked hours', () => {
    const home = simulate({ devices: 8, hours: 0.4, seed: 2, attacks: [{ kind: 'flood' }] });
    let last = home.start - 1;
    for (const { ts } of home) {
      expect(ts).toBeGreaterThan(last);
      last = ts;
    }
    expect(last).toBeLessThan(home.end + 1_000_000);
  });

  it('is not changed by an attack before that begins', () => {
    const until = (home: ReturnType<typeof simulate>, end: number): string[] => {
      const seen: string[] = [];
      for (const { ts, data } of home) {
        if (ts >= end) break;
        seen.push(`${ts} ${createHash('md5').update(data).digest('hex')}`);
      }
      return seen;
    };
    const quiet = { devices: 8, hours: 0.3, seed: 4 };
    const attacked = { ...quiet, attacks: [{ kind: 'beacon', at: 600 } as const] };
    const onset = simulate(quiet).start + 600e6;
    expect(until(simulate(attacked), onset)).toEqual(until(simulate(quiet), onset));
  });

  it('shows every kind of device with its own address, name server and time', { timeout: 60_000 }, () => {
    const home = simulate({ devices: everyKind, hours: 4, seed: 3, bulk: 0.002 });
    const sent = new Map<string, number>();
    for (const { data } of home) {
      const mac = formatMac(data.subarray(6, 12));
      sent.set(mac, (sent.get(mac) ?? 0) + 1);
    }
    expect(home.devices).toHaveLength(everyKind.length);
    expect(new Set(home.devices.map(({ ip }) => ip)).size).toBe(everyKind.length);
    for (const { name, mac } of home.devices) expect(sent.get(mac) ?? 0, name).toBeGreaterThan(30);
  });

  it('sleeps at night and lives in the evening', { timeout: 60_000 }, () => {
    const midnight = Date.UTC(2026, 2, 3) / 1000;
    const perHour = new Array<number>(24).fill(0);
    const home = simulate({ devices: 10, hours: 24, seed: 8, start: midnight, bulk: 0.002 });
    for (const { ts } of home) perHour[Math.min(23, Math.floor((ts - home.start) / 3.6e9))]! += 1;
    const mean = (from: number, to: number): number =>
      perHour.slice(from, to).reduce((sum, count) => sum + count, 0) / (to - from);
    expect(mean(18, 22)).toBeGreaterThan(1.5 * mean(2, 5));
    expect(Math.min(...perHour)).toBeGreaterThan(200);
  });

  it('stays within the size of a day that one can keep', { timeout: 60_000 }, () => {
    let [packets, bytes] = [0, 0];
    for (const { data } of simulate({ devices: 14, hours: 3, seed: 11 })) {
      packets++;
      bytes += data.length;
    }
    expect(packets).toBeGreaterThan(20_000);
    expect(packets).toBeLessThan(600_000);
    expect(bytes / packets).toBeLessThan(1200);
  });

  it('refuses homes that cannot be', () => {
    const reasonOf = (options: SimulateOptions): string => {
      try {
        simulate(options);
      } catch (error) {
        if (error instanceof AppError) return `${error.code}: ${error.message}`;
      }
      return 'accepted';
    };
    expect(reasonOf({ devices: 0, hours: 1 })).toMatch(/^bad_simulation: .*between 1 and/);
    expect(reasonOf({ devices: 2.5, hours: 1 })).toMatch(/^bad_simulation/);
    expect(reasonOf({ devices: ['toaster'], hours: 1 })).toMatch(/no device kind "toaster"; there are phone, camera/);
    expect(reasonOf({ devices: 3, hours: 0 })).toMatch(/hours is 0/);
    expect(reasonOf({ devices: 3, hours: Number.NaN })).toMatch(/hours is NaN/);
    expect(reasonOf({ devices: 3, hours: 1e9 })).toMatch(/hours is 1000000000, not between 0 and 8784/);
    expect(reasonOf({ devices: 3, hours: 1, seed: 1.5 })).toMatch(/the seed 1.5 is no whole number/);
    expect(reasonOf({ devices: 3, hours: 1, attacks: [{ kind: 'scan', from: 'fridge' }] })).toMatch(
      /no device "fridge"/,
    );
  });
});

describe('labels', () => {
  it('mark what the attack and its victims send, and nothing else', () => {
    const home = simulate({ devices: 8, hours: 0.3, seed: 9, attacks: [{ kind: 'scan', type: 'ports', at: 400 }] });
    const [episode] = home.episodes;
    const malicious: Frame[] = [];
    for (const frame of home) if (frame.tag.label === 'malicious') malicious.push(frame);
    expect(malicious.length).toBeGreaterThan(500);
    expect(malicious.every(({ tag }) => tag.detail === 'scan-ports')).toBe(true);
    expect(episode?.onset).toBe(malicious[0]?.ts);
    expect(episode?.end).toBe(malicious.at(-1)?.ts);
    expect(episode?.kinds).toEqual(['scan']);
    expect([...(episode?.hosts ?? [])]).toHaveLength(2);
  });
});
