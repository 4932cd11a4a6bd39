/**
 * What the coverage-guided run found interesting is run again: no input of it may break a promise (target.ts), or take
 * over a second. Regressions lie in the same folder, under the name of what was wrong.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dice, mutate } from './mutate.ts';
import { seeds } from './seeds.ts';
import { runCapture } from './target.ts';

const folder = fileURLToPath(new URL('corpus/', import.meta.url));
const shared = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const MAXIMUM_MS = 1000;

/** In processor time, and only when it takes it twice: whatever else runs here, or is compiled, does not count. */
async function runTimed(input: Uint8Array, piece?: number): Promise<void> {
  if ((await timeOf(input, piece)) <= MAXIMUM_MS) return;
  const again = await timeOf(input, piece);
  if (again > MAXIMUM_MS) throw new Error(`took ${again} ms`);
}

async function timeOf(input: Uint8Array, piece?: number): Promise<number> {
  const begin = process.cpuUsage();
  await runCapture(input, piece);
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}

describe('the corpus', { timeout: 120_000 }, () => {
  const files = readdirSync(folder);

  it('is there', () => expect(files.length).toBeGreaterThan(200));

  it('breaks nothing, in one piece and in small ones', async () => {
    for (const file of files) {
      const input = new Uint8Array(readFileSync(folder + file));
      await runTimed(input).catch((error) => expect.unreachable(`${file}: ${error}`));
      await runTimed(input, 37).catch((error) => expect.unreachable(`${file} in pieces: ${error}`));
    }
  });
});

it('mutations of captures break nothing, and the same seed does the same', { timeout: 120_000 }, async () => {
  const inputs = seeds();
  const pick = fc.nat({ max: inputs.length - 1 });
  await fc.assert(
    fc.asyncProperty(fc.nat(), pick, pick, fc.integer({ min: 1, max: 5000 }), async (seed, one, other, piece) => {
      const input = mutate(inputs[one], dice(seed), inputs[other]);
      expect(mutate(inputs[one], dice(seed), inputs[other])).toEqual(input);
      await runTimed(input, piece);
    }),
    { numRuns: 500, endOnFailure: true },
  );
});

/** Every `step`th prefix. A frame that is cut is never decoded, so what applications say does not matter here. */
async function runPrefixes(input: Uint8Array, step: number): Promise<number> {
  let count = 0;
  for (let length = 0; length <= input.length; length += step) {
    const result = await runCapture(input.subarray(0, length), length, false);
    if (typeof result === 'string') expect(['empty_file', 'unsupported_type', 'capture_corrupt']).toContain(result);
    count++;
  }
  return count;
}

describe('every prefix', { timeout: 300_000 }, () => {
  const SMALL = 250;

  it('of the small generated captures is read, or refused with a reason', async () => {
    let prefixes = 0;
    for (const input of seeds().filter(({ length }) => length <= SMALL)) prefixes += await runPrefixes(input, 1);
    expect(prefixes).toBeGreaterThan(10_000);
  });

  it('of the larger ones, in steps', async () => {
    for (const input of seeds().filter(({ length }) => length > SMALL)) await runPrefixes(input, 61);
  });

  it.skipIf(!existsSync(shared))('of the small real captures, and of others in steps', async () => {
    // Each step of a small capture, some forty of a larger one.
    const captures = readdirSync(shared, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.pcap(ng)?$/.test(file),
    );
    let read = 0;
    for (const file of captures) {
      const input = new Uint8Array(readFileSync(shared + file));
      if (input.length > 16 * SMALL) continue;
      read++;
      await runPrefixes(input, Math.ceil(input.length / 40));
    }
    expect(read).toBeGreaterThan(100);
  });
});
