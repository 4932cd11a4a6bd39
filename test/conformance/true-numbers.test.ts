/** Every number of every alert on the simulator's attacks, counted again from the packets; no past, and with one. */
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alert/alert.ts';
import { factsOf } from '../../src/alert/words/index.ts';
import { createReplay, replayCapture } from '../../src/evaluation/replay.ts';
import type { Frame } from '../../src/evaluation/traffic.ts';
import { anyAttackKinds } from '../../src/simulator/attack/index.ts';
import type { AttackOptions } from '../../src/simulator/options.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { claimsOf } from '../truth/plain-count.ts';
import { plainPackets } from '../truth/plain-packets.ts';

const ONSET = 1200;
/** What a device usually sends takes longer to learn. Seconds. */
const LATE = 7500;
const onsetOf = (kind: string): number => (kind === 'exfiltration' ? LATE : ONSET);

function framesOf(kind: string, seed: number): Frame[] {
  const attacks = [{ kind, at: onsetOf(kind) } as AttackOptions];
  const hours = onsetOf(kind) / 3600 + 0.4;
  const frames: Frame[] = [];
  for (const { ts, data } of simulate({ devices: ['hub', 'camera', 'plug', 'tv'], hours, seed, attacks }))
    frames.push({ ts: ts / 1e6, bytes: Uint8Array.from(data), origlen: data.length, linktype: 1 });
  return frames;
}

/** Numbers of what happened: without addresses, names, clock times, and what is compared with. */
function numbersOf({ sentence, hosts = [], device }: Alert): string[] {
  const [happened] = sentence.split(/\. (?=[A-Z])/);
  const words = [device, ...hosts].reduce((text, name) => text.replaceAll(name, ''), happened);
  return (
    words
      .replaceAll(/\d\d:\d\d UTC|([0-9a-f]{2}:){5}[0-9a-f]{2}|\d+\.\d+\.\d+\.\d+|\S+\.[a-z]+\b/g, '')
      .match(/\d[\d,.]*/g) ?? []
  );
}

describe.each([
  { past: 'no past', learns: false },
  { past: 'a past', learns: true },
])('numbers of alerts, with $past', ({ learns }) => {
  // A silence needs an hour and shows no packets; without a past an upload to a named address is nothing.
  const kinds = anyAttackKinds.map(({ kind }) => kind).filter((kind) => kind !== 'silence');
  it.each(learns ? kinds : kinds.filter((kind) => kind !== 'exfiltration'))(
    '%s: are what the packets show',
    { timeout: 120_000 },
    (kind) => {
      const frames = framesOf(kind, 11);
      const replay = createReplay({ without: new Set(['networks']) });
      const border = frames[0].ts + onsetOf(kind) - 60;
      if (learns)
        replayCapture(
          replay,
          frames.filter(({ ts }) => ts < border),
        );
      replay.watch.engine.learning = false;
      const watched = learns ? frames.filter(({ ts }) => ts >= border) : frames;
      replayCapture(replay, watched);
      expect(replay.alerts).not.toEqual([]);
      const packets = plainPackets(watched);
      for (const alert of replay.alerts.filter((told) => told.kind !== 'new-device')) {
        const claims = claimsOf(alert, packets);
        expect({ sentence: alert.sentence, wrong: claims.filter(({ isTrue }) => !isTrue) }).toEqual({
          sentence: alert.sentence,
          wrong: [],
        });
        expect(claims.length, alert.sentence).toBeGreaterThan(0);
        const rows = factsOf(alert).map(({ text }) => text);
        expect({
          rows,
          missing: numbersOf(alert).filter((number) => !rows.some((row) => row.includes(number))),
        }).toEqual({
          rows,
          missing: [],
        });
      }
    },
  );
});
