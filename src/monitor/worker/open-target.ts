/** The source that watches a thing. */
import type { LiveSource } from '../../source/live/source.ts';
import type { LiveSetup } from '../protocol.ts';
import { openSource, type SourceMachine } from '../target/open-source.ts';
import { loadState } from './state-file.ts';

type Known = Pick<LiveSetup, 'thing' | 'stateFile' | 'learnSeconds'>;

/** Rejects as `openSource` does. */
export async function openThing({ thing, ...known }: Known, machine: SourceMachine): Promise<LiveSource> {
  if (!('demo' in thing)) return openSource(thing, machine);
  // Who watches a real network has no use for a simulator in memory.
  const { DemoSource } = await import('../target/demo-source.ts');
  return new DemoSource({ ...thing.demo, toldUntil: await toldUntil(known) });
}

/**
 * Until when an earlier demo has told of its home, in seconds since 1970: told once more, it would count twice. A past
 * that was long enough to learn from is not added to.
 */
async function toldUntil({ stateFile, learnSeconds }: Omit<Known, 'thing'>): Promise<number | undefined> {
  // What is wrong with the file is said where it is used.
  const state = await loadState(stateFile).catch(() => null);
  if (state === null) return undefined;
  return state.learned >= learnSeconds ? Number.POSITIVE_INFINITY : state.saved_at;
}
