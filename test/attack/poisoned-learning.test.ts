/** Learning that somebody has poisoned: what a rule calls out without a past is told, and is nobody's past. */
import { expect, test } from 'vitest';
import { createReplay, replayCapture } from '../../src/evaluation/replay.ts';
import type { Frame } from '../../src/evaluation/traffic.ts';
import type { AttackOptions } from '../../src/simulator/options.ts';
import { simulate } from '../../src/simulator/simulate.ts';

const HOME = { devices: ['camera', 'plug'], seed: 4, bulk: 0.0005 };
const LEARNED = 1;

function framesOf(attacks: AttackOptions[], from: number, hours: number): Frame[] {
  const home = simulate({ ...HOME, hours, attacks });
  const frames: Frame[] = [];
  for (const { ts, data } of home)
    if (ts >= home.start + from * 3.6e9)
      frames.push({ ts: ts / 1e6, bytes: Uint8Array.from(data), origlen: data.length, linktype: 1 });
  return frames;
}

/** Kinds that were told while the first of the attacks was learned, and when the second came. */
function kinds(whileLearning: AttackOptions, later: AttackOptions): [string[], string[]] {
  const replay = createReplay({ without: new Set(['networks']) });
  replayCapture(replay, framesOf([{ ...whileLearning, at: 2700 }], 0, LEARNED));
  const before = replay.alerts.map(({ kind }) => kind);
  replay.watch.engine.learning = false;
  replayCapture(replay, framesOf([{ ...later, at: (LEARNED + 1.5) * 3600 }], LEARNED + 1.4, LEARNED + 1.7));
  return [before, replay.alerts.slice(before.length).map(({ kind }) => kind)];
}

test.each<AttackOptions>([
  { kind: 'dns-tunnel', from: 'camera' },
  { kind: 'generated-names', from: 'camera' },
  { kind: 'brute-force', service: 'telnet', from: 'camera' },
  { kind: 'scan', from: 'camera' },
])('$kind while learning is told, and told again when it comes back', (attack) => {
  const [before, after] = kinds(attack, attack);
  expect(before).toContain(attack.kind);
  expect(after).toContain(attack.kind);
});

test('one large upload while learning does not cover a smaller one to a stranger', () => {
  const upload = { kind: 'exfiltration', from: 'plug' } as const;
  const [before, after] = kinds({ ...upload, megabytes: 60 }, { ...upload, megabytes: 12 });
  expect(before).toContain('exfiltration');
  expect(after).toContain('exfiltration');
});
