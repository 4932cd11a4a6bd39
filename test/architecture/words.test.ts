/** Sentences that no owner understood are said nowhere any more: not by the product, not in its documents, not in tests. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const self = path.relative(root, import.meta.filename);

const old: readonly RegExp[] = [
  /tried \d+ ports of 1,?\d{3} addresses/i,
  /hours? before, it used \d/i,
  /Guardian has no past of it/i,
  /need no past to be told/i,
  /devices? still unknown/i,
  /stands among your hidden/i,
  /services of makers/i,
  /a name of cameras/i,
  /more or less [\d.]+ ?s\b/i,
  /the options are kept/i,
  /no device fits/i,
  /['">]Looked after['"<]/,
  /times the error that is still usual/i,
  /see that it has arrived/i,
  /\b1 devices\b/,
];

/** What is written for people: no pictures, no weights, no generated kernels. */
function* texts(folder: string): Generator<string> {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!['node_modules', 'assembly', 'fixture', 'fixtures'].includes(entry.name)) yield* texts(file);
    } else if (/\.(tsx?|md|html|json|yaml|cjs)$/.test(entry.name)) yield file;
  }
}

const all = [...['src', 'web', 'docs', 'test', 'scripts', 'bin'].flatMap((folder) => [...texts(folder)]), 'README.md'];

test('no text has a sentence that was replaced', () => {
  expect(all.length).toBeGreaterThan(500);
  const found = all
    .filter((file) => file !== self)
    .flatMap((file) => {
      const text = readFileSync(path.join(root, file), 'utf8');
      return old.filter((sentence) => sentence.test(text)).map((sentence) => `${file}: ${sentence}`);
    });
  expect(found).toEqual([]);
});

test.each([
  'Camera tried 2 ports of 1,502 addresses in 40 seconds.',
  'In 5 hours before, it used 28 addresses.',
  'Learning: 2 of 2 devices still unknown.',
  'Every 60 s, more or less 1.5 s',
])('would find “%s”', (sentence) => {
  expect(old.some((pattern) => pattern.test(sentence))).toBe(true);
});
