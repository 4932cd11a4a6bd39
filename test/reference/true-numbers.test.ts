/** Every number of every alert on the attack captures beside the project, counted again; skipped without them. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alert/alert.ts';
import { createReplay, replayCapture } from '../../src/evaluation/replay.ts';
import { type Frame, readFrames } from '../../src/evaluation/traffic.ts';
import { claimsOf } from '../truth/plain-count.ts';
import { plainPackets } from '../truth/plain-packets.ts';

const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const lines = (file: string): string[] =>
  readFileSync(DATA + file, 'utf8')
    .trim()
    .split('\n')
    .slice(1);

const episodes = existsSync(`${DATA}episodes.csv`) ? lines('episodes.csv').map((line) => line.split(',')[0]) : [];
const field = existsSync(`${DATA}field/truth.tsv`)
  ? lines('field/truth.tsv')
      .map((line) => line.split('\t'))
      .filter(([, truth]) => truth === 'attack')
      .map(([file]) => `field/${file}`)
  : [];

/** Watched without a past, as a first scan. Captures out of time order are played as they are written. */
function watch(frames: readonly Frame[]): Alert[] {
  const replay = createReplay({ without: new Set(['networks']) });
  replay.watch.engine.learning = false;
  replayCapture(replay, frames);
  return replay.alerts;
}

describe.skipIf(episodes.length === 0)('numbers of alerts on the attack captures', () => {
  it.each([...episodes, ...field])('%s', { timeout: 300_000 }, async (file) => {
    const frames = await readFrames(DATA + file);
    const packets = plainPackets(frames);
    const wrong = watch(frames).flatMap((alert) => {
      const claims = claimsOf(alert, packets).filter(({ isTrue }) => !isTrue);
      return claims.length > 0 ? [{ sentence: alert.sentence, claims }] : [];
    });
    expect(wrong).toEqual([]);
  });
});
