/** Suites that need more than the repository holds. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, type TestOptions, test } from 'vitest';

const shared = fileURLToPath(new URL('../../shared/', import.meta.url));

/** Path of a folder of the data that lie beside the checkout; ends with a slash. */
export const sharedFolder = (folder: string): string => `${shared}${folder}/`;

/** The data of the folder as a need, or null where they are there. */
export const missingShared = (folder: string): string | null =>
  existsSync(sharedFolder(folder)) ? null : `../shared/${folder} beside the checkout`;

type Body = () => void | Promise<void>;

/**
 * A suite whose body runs only where nothing is missing: it may read what it needs while its tests are collected.
 * Elsewhere one skipped test names what is missing.
 */
export function describeWith(missing: string | null, name: string, ...rest: [Body] | [TestOptions, Body]): void {
  const [body, options = {}] = rest.toReversed() as [Body, TestOptions?];
  if (missing === null) describe(name, options, body);
  else describe(name, () => test.skip(`needs ${missing}`));
}

/** Tests that fill a disk mount one. */
export const missingRoot: string | null = process.getuid?.() === 0 ? null : 'root';
