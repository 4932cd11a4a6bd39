import { beforeAll, describe, expect, it } from 'vitest';
import { type Frame, play } from '../evaluation/traffic.ts';
import { simulate } from '../simulator/simulate.ts';
import type { Alert } from './alert.ts';
import { expectedRule } from './mute.ts';
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
    const { rule, learned } = watch.expect(alerts[0], expectedRule(alerts[0], 'x'));
    expect(rule).toMatchObject({ device: alerts[0].hosts![0], kind: 'scan', reason: 'expected' });
    expect(learned.points).toBeGreaterThan(0);
    // A rule has raised it: how usual such an hour is was no question.
    expect(learned.usualPerWeek).toBeNull();
    expect(run(({ mutes }) => mutes.add(rule)).alerts).toEqual([]);
    expect(run(({ mutes }) => mutes.add({ ...rule, device: '192.0.2.1' })).alerts).toHaveLength(1);
  });

  it('takes back what it has learned by the word with the exception, also if that went while it did not run', () => {
    const { watch, alerts } = run();
    const device = alerts[0].hosts![0];
    const learned = ({ engine }: Watch): Record<string, number> => {
      const state = engine.save() as Record<
        'packets' | 'flows' | 'rates',
        { house: { neighbours: { observations: number } } }
      >;
      const kinds = ['packets', 'flows', 'rates'] as const;
      return Object.fromEntries(kinds.map((kind) => [kind, state[kind].house.neighbours.observations]));
    };
    const before = learned(watch);
    const { points } = watch.expect(alerts[0], expectedRule(alerts[0], 'x')).learned;
    expect(Object.values(learned(watch)).reduce((sum, count) => sum + count, 0)).toBe(
      Object.values(before).reduce((sum, count) => sum + count, points),
    );
    const state = JSON.stringify(watch.save());
    watch.unmute('x');
    expect(learned(watch)).toEqual(before);
    expect(watch.mutes.list(0)).toEqual([]);
    expect(watch.engine.accept(device, 'y').points).toBe(points);

    const restarted = new Watch({ onAlert: () => {} });
    restarted.load(JSON.parse(state));
    restarted.engine.keepWords(new Set(['x']));
    expect(learned(restarted)).not.toEqual(before);
    restarted.engine.keepWords(new Set());
    expect(learned(restarted)).toEqual(before);
  });

  it('goes on after a restart in the middle of an episode without telling it again', () => {
    const cut = attacked.findIndex(({ ts }) => ts >= attacked[0].ts + 330);
    const [before, after] = [attacked.slice(0, cut), attacked.slice(cut)];
    const told: Alert[] = [];
    const first = new Watch({ onAlert: (alert) => told.push(alert) });
    first.engine.load(JSON.parse(model));
    first.engine.learning = false;
    play(before, (packet) => first.packet(packet));
    expect(told).toHaveLength(1);
    const state = JSON.stringify(first.save());

    const updated: Alert[] = [];
    const second = new Watch({ onAlert: (alert) => told.push(alert), onUpdate: (alert) => updated.push(alert) });
    second.load(JSON.parse(state));
    second.engine.learning = false;
    play(after, (packet) => second.packet(packet));
    expect(told).toHaveLength(1);
    expect(updated.map(({ id }) => id)).toContain(told[0].id);
  });

  it('takes up alerts that were told after the state was saved, and tells of none again', () => {
    const cut = attacked.findIndex(({ ts }) => ts >= attacked[0].ts + 330);
    const first = run();
    const [told] = first.alerts;
    const updated: Alert[] = [];
    const again: Alert[] = [];
    const second = new Watch({ onAlert: (alert) => again.push(alert), onUpdate: (alert) => updated.push(alert) });
    second.engine.load(JSON.parse(model));
    second.engine.learning = false;
    second.resume([JSON.parse(JSON.stringify(told))]);
    play(attacked.slice(cut), (packet) => second.packet(packet));
    expect(again).toEqual([]);
    expect(new Set(updated.map(({ id }) => id))).toEqual(new Set([told.id]));
  });

  it('is silent about a device that is not monitored', () => {
    const alerts: Alert[] = [];
    const watch = new Watch({ onAlert: (alert) => alerts.push(alert), ignores: ({ hosts }) => hosts![0] === scanner });
    const scanner = run().alerts[0].hosts![0];
    watch.engine.load(JSON.parse(model));
    watch.engine.learning = false;
    play(attacked, (packet) => watch.packet(packet));
    expect(alerts).toEqual([]);
  });

  it('forgets a device: nothing that it has learned names it any more', () => {
    const { watch, alerts } = run();
    const [address] = alerts[0].hosts!;
    const names = (state: unknown): boolean => JSON.stringify(state).includes(`"${address}`);
    const others = watch.engine.devices().length;
    expect(names(watch.save())).toBe(true);
    watch.forget(address);
    watch.engine.forget(address);
    const { engine, episodes } = watch.save();
    expect([names(engine), names(episodes)]).toEqual([false, false]);
    expect(watch.engine.devices()).toHaveLength(others - 1);
  });

  it('keeps a mute over a restart, and tells of what is still going on when it ends', () => {
    const cut = attacked.findIndex(({ ts }) => ts >= attacked[0].ts + 330);
    const until = attacked[cut].ts + 5;
    const told: Alert[] = [];
    const first = new Watch({ onAlert: (alert) => told.push(alert) });
    first.engine.load(JSON.parse(model));
    first.engine.learning = false;
    first.mutes.add({ id: '1', kind: 'scan', until, reason: 'muted' });
    play(attacked.slice(0, cut), (packet) => first.packet(packet));
    const second = new Watch({ onAlert: (alert) => told.push(alert) });
    second.load(JSON.parse(JSON.stringify(first.save())));
    second.engine.learning = false;
    expect(second.mutes.list(until - 1)[0].hidden.count).toBe(1);
    expect(told).toEqual([]);
    play(attacked.slice(cut), (packet) => second.packet(packet));
    expect(told).toHaveLength(1);
    expect(told[0].end_ts).toBeGreaterThanOrEqual(until);
  });
});
