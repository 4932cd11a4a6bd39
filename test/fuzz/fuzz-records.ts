/**
 * Mutations of every format of records, Parquet and NetFlow among them, as a file: each is read or refused with a reason,
 * its account adds up, and none takes over 200 MB or ten seconds of processor time.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { assertBalanced } from '../../src/source/capture/flows-from-capture.ts';
import { openSource } from '../../src/source/open-source.ts';
import { flowSamples } from '../conformance/flow-samples.ts';
import { hostileParquet } from '../conformance/hostile-parquet.ts';
import { folder } from '../source/read-text.ts';
import { dice, mutate } from './mutate.ts';

const MAX_S = 10;
const MAX_MB = 200;

async function readAll(input: Uint8Array): Promise<void> {
  const file = path.join(folder, 'mutated');
  writeFileSync(file, input);
  try {
    const source = await openSource(file, { limits: { bytes: 1 << 27, ratio: 100 } });
    if (source.kind !== 'flows') return await source.close();
    const stats = await source.read((conn) => {
      for (const value of Object.values(conn)) {
        if (typeof value === 'number' && !(Number.isFinite(value) && value >= 0))
          throw new Error(`a number is ${value}`);
      }
    });
    assertBalanced(stats);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

/** For so many seconds; the same seed makes the same inputs. */
export async function fuzzRecords(seconds: number, seed: number): Promise<void> {
  const seeds = [...flowSamples.map(({ bytes }) => bytes), hostileParquet({ rows: 100, values: 100 })];
  const random = dice(seed);
  const end = performance.now() + seconds * 1000;
  let runs = 0;
  for (; performance.now() < end; runs++) {
    let input = seeds[runs % seeds.length];
    for (let i = 0; i <= random.int(3); i++) {
      if (input.length > 0) input = mutate(input, random, seeds[random.int(seeds.length)]);
    }
    const before = process.resourceUsage();
    await readAll(input).catch((error) => {
      throw new Error(`seed ${seed}, run ${runs}: ${Buffer.from(input).toString('base64').slice(0, 4000)}`, {
        cause: error,
      });
    });
    const after = process.resourceUsage();
    const spent = (after.userCPUTime + after.systemCPUTime - before.userCPUTime - before.systemCPUTime) / 1e6;
    expect(spent, `seed ${seed}, run ${runs}`).toBeLessThan(MAX_S);
    expect((after.maxRSS - before.maxRSS) / 1024, `seed ${seed}, run ${runs}`).toBeLessThan(MAX_MB);
  }
  expect(runs).toBeGreaterThan(seeds.length);
}
