/** A minute of damaged records; `test/nightly/fuzz-records.test.ts` takes half an hour. */
import { test } from 'vitest';
import { fuzzRecords } from './fuzz-records.ts';

const SECONDS = 60;

test('damaged records break nothing and cost little', () => fuzzRecords(SECONDS, 20_261_130));
