/** docs/security.md names tests, and tests name checks: each must find the other. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const rows = readFileSync(path.join(root, 'docs/security.md'), 'utf8')
  .split('\n')
  .map((line) => /^\| (?<check>[A-E]\d+) \| .+ \| (?<files>.+) \|$/.exec(line)?.groups)
  .filter((row) => row !== undefined)
  .map(({ check, files }) => ({ check, files: [...files.matchAll(/`([^`]+)`/g)].map(([, file]) => file) }));

/** Checks that the titles of a file's tests name, as "(E6, E7)". */
const checksOf = (file: string): string[] =>
  [...readFileSync(path.join(root, file), 'utf8').matchAll(/[^\n]*\(([A-E]\d+(?:, [A-E]\d+)*)\)'/g)].flatMap(
    ([, checks]) => checks.split(', '),
  );

test('each check of the table is in the title of a test of each file that the row names', () => {
  expect(rows.length).toBeGreaterThan(10);
  const missing = rows.flatMap(({ check, files }) =>
    files.filter((file) => !checksOf(file).includes(check)).map((file) => `${check} in ${file}`),
  );
  expect(missing).toEqual([]);
});

test('each check that those tests name is in the table', () => {
  const files = new Set(rows.flatMap((row) => row.files));
  const unlisted = [...files].flatMap((file) =>
    checksOf(file).filter((check) => !rows.some((row) => row.check === check && row.files.includes(file))),
  );
  expect([...new Set(unlisted)]).toEqual([]);
});
