/**
 * Every regular expression in what reads input is linear (E18): each is fed long runs of what may match one part of it
 * again and again, alone and behind what its beginning wants.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folders = ['source', 'packet', 'flow', 'device', 'feature', 'detector', 'alert'];
const LITERAL =
  /(?<=[(=,:?[!&|]\s*|return\s+|=>\s*)\/(?![*/])((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/g;

interface Found {
  file: string;
  source: string;
  flags: string;
}

/** What looks like one in a comment is none. */
function isExpression(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags).source !== '';
  } catch {
    return false;
  }
}

function expressions(): Found[] {
  const found: Found[] = [];
  for (const folder of folders) {
    const root = fileURLToPath(new URL(`../../src/${folder}/`, import.meta.url));
    for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
      for (const [, source, flags] of readFileSync(root + file, 'utf8').matchAll(LITERAL)) {
        if (isExpression(source, flags)) found.push({ file: `${folder}/${file}`, source, flags });
      }
    }
  }
  return found;
}

const RUNS = [
  '\n',
  ' ',
  '\t',
  'a',
  '0',
  '.',
  '-',
  ':',
  '"',
  '\\x41',
  'a.',
  '0 ',
  'a ',
  ' \n',
  'a=',
  '{',
  '/',
  '<a',
  '0:',
  'In ',
];
const STARTS = [
  '',
  'a',
  '0',
  '"',
  '{',
  'inf',
  '#',
  '2026-01-01 00:00:00 ',
  '2026-01-01 00:00:00 0 a ',
  'Date first seen',
];
/** A quadratic expression takes some 20 million steps of that, a linear one some thousand. */
const LENGTH = 6000;
const MAX_MS = 20;

/** Milliseconds of the slowest input; a second look excuses what the machine did meanwhile. */
function slowest({ source, flags }: Found): { ms: number; input: string } {
  let worst = { ms: 0, input: '' };
  for (const run of RUNS) {
    const body = run.repeat(Math.ceil(LENGTH / run.length));
    for (const start of STARTS) {
      const input = `${start}${body}\u0001`;
      let ms = Number.POSITIVE_INFINITY;
      for (let look = 0; look < 3 && ms > MAX_MS; look++) {
        const expression = new RegExp(source, flags.replace('y', ''));
        const before = performance.now();
        if (expression.global) input.replace(expression, '');
        else expression.test(input);
        ms = Math.min(ms, performance.now() - before);
      }
      if (ms > MAX_MS) return { ms, input: JSON.stringify(start + run) };
      if (ms > worst.ms) worst = { ms, input: JSON.stringify(start + run) };
    }
  }
  return worst;
}

test('the attack finds what is quadratic', () => {
  expect(slowest({ file: '', source: String.raw`^\s*#(separator|fields)\b`, flags: 'm' }).ms).toBeGreaterThan(MAX_MS);
});

test('every expression over input takes linear time', { timeout: 300_000 }, () => {
  const all = expressions();
  expect(all.length).toBeGreaterThan(80);
  const slow = all
    .map((one) => ({ ...one, ...slowest(one) }))
    .filter(({ ms }) => ms > MAX_MS)
    .map(({ file, source, ms, input }) => `${file}: /${source}/ takes ${ms.toFixed(0)} ms for runs of ${input}`);
  expect(slow).toEqual([]);
});
