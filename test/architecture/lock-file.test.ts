/** What is installed is what was locked: a package without a checksum may be anything that the registry gives. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

interface Entry {
  version?: string;
  integrity?: string;
  link?: boolean;
}

test('every package of the lock file has a checksum, those for other platforms too', () => {
  const file = path.join(import.meta.dirname, '../../package-lock.json');
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Entry> };
  const bare = Object.entries(packages).filter(([where, { link, integrity }]) => where !== '' && !link && !integrity);
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  expect(bare.map(([where]) => where)).toEqual([]);
});
