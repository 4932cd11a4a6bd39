import { beforeAll, describe, expect, it } from 'vitest';
import { type Frame, play } from '../evaluation/traffic.ts';
import { simulate } from '../simulator/simulate.ts';
import type { Alert } from './alert.ts';
import { Watch } from './watch.ts';

const DEVICES = ['hub', 'camera', 'plug'];

function framesOf(attack: boolean): Frame[] {
  const frames: Frame[] = [];
  for (const { ts, data } of simulate({
    devices: DEVICES,
    hours: 1,
    seed: 5,
    attacks: attack ? [{ kind: 'scan', at: 3000 }] : [],
  })) {
    frames.push({ ts: ts / 1e6, bytes: Uint8Array.from(data), origlen: data.length, linktype: 1 });
  }
  return frames;
}

describe('watch', () => {
  let model: string;
  let attacked: Frame[];

  beforeAll(() => {
    const watch = new Watch({ onAlert: () => {} });
    const quiet = framesOf(false);
    play(
      quiet.filter(({ ts }) => ts < quiet[0].ts + 2700),
      (packet) => watch.packet(packet),
    );
    model = JSON.stringify(watch.engine.save());
    attacked = framesOf(true).filter(({ ts }) => ts >= quiet[0].ts + 2700);
  });

  function run(prepare: (watch: Watch) => void = () => {}) {
    const alerts: Alert[] = [];
    const watch = new Watch({ onAlert: (alert) => alerts.push(alert) });
    watch.engine.load(JSON.parse(model));
    watch.engine.learning = false;
    prepare(watch);
    play(attacked, (packet) => watch.packet(packet));
    return { watch, alerts };
  }

  it('tells of a scan once, with its devices', () => {
    const { alerts } = run();
    expect(alerts.map(({ kind }) => kind)).toEqual(['scan']);
    expect(alerts[0].hosts).toHaveLength(1);
  });

  it('hides what is muted, and shows what it has hidden', () => {
    const { watch, alerts } = run(({ mutes }) => mutes.add({ id: '1', kind: 'scan', reason: 'muted' }));
    expect(alerts).toEqual([]);
    expect(watch.mutes.list(attacked.at(-1)!.ts)[0].hidden).toMatchObject({ count: 1, alerts: [{ kind: 'scan' }] });
  });

  it('takes "this is expected" as an exception for this device and this kind', () => {
    const { watch, alerts } = run();
    const { rule, learned } = watch.expect(alerts[0], 'x');
    expect(rule).toMatchObject({ device: alerts[0].hosts![0], kind: 'scan', reason: 'expected' });
    expect(learned.points).toBeGreaterThan(0);
    expect(run(({ mutes }) => mutes.add(rule)).alerts).toEqual([]);
    expect(run(({ mutes }) => mutes.add({ ...rule, device: '192.0.2.1' })).alerts).toHaveLength(1);
  });
});
