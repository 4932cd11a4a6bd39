/** Files and folders stay of a size that a person can hold in the head. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const MAX_FILES = 25;
const MAX_LINES = 400;

const files = ['src', 'web/src', 'bench', 'scripts'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(root, path.join(parentPath, name)).replaceAll(path.sep, '/')),
);

test('no folder of src/ or web/src/ has more than 25 files directly in it', () => {
  const counts = new Map<string, number>();
  for (const file of files) {
    if (!/^(src|web)\//.test(file)) continue;
    const folder = path.posix.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  expect(counts.size).toBeGreaterThan(50);
  expect([...counts].filter(([, count]) => count > MAX_FILES)).toEqual([]);
});

test('no source file has more than 400 lines', () => {
  const sources = files.filter((file) => /\.([cm]?[jt]sx?|py)$/.test(file));
  expect(sources.length).toBeGreaterThan(500);
  const lines = (file: string): number => readFileSync(path.join(root, file), 'utf8').split('\n').length - 1;
  expect(sources.map((file) => [file, lines(file)] as const).filter(([, count]) => count > MAX_LINES)).toEqual([]);
});
