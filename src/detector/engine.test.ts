import { beforeAll, describe, expect, it } from 'vitest';
import { type Frame, play } from '../evaluation/traffic.ts';
import { simulate } from '../simulator/simulate.ts';
import { Engine } from './engine.ts';
import type { Finding } from './finding.ts';

/** An hour of a small home, then the same home an hour longer. */
function home(hours: number): Frame[] {
  const frames: Frame[] = [];
  for (const { ts, data } of simulate({ devices: ['camera', 'plug', 'sensor'], hours, seed: 4 })) {
    frames.push({ ts: ts / 1e6, bytes: Uint8Array.from(data), origlen: data.length, linktype: 1 });
  }
  return frames;
}

function scores(engine: Engine, frames: readonly Frame[]): (number | null)[] {
  const out: (number | null)[] = [];
  play(frames, (packet) => out.push(engine.packet(packet)));
  return out;
}

describe('engine', () => {
  let learned: Frame[];
  let fresh: Frame[];
  let model: string;

  beforeAll(() => {
    const frames = home(1);
    const border = frames[0].ts + 2700;
    learned = frames.filter(({ ts }) => ts < border);
    fresh = frames.filter(({ ts }) => ts >= border);
    const engine = new Engine();
    scores(engine, learned);
    model = JSON.stringify(engine.save());
  });

  const watcher = (options = {}): Engine => {
    const engine = new Engine(options);
    engine.load(JSON.parse(model));
    engine.learning = false;
    return engine;
  };

  it('gives the same scores bit for bit, from the same past', () => {
    expect(scores(watcher(), fresh)).toEqual(scores(watcher(), fresh));
  });

  it('is the same after it was saved and loaded twice', () => {
    const again = new Engine();
    again.load(JSON.parse(model));
    expect(JSON.parse(JSON.stringify(again.save()))).toEqual(JSON.parse(model));
  });

  it('finds its own kind ordinary and a stranger strange', () => {
    const ordinary = scores(watcher(), fresh).filter((score) => score !== null);
    const mean = ordinary.reduce((sum, score) => sum + score, 0) / ordinary.length;
    const attacked: Frame[] = [];
    const attack = simulate({
      devices: ['camera', 'plug', 'sensor'],
      hours: 1,
      seed: 4,
      attacks: [{ kind: 'flood', at: 3000 }],
    });
    for (const { ts, data, tag } of attack) {
      if (tag.label === 'malicious')
        attacked.push({ ts: ts / 1e6, bytes: Uint8Array.from(data), origlen: data.length, linktype: 1 });
    }
    const strange = scores(watcher(), attacked).filter((score) => score !== null);
    expect(strange.reduce((sum, score) => sum + score, 0) / strange.length).toBeGreaterThan(mean + 5);
  });

  it('scores nothing before it has learned anything, and never a number that is none', () => {
    const cold = new Engine();
    cold.learning = false;
    expect(new Set(scores(cold, fresh).filter((score) => score !== null))).toEqual(new Set([0]));
    for (const score of scores(watcher(), fresh)) expect(score === null || Number.isFinite(score)).toBe(true);
  });

  it('leaves out behaviours when it is told to', () => {
    const findings: Finding[] = [];
    const engine = watcher({ without: new Set(['behaviours']), report: (finding: Finding) => findings.push(finding) });
    for (const { ts, data } of simulate({
      devices: ['camera', 'plug', 'sensor'],
      hours: 0.2,
      seed: 9,
      attacks: [{ kind: 'scan', at: 60 }],
    })) {
      play([{ ts: ts / 1e6, bytes: Uint8Array.from(data), origlen: data.length, linktype: 1 }], (packet) =>
        engine.packet(packet),
      );
    }
    expect(findings.filter(({ detector }) => detector !== 'alarmBudget')).toEqual([]);
  });

  it('knows a device under the address that it moved to, as if it had never had another', () => {
    const { ip } = simulate({ devices: ['camera', 'plug', 'sensor'], hours: 0.01, seed: 4 }).devices[0];
    const other = ip.replace(/\d+$/, '77');
    const [from, to] = [ip, other].map((address) => Buffer.from(address.split('.').map(Number)));
    const readdressed = fresh.map((frame) => {
      const bytes = Uint8Array.from(frame.bytes);
      const text = Buffer.from(bytes.buffer);
      for (let at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + 4)) text.set(to, at);
      return { ...frame, bytes };
    });
    const ordinary = scores(watcher({ warmUp: 86_400 }), fresh);
    const stranger = scores(watcher({ warmUp: 86_400 }), readdressed);
    expect(stranger).not.toEqual(ordinary);

    const findings: Finding[] = [];
    const engine = watcher({ warmUp: 86_400, report: (finding: Finding) => findings.push(finding) });
    const before = engine.devices().find(({ address }) => address === ip);
    engine.move(ip, other);
    const saved = engine.save() as { behaviours: [string, unknown][] };
    // The rule of silences goes by link-layer addresses.
    const byAddress = saved.behaviours.filter(([name]) => name !== 'silence');
    expect(JSON.stringify({ ...saved, behaviours: byAddress }).includes(ip)).toBe(false);
    expect(engine.devices().find(({ address }) => address === other)).toEqual({ ...before, address: other });
    const again = watcher({ warmUp: 86_400, report: (finding: Finding) => findings.push(finding) });
    again.load(JSON.parse(JSON.stringify(engine.save())));
    expect(scores(engine, readdressed)).toEqual(ordinary);
    expect(scores(again, readdressed)).toEqual(ordinary);
    expect(findings).toEqual([]);
  });

  it('keeps the richer of two pasts where the address had one of its own', () => {
    const [camera, plug] = simulate({ devices: ['camera', 'plug', 'sensor'], hours: 0.01, seed: 4 }).devices;
    const sum = (engine: Engine, ...addresses: string[]) =>
      engine.devices().reduce((points, one) => points + (addresses.includes(one.address) ? one.points : 0), 0);
    for (const [from, to] of [
      [camera.ip, plug.ip],
      [plug.ip, camera.ip],
    ]) {
      const engine = watcher();
      const both = sum(engine, from, to);
      engine.move(from, to);
      expect([sum(engine, to), sum(engine, from)]).toEqual([both, 0]);
      const { devices } = (engine.save() as { packets: { devices: [string, { learned: number }][] } }).packets;
      const learned = (JSON.parse(model) as { packets: { devices: [string, { learned: number }][] } }).packets.devices
        .filter(([address]) => address === from || address === to)
        .map(([, profile]) => profile.learned);
      expect(devices.find(([address]) => address === to)?.[1].learned).toBe(Math.max(...learned));
    }
  });

  it('does not take settled devices for newcomers after a restart', () => {
    const first = watcher({ warmUp: 86_400 });
    scores(first, fresh);
    const newcomer = Array.from(simulate({ devices: ['tv'], hours: 0.1, seed: 12 }), ({ ts, data }) => ({
      ts: ts / 1e6 + 7200,
      ...{ bytes: Uint8Array.from(data), origlen: data.length, linktype: 1 },
    }));
    scores(first, newcomer);
    const progress = (engine: Engine) => engine.devices().map(({ address, isWarmingUp }) => [address, isWarmingUp]);
    const again = new Engine({ warmUp: 86_400 });
    again.load(JSON.parse(JSON.stringify(first.save())));
    again.begin();
    again.learning = false;
    expect(progress(again)).toEqual(progress(first));
    expect(new Set(progress(again).map(([, isWarmingUp]) => isWarmingUp))).toEqual(new Set([true, false]));
  });

  it('lets a newcomer warm up before it judges it, when it is told to', () => {
    const newcomer = simulate({ devices: ['tv'], hours: 0.5, seed: 12 });
    const frames: Frame[] = [];
    for (const { ts, data } of newcomer)
      frames.push({ ts: ts / 1e6 + 7200, bytes: Uint8Array.from(data), origlen: data.length, linktype: 1 });
    const findings: Finding[] = [];
    const engine = watcher({ warmUp: 86_400, report: (finding: Finding) => findings.push(finding) });
    scores(engine, frames);
    expect(findings.map(({ kind }) => kind)).toContain('new-device');
    const tv = newcomer.devices[0].ip;
    expect(engine.devices().find(({ address }) => address === tv)).toMatchObject({ isWarmingUp: true });
    const strict = watcher();
    scores(strict, frames);
    expect(strict.devices().some(({ address }) => address === tv)).toBe(false);
  });
});
