/** What one event costs a rule does not grow with the events before it: each storm is fed in two lengths and compared. */
import { describe, expect, test } from 'vitest';
import { Activity } from '../../src/detector/activity.ts';
import { createBehaviours } from '../../src/detector/behaviour/index.ts';
import { type Frame, play } from '../../src/evaluation/traffic.ts';
import { LinkTracker } from '../../src/feature/link-tracker.ts';
import { storms } from './storm-frames.ts';

/** Another machine may be busy, and a table that fills costs more than an empty one; quadratic cost is ten times as much. */
const FACTOR = 4;
const SHORT = 10_000;
const LONG = 100_000;

/** Microseconds of the processor an event, all rules together: other programs do not count. */
function cost(storm: (index: number) => Uint8Array, events: number): number {
  const tracker = new LinkTracker();
  const activity = new Activity(createBehaviours({ lists: [] }), tracker.hosts, () => {});
  activity.setPhase(false, false);
  tracker.onIdle = (link) => activity.idle(link);
  const frames = Array.from({ length: events }, (_, i): Frame => {
    const bytes = Uint8Array.from(storm(i));
    return { ts: 1_700_000_000 + i / 10_000, bytes, origlen: bytes.length, linktype: 1 };
  });
  const begin = process.threadCpuUsage().user;
  play(frames, (packet) => {
    const step = tracker.update(packet);
    if (step === null) activity.frame(packet);
    else activity.packet(packet, step);
  });
  return (process.threadCpuUsage().user - begin) / events;
}

describe('ten thousand events a second', () => {
  test.each(Object.keys(storms))(
    '%s',
    (name) => {
      const storm = storms[name as keyof typeof storms];
      cost(storm, SHORT);
      const ratio = Math.min(...[0, 1].map(() => cost(storm, LONG) / cost(storm, SHORT)));
      expect(ratio).toBeLessThan(FACTOR);
    },
    180_000,
  );
});
