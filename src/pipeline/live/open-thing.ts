/** The source that watches a thing. */
import type { LiveSource } from '../../source/live/source.ts';
import { openSource, type SourceMachine } from '../live-source.ts';
import type { LiveThing } from './thing.ts';

/** Rejects as `openSource` throws. */
export async function openThing(thing: LiveThing, machine: SourceMachine): Promise<LiveSource> {
  if (!('demo' in thing)) return openSource(thing, machine);
  // Who watches a real network has no use for a simulator in memory.
  const { DemoSource } = await import('./demo-source.ts');
  return new DemoSource(thing.demo);
}
