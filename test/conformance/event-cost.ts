/** What the rules cost for one event of a storm. */
import { Activity } from '../../src/detector/activity.ts';
import { createBehaviours } from '../../src/detector/behaviour/index.ts';
import { type Frame, play } from '../../src/evaluation/traffic.ts';
import { LinkTracker } from '../../src/feature/link-tracker.ts';

/** Microseconds of the processor an event, all rules together: other programs do not count. */
export function eventCost(storm: (index: number) => Uint8Array, events: number): number {
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
