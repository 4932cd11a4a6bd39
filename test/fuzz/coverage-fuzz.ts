/**
 * Coverage-guided fuzzing of the packet path: `node scripts/node.cjs test/fuzz/coverage-fuzz.ts SECONDS [SEED]`.
 * Inputs that reach new code join the corpus; inputs that break a promise, or take over a second or 128 MB, are written to
 * test/fuzz/failures. What the seeds alone do not reach goes to test/fuzz/corpus: as few inputs as reach it all.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';
import { costOf, excess } from './cost.ts';
import { dice, mutate } from './mutate.ts';
import { seeds } from './seeds.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const seconds = Number(process.argv[2] ?? 60);
const seed = Number(process.argv[3] ?? 1);
const BATCH = 12;
/** What the repository keeps: the smallest inputs that together reach everything. */
const KEPT_BYTES = 4096;

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** Blocks that ran since the last call, each with the magnitude of its count. */
async function takeCoverage(): Promise<string[]> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const blocks: string[] = [];
  for (const { url, functions } of result) {
    if (!/\/src\/(packet|flow|source\/capture)\//.test(url)) continue;
    for (const { ranges } of functions) {
      for (const { startOffset, endOffset, count } of ranges) {
        if (count > 0)
          blocks.push(`${url}:${startOffset}-${endOffset}:${Math.min(8, Math.ceil(Math.log2(count + 1)))}`);
      }
    }
  }
  return blocks;
}

interface Entry {
  input: Uint8Array;
  blocks: string[];
}

/** What is mutated: the seeds, the kept corpus, and what was found. */
const corpus: Entry[] = [];
const covered = new Set<string>();
const random = dice(seed);
let runs = 0;
let failures = 0;
let slowest = 0;
let largest = 0;

interface Candidate {
  input: Uint8Array;
  /** Bytes that are handed over at a time. */
  piece: number;
}

async function run({ input, piece }: Candidate): Promise<void> {
  runs++;
  try {
    const cost = await costOf(input, piece);
    slowest = Math.max(slowest, cost.ms);
    largest = Math.max(largest, cost.mb);
    const what = excess(cost);
    if (what !== null) report(input, what);
  } catch (error) {
    report(input, String((error as Error).stack));
  }
}

/** Asking for the coverage costs more than a run: a batch is asked about as a whole, and one by one where it was new. */
async function attempt(batch: readonly Candidate[]): Promise<void> {
  for (const candidate of batch) await run(candidate);
  const isNew = (name: string): boolean => !covered.has(name);
  if (!(await takeCoverage()).some(isNew)) return;
  for (const candidate of batch) {
    await run(candidate);
    const blocks = await takeCoverage();
    if (!blocks.some(isNew)) continue;
    for (const name of blocks) covered.add(name);
    corpus.push({ input: candidate.input, blocks });
  }
}

function report(input: Uint8Array, what: string): void {
  failures++;
  mkdirSync(`${folder}failures`, { recursive: true });
  writeFileSync(`${folder}failures/${seed}-${failures}.bin`, input);
  process.stderr.write(`FAILURE ${failures}: ${what}\n`);
}

/** How often a block runs is for the search; what is kept only has to reach it. */
const blockOf = (name: string): string => name.slice(0, name.lastIndexOf(':'));

/** Greedy cover of what `reached` lacks: the input that adds most for its size, until nothing is added. */
function thin(entries: readonly Entry[], reached: ReadonlySet<string>): Uint8Array[] {
  const seeded = new Set([...reached].map(blockOf));
  const kept: Uint8Array[] = [];
  const left = entries
    .filter(({ input }) => input.length <= KEPT_BYTES)
    .map(({ input, blocks }) => ({ input, blocks: [...new Set(blocks.map(blockOf))] }));
  const missing = new Set(left.flatMap(({ blocks }) => blocks).filter((block) => !seeded.has(block)));
  while (missing.size > 0) {
    const gain = ({ input, blocks }: Entry) =>
      blocks.filter((block) => missing.has(block)).length / (input.length + 64);
    const best = left.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    for (const block of best.blocks) missing.delete(block);
    kept.push(best.input);
  }
  return kept;
}

await takeCoverage();
const kept = existsSync(`${folder}corpus`) ? readdirSync(`${folder}corpus`) : [];
const known = kept.map((file) => new Uint8Array(readFileSync(`${folder}corpus/${file}`)));
for (const input of seeds()) await attempt([{ input, piece: input.length }]);
const seeded = { inputs: corpus.length, blocks: new Set(covered) };
for (const input of known) await attempt([{ input, piece: input.length }]);
process.stderr.write(`${corpus.length} seeds, ${covered.size} blocks\n`);
const end = Date.now() + seconds * 1000;
let next = Date.now() + 30_000;
while (Date.now() < end) {
  const batch = Array.from({ length: BATCH }, () => {
    // New finds are tried more often than old ones.
    const pick = Math.max(random.int(corpus.length), random.int(corpus.length));
    const input = mutate(corpus[pick].input, random, corpus[random.int(corpus.length)].input);
    return { input, piece: random.int(3) === 0 ? 1 + random.int(64) : input.length };
  });
  await attempt(batch);
  if (Date.now() < next) continue;
  next += 30_000;
  process.stderr.write(`${runs} runs, ${corpus.length} inputs, ${covered.size} blocks, ${failures} failures\n`);
}
const thinned = thin(corpus.slice(seeded.inputs), seeded.blocks);
mkdirSync(`${folder}corpus`, { recursive: true });
// What has a name is a regression, and stays.
for (const file of kept) if (/^\d+\.bin$/.test(file)) rmSync(`${folder}corpus/${file}`);
for (const [i, input] of thinned.entries()) writeFileSync(`${folder}corpus/${String(i).padStart(3, '0')}.bin`, input);
process.stdout.write(
  `${runs} runs in ${seconds} s, ${covered.size} blocks, ${failures} failures, slowest ${slowest.toFixed(0)} ms, at most ${largest.toFixed(0)} MB, ` +
    `${thinned.length} inputs kept of ${corpus.length}\n`,
);
process.exitCode = failures > 0 ? 1 : 0;
