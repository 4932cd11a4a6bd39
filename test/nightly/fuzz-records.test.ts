/** Half an hour of damaged records, others every day; a run that fails says its seed. */
import { test } from 'vitest';
import { fuzzRecords } from '../fuzz/fuzz-records.ts';

/** Longer or shorter by FUZZ_SECONDS, the same again by FUZZ_SEED. */
const { FUZZ_SECONDS = '1800', FUZZ_SEED = String(Math.floor(Date.now() / 86_400_000)) } = process.env;

test('damaged records break nothing and cost little', () => fuzzRecords(Number(FUZZ_SECONDS), Number(FUZZ_SEED)));
