/** What every behaviour rule keeps to. */
import { beforeAll, describe, expect, it } from 'vitest';
import { findingKinds } from '../../src/alert/words/index.ts';
import { Activity } from '../../src/detector/activity.ts';
import type { Behaviour } from '../../src/detector/behaviour/behaviour.ts';
import { createBehaviours } from '../../src/detector/behaviour/index.ts';
import type { Finding } from '../../src/detector/finding.ts';
import { type Frame, play } from '../../src/evaluation/traffic.ts';
import { LinkTracker } from '../../src/feature/link-tracker.ts';
import { anyAttackKinds } from '../../src/simulator/attack/index.ts';
import type { AttackOptions } from '../../src/simulator/options.ts';
import { simulate } from '../../src/simulator/simulate.ts';

const create = (): Behaviour[] => createBehaviours({ lists: [] });
const names = create().map(({ name }) => name);

/** One rule alone over a capture. */
function run(behaviour: Behaviour, frames: readonly Frame[], learning: boolean, hasPast: boolean): Finding[] {
  const findings: Finding[] = [];
  const tracker = new LinkTracker();
  const activity = new Activity([behaviour], tracker.hosts, (finding) => findings.push(finding));
  activity.setPhase(learning, hasPast);
  tracker.onIdle = (link) => activity.idle(link);
  play(frames, (packet) => {
    const step = tracker.update(packet);
    if (step === null) activity.frame(packet);
    else activity.packet(packet, step);
  });
  return findings;
}

const brief = (findings: Finding[]) =>
  findings.map(({ kind, host, target, ts, since, strength, evidence }) => ({
    ...{ kind, ts, since, strength, evidence, host: host.address, target: target?.address },
  }));

describe('behaviour rules', () => {
  let quiet: Frame[];
  let attacked: Frame[];

  beforeAll(() => {
    const home = (attacks: AttackOptions[]): Frame[] => {
      const frames: Frame[] = [];
      for (const { ts, data } of simulate({
        devices: ['hub', 'camera', 'plug', 'sensor'],
        hours: 0.5,
        seed: 21,
        attacks,
      })) {
        frames.push({ ts: ts / 1e6, bytes: Uint8Array.from(data), origlen: data.length, linktype: 1 });
      }
      return frames;
    };
    quiet = home([]);
    const loud = anyAttackKinds.filter(({ kind }) => kind !== 'silence');
    attacked = home(loud.map(({ kind }, i) => ({ kind, at: 300 + i * 60 }) as AttackOptions));
  });

  it('have names of their own', () => {
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(names)('%s: leaves ordinary life alone, learning and watching', (name) => {
    const behaviour = create().find((rule) => rule.name === name)!;
    expect(brief(run(behaviour, quiet, true, false))).toEqual([]);
    expect(brief(run(behaviour, quiet, false, true))).toEqual([]);
  });

  it.each(names)('%s: findings are whole, and the same twice', (name) => {
    const find = (): Finding[] => run(create().find((rule) => rule.name === name)!, attacked, false, false);
    const findings = find();
    expect(brief(find())).toEqual(brief(findings));
    for (const { kind, ts, since, strength, evidence } of findings) {
      expect(findingKinds).toContain(kind);
      expect(since).toBeLessThanOrEqual(ts);
      expect(strength).toBeGreaterThanOrEqual(0);
      for (const value of Object.values(evidence)) expect(value).not.toBe(Number.NaN);
    }
  });

  it.each(names)('%s: what it has learned survives a restart as JSON', (name) => {
    const teach = create().find((rule) => rule.name === name)!;
    run(teach, quiet, true, false);
    const restarted = create().find((rule) => rule.name === name)!;
    if (teach.save) restarted.load?.(JSON.parse(JSON.stringify(teach.save())));
    expect(brief(run(restarted, quiet, false, true))).toEqual([]);
    if (teach.save) expect(JSON.parse(JSON.stringify(restarted.save!()))).toBeDefined();
  });
});
