/** What the live monitor watches: anything that a command can watch, or the simulated home. */

import type { DemoOptions } from './demo-source.ts';
import type { WatchedTarget } from './open-source.ts';

export type LiveTarget = WatchedTarget | { demo: Partial<DemoOptions> };

/** Hours that the demo learns: of its past the most, so that the rest can be compared with it. */
export const DEMO_LEARN_HOURS = 5;

/** The interface of this machine that is watched; null where it is something else. */
export const ownInterface = (thing: LiveTarget): string | null =>
  'demo' in thing || thing.ssh !== undefined ? null : (thing.interface ?? null);

/** From where it is watched: that decides what can be seen. */
export type Viewpoint = 'interface' | 'router' | 'records' | 'demo';

export function viewpointOf(thing: LiveTarget): Viewpoint {
  if ('demo' in thing) return 'demo';
  if (thing.ssh !== undefined) return 'router';
  return thing.interface === undefined ? 'records' : 'interface';
}
