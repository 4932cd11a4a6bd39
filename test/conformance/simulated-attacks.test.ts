/** Every kind of simulated attack is noticed and rightly named by a guardian that knows the house; and an ordinary evening is not. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createReplay, replayCapture } from '../../src/evaluation/replay.ts';
import type { Frame } from '../../src/evaluation/traffic.ts';
import { anyAttackKinds } from '../../src/simulator/attack/index.ts';
import type { AttackOptions, SimulateOptions } from '../../src/simulator/options.ts';
import { simulate } from '../../src/simulator/simulate.ts';

const HOURS = 3.5;
const LEARNED = 2;
/** Seconds after the start; the home's devices and their doings are the same with every attack. */
const ONSET = 2.25 * 3600;
const DEVICES = ['hub', 'camera', 'plug', 'sensor', 'tv', 'speaker'];
/** A silence shows when it has lasted. */
const PATIENCE: Record<string, number> = { silence: 1.5 * 3600, beacon: 600 };

/** A sensor may be silent for an hour in everyday life. */
const VICTIM: Record<string, string> = { silence: 'camera' };

const house = (attacks: AttackOptions[]): SimulateOptions => ({ devices: DEVICES, hours: HOURS, seed: 11, attacks });

function framesOf(options: SimulateOptions) {
  const home = simulate(options);
  const frames: Frame[] = [];
  for (const { ts, data } of home) {
    frames.push({ ts: ts / 1e6, bytes: Uint8Array.from(data), origlen: data.length, linktype: 1 });
  }
  return { frames, episode: home.episodes[0] };
}

describe('simulated attacks', () => {
  let model: string;

  beforeAll(() => {
    const { frames } = framesOf(house([]));
    const replay = createReplay({});
    const border = frames[0].ts + LEARNED * 3600;
    replayCapture(
      replay,
      frames.filter(({ ts }) => ts < border),
    );
    expect(replay.alerts).toEqual([]);
    model = JSON.stringify(replay.watch.engine.save());
  });

  function watch(options: SimulateOptions) {
    const { frames, episode } = framesOf(options);
    const replay = createReplay({});
    replay.watch.engine.load(JSON.parse(model));
    replay.watch.engine.learning = false;
    const border = frames[0].ts + LEARNED * 3600;
    replayCapture(
      replay,
      frames.filter(({ ts }) => ts >= border),
    );
    return { alerts: replay.alerts, episode };
  }

  it('leaves an ordinary evening alone', () => {
    expect(watch(house([])).alerts.map(({ sentence }) => sentence)).toEqual([]);
  });

  it.each(anyAttackKinds.map(({ kind }) => kind))('%s is noticed, named and nobody else is blamed', (kind) => {
    const { alerts, episode } = watch(
      house([{ kind, at: ONSET, ...(VICTIM[kind] && { from: VICTIM[kind] }) } as AttackOptions]),
    );
    const onset = episode.onset / 1e6;
    const own = alerts.filter(({ hosts = [] }) => hosts.some((host) => episode.hosts.has(host)));
    const telling = own.filter(({ kind: named }) => named !== 'new-device');
    expect(telling.map((alert) => alert.kind)).toContainEqual(
      expect.toSatisfy((named) => episode.kinds.includes(named)),
    );
    expect(telling[0].raised_ts! - onset).toBeLessThan(PATIENCE[kind] ?? 60);
    expect(alerts.filter((alert) => !own.includes(alert)).map(({ sentence }) => sentence)).toEqual([]);
    for (const { sentence, meaning, advice } of telling) {
      expect(sentence).toMatch(/\d/);
      expect(sentence).toMatch(/\.$/);
      expect(sentence).not.toMatch(/NaN|undefined|Infinity|score/);
      expect(meaning).not.toBe('');
      expect(advice.length).toBeGreaterThan(0);
      expect(advice.length).toBeLessThanOrEqual(3);
    }
  });
});
