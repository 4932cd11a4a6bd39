/** What the live monitor watches: anything that a command can watch, or the simulated home. */
import type { LiveSource } from '../../source/live/source.ts';
import { openSource, type SourceMachine, type WatchedThing } from '../live-source.ts';
import { type DemoOptions, DemoSource } from './demo-source.ts';

export type LiveThing = WatchedThing | { demo: Partial<DemoOptions> };

export const openThing = (thing: LiveThing, machine: SourceMachine): LiveSource =>
  'demo' in thing ? new DemoSource(thing.demo) : openSource(thing, machine);
