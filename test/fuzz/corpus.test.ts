/**
 * What the coverage-guided run found interesting is run again: no input of it may break a promise (target.ts), or take
 * over a second or 128 MB. Regressions lie in the same folder, under the name of what was wrong.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { missingShared, sharedFolder } from '../needs.ts';
import { costOf, excess } from './cost.ts';
import { dice, mutate } from './mutate.ts';
import { seeds } from './seeds.ts';
import { runCapture } from './target.ts';

const folder = fileURLToPath(new URL('corpus/', import.meta.url));
const shared = sharedFolder('data');
const missing = missingShared('data');

/** Too much is what it takes twice: what is compiled or collected meanwhile does not count. */
async function runMeasured(input: Uint8Array, piece?: number): Promise<void> {
  if (excess(await costOf(input, piece)) === null) return;
  const again = excess(await costOf(input, piece));
  if (again !== null) throw new Error(again);
}

describe('the corpus and what it grew from', { timeout: 120_000 }, () => {
  const files = readdirSync(folder);

  it('is there', () => expect(files.length).toBeGreaterThan(100));

  it('breaks nothing, in one piece and in small ones', async () => {
    const inputs = new Map(seeds().map((input, i) => [`seed ${i}`, input]));
    for (const file of files) inputs.set(file, new Uint8Array(readFileSync(folder + file)));
    for (const [name, input] of inputs) {
      await runMeasured(input).catch((error) => expect.unreachable(`${name}: ${error}`));
      await runMeasured(input, 37).catch((error) => expect.unreachable(`${name} in pieces: ${error}`));
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
      await runMeasured(input, piece);
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

  it.skipIf(missing !== null)(
    `of the small real captures, and of others in steps${missing === null ? '' : ` (needs ${missing})`}`,
    async () => {
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
    },
  );
});
