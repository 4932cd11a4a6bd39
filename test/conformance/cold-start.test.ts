/** Without a past Guardian is quiet on ordinary days, and still notices what no ordinary device does. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alert/alert.ts';
import { createReplay, replayCapture } from '../../src/evaluation/replay.ts';
import { type Frame, readFrames } from '../../src/evaluation/traffic.ts';
import type { AttackOptions, SimulateOptions } from '../../src/simulator/options.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { describeWith, missingShared, sharedFolder } from '../needs.ts';

const DATA = sharedFolder('data');

function framesOf(options: SimulateOptions) {
  const home = simulate(options);
  const frames: Frame[] = [];
  for (const { ts, data } of home) {
    frames.push({ ts: ts / 1e6, bytes: Uint8Array.from(data), origlen: data.length, linktype: 1 });
  }
  return { frames, episode: home.episodes[0] };
}

/** Of the networks nothing is heard before they have learned. */
const rulesAlone = { without: new Set(['networks'] as const) };

/** What is said of a capture by a guardian that never learned, or that has just begun to. */
function watch(frames: readonly Frame[], learning = false): Alert[] {
  const replay = createReplay(rulesAlone);
  replay.watch.engine.learning = learning;
  replayCapture(replay, frames);
  return replay.alerts;
}
const sentences = (alerts: readonly Alert[]): string[] => alerts.map(({ sentence }) => sentence);

describe('cold start: simulated homes', () => {
  it.each([
    { devices: 8, hours: 0.5, seed: 501 },
    { devices: 17, hours: 0.5, seed: 502 },
    { devices: 17, hours: 3, seed: 503 },
  ])('$devices devices, $hours hours: nothing to tell', (home) => {
    const { frames } = framesOf(home);
    expect(sentences(watch(frames))).toEqual([]);
    expect(sentences(watch(frames, true))).toEqual([]);
  });

  const attack = (options: AttackOptions) =>
    framesOf({ devices: ['hub', 'camera', 'plug', 'tv'], hours: 1, seed: 504, attacks: [options] });

  it.each<AttackOptions>([
    { kind: 'beacon', type: 'reconnect', at: 1800 },
    { kind: 'beacon', type: 'tls', at: 1800 },
    { kind: 'beacon', type: 'persist', at: 1800 },
    { kind: 'flood', type: 'icmp', at: 1800 },
    { kind: 'exfiltration', type: 'raw', at: 1800 },
    { kind: 'scan', type: 'telnet', at: 1800 },
  ])('$kind $type is noticed and named, by a guardian that learns as well', (options) => {
    const { frames, episode } = attack(options);
    for (const learning of [false, true]) {
      const alerts = watch(frames, learning);
      expect(alerts.length).toBeGreaterThan(0);
      for (const { kind, hosts = [] } of alerts) {
        expect(episode.kinds, kind).toContain(kind);
        expect(hosts.some((host) => episode.hosts.has(host))).toBe(true);
      }
    }
  });

  it('does not learn a beacon that it has called out', () => {
    const { frames } = attack({ kind: 'beacon', type: 'reconnect', at: 900, duration: 2700 });
    const replay = createReplay(rulesAlone);
    const border = frames[0].ts + 2700;
    replayCapture(
      replay,
      frames.filter(({ ts }) => ts < border),
    );
    expect(replay.alerts.map(({ kind }) => kind)).toEqual(['beacon']);
    const restarted = createReplay(rulesAlone);
    restarted.watch.engine.load(JSON.parse(JSON.stringify(replay.watch.engine.save())));
    restarted.watch.engine.learning = false;
    replayCapture(
      restarted,
      frames.filter(({ ts }) => ts >= border),
    );
    expect(restarted.alerts.map(({ kind }) => kind)).toContain('beacon');
  });
});

describeWith(missingShared('data'), 'cold start: real devices', () => {
  const list = (folder: string, keep: (file: string) => boolean = () => true): string[] =>
    readdirSync(DATA + folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.pcap') && keep(file))
      .map((file) => `${DATA}${folder}/${file}`);

  it.each([
    ['set-up of 31 device types', list('benign-iot-sentinel')],
    ['a week of four devices', list('benign-home-week')],
    ['sensors and their broker', list('mqtt-testbed', (file) => file.includes('benign'))],
    ['cameras behind a dead line', list('kitsune-mirai')],
  ])('%s: nothing to tell', async (_name, files) => {
    expect(files).not.toEqual([]);
    for (const file of files) expect(sentences(watch(await readFrames(file))), file).toEqual([]);
  });

  it('calls a phone that asks for every address of the network a scan, which it is', async () => {
    const [file] = list('iot23/4-1-philips-hue');
    expect(watch(await readFrames(file)).map(({ kind }) => kind)).toEqual(['scan']);
  });
});
