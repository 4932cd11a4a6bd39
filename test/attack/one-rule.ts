/** One behaviour rule alone: what it finds in the frames of a test, and what it has learned of others before. */
import { Activity } from '../../src/detector/activity.ts';
import type { Behaviour } from '../../src/detector/behaviour/behaviour.ts';
import { DnsNames } from '../../src/detector/behaviour/name/dns-names.ts';
import type { Finding } from '../../src/detector/finding.ts';
import { play } from '../../src/evaluation/traffic.ts';
import { LinkTracker } from '../../src/feature/link-tracker.ts';
import type { TimedFrame } from '../ordinary/watch.ts';

/** Seconds that the rule goes on looking after the last frame: calls without an answer are given up meanwhile. */
const AFTER = 10;
/** A Monday in 2026. */
const START = 1_780_000_000;

interface Phase {
  learning: boolean;
  hasPast: boolean;
  /** The traffic begins so many seconds later. */
  after?: number;
  /** How long it looks on after the last frame. */
  lasts?: number;
}

export function watch(rule: Behaviour, timed: readonly TimedFrame[], phase: Phase): Finding[] {
  const { learning, hasPast, after = 0, lasts = AFTER } = phase;
  const findings: Finding[] = [];
  const tracker = new LinkTracker();
  const activity = new Activity([new DnsNames(), rule], tracker.hosts, (finding) => findings.push(finding));
  activity.setPhase(learning, hasPast);
  tracker.onIdle = (link) => activity.idle(link);
  const frames = timed
    .toSorted((a, b) => a.ts - b.ts)
    .map(({ ts, bytes }) => ({
      ...{ ts: START + after + ts, bytes: Uint8Array.from(bytes), origlen: bytes.length, linktype: 1 },
    }));
  play(frames, (packet) => {
    const step = tracker.update(packet);
    if (step === null) activity.frame(packet);
    else activity.packet(packet, step);
  });
  const end = frames.at(-1)!.ts;
  for (let second = 1; second <= lasts; second += Math.max(1, lasts / 1000)) activity.advance(end + second);
  return findings;
}

/** Without a past. */
export const findingsOf = (rule: Behaviour, frames: readonly TimedFrame[]): Finding[] =>
  watch(rule, frames, { learning: false, hasPast: false });

/** A day later, by a rule that was started again from what one like it had saved. */
export function findingsAfter(create: () => Behaviour, learned: readonly TimedFrame[], timed: readonly TimedFrame[]) {
  const teacher = create();
  watch(teacher, learned, { learning: true, hasPast: false });
  const rule = create();
  if (teacher.save) rule.load!(JSON.parse(JSON.stringify(teacher.save())));
  return watch(rule, timed, { learning: false, hasPast: true, after: 86_400 });
}

/** Kind, who, and towards whom. */
export const named = (findings: readonly Finding[]): (string | null)[][] => [
  ...new Map(
    findings.map(({ kind, host, target }) => {
      const brief = [kind, host.address, target?.address ?? null];
      return [brief.join(), brief] as const;
    }),
  ).values(),
];

export const times = <T>(count: number, make: (i: number) => T | readonly T[]): T[] =>
  Array.from({ length: count }, (_, i) => make(i)).flat() as T[];
