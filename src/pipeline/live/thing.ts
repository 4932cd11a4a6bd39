/** What the live monitor watches: anything that a command can watch, or the simulated home. */
import type { WatchedThing } from '../live-source.ts';
import type { DemoOptions } from './demo-source.ts';

export type LiveThing = WatchedThing | { demo: Partial<DemoOptions> };

/** Hours that the demo learns: of its past the most, so that the rest can be compared with it. */
export const DEMO_LEARN_HOURS = 5;

/** The interface of this machine that is watched; null where it is something else. */
export const ownInterface = (thing: LiveThing): string | null =>
  'demo' in thing || thing.ssh !== undefined ? null : (thing.interface ?? null);
