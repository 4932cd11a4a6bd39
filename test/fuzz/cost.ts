/** What an input may cost (A9). */
import { runCapture } from './target.ts';

const MAXIMUM_MS = 1000;
const MAXIMUM_MB = 128;

export interface Cost {
  /** Of processor time: what else runs here does not count. */
  ms: number;
  /** By which the most memory that the process ever held has grown, in MB. */
  mb: number;
}

export async function costOf(input: Uint8Array, piece?: number, looksInside?: boolean): Promise<Cost> {
  const before = process.resourceUsage();
  await runCapture(input, piece, looksInside);
  const after = process.resourceUsage();
  const spent = after.userCPUTime + after.systemCPUTime - before.userCPUTime - before.systemCPUTime;
  return { ms: spent / 1000, mb: (after.maxRSS - before.maxRSS) / 1024 };
}

/** What is wrong with it, or null. */
export function excess({ ms, mb }: Cost): string | null {
  if (ms > MAXIMUM_MS) return `took ${ms.toFixed(0)} ms`;
  return mb > MAXIMUM_MB ? `took ${mb.toFixed(0)} MB` : null;
}
