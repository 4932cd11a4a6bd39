/** What the product says of a capture that a test has built: without a past, while it learns, and after learning it. */
import type { Alert } from '../../src/alert/alert.ts';
import { createReplay, replayCapture } from '../../src/evaluation/replay.ts';
import type { Frame } from '../../src/evaluation/traffic.ts';

export interface TimedFrame {
  /** Seconds. */
  ts: number;
  bytes: Uint8Array;
}

/** Of the networks nothing is heard before they have learned. */
const options = { without: new Set(['networks'] as const) };
/** Merely new is no accusation. */
const HARMLESS = new Set(['new-device', 'new-destination']);
/** A Monday in 2026, so that no time is before 1970. */
const START = 1_780_000_000;

const framesOf = (timed: readonly TimedFrame[], isSorted = true): Frame[] =>
  (isSorted ? timed.toSorted((a, b) => a.ts - b.ts) : timed).map(({ ts, bytes }) => ({
    ...{ ts: START + ts, bytes: Uint8Array.from(bytes), origlen: bytes.length, linktype: 1 },
  }));

function watch(frames: readonly Frame[], learning: boolean, past: string | null): { alerts: Alert[]; past: string } {
  const replay = createReplay(options);
  if (past !== null) replay.watch.engine.load(JSON.parse(past));
  replay.watch.engine.learning = learning;
  replayCapture(replay, frames);
  replay.watch.engine.tick(frames.at(-1)!.ts + 10);
  return {
    alerts: replay.alerts.filter(({ kind }) => !HARMLESS.has(kind)),
    past: JSON.stringify(replay.watch.engine.save()),
  };
}

/** Alerts of the capture without a past; `isSorted` false keeps the frames in their order. */
export const alertsOf = (timed: readonly TimedFrame[], isSorted = true): Alert[] =>
  watch(framesOf(timed, isSorted), false, null).alerts;

/** Alerts of the second capture, a day later, by a guardian that has learned from the first. */
export function alertsAfter(learned: readonly TimedFrame[], timed: readonly TimedFrame[]): Alert[] {
  const { past } = watch(framesOf(learned), true, null);
  return watch(framesOf(timed.map(({ ts, bytes }) => ({ ts: ts + 86_400, bytes }))), false, past).alerts;
}

/** The sentences of all that is said of it, however it is met: what is ordinary has none. */
export function sentencesOf(timed: readonly TimedFrame[]): string[] {
  const frames = framesOf(timed);
  const learning = watch(frames, true, null);
  const afterwards = watch(
    frames.map((frame) => ({ ...frame, ts: frame.ts + 86_400 })),
    false,
    learning.past,
  );
  return Object.entries({ cold: alertsOf(timed), learning: learning.alerts, afterwards: afterwards.alerts }).flatMap(
    ([when, alerts]) => alerts.map(({ sentence }) => `${when}: ${sentence}`),
  );
}
