/**
 * How the reader of a printed command calls this Guardian. "guardian" alone is right only where it is on the PATH, and
 * `npx guardian` only in the folder that it was called in: elsewhere npx would fetch a stranger's package of that name.
 */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
/** The file that starts the program. */
export const ownBin = path.join(root, 'bin', 'guardian.cjs');

/** A shell takes it as one word. */
const quoted = (text: string): string => (/^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function isOurs(file: string): boolean {
  return existsSync(file) && realpathSync(file) === realpathSync(ownBin);
}

/** npm and npx put folders on the PATH that the shell of the reader does not have. */
const isOnPath = (searchPath: string): boolean =>
  searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== '' && !folder.endsWith(path.join('node_modules', '.bin')))
    .some((folder) => isOurs(path.join(folder, 'guardian')));

/** From any folder of this machine. */
export const commandFromAnywhere = (env: NodeJS.ProcessEnv = process.env): string =>
  isOnPath(env.PATH ?? '') ? 'guardian' : `node ${quoted(ownBin)}`;

/** In the terminal where this was started, and from the same folder. */
function commandFromHere(env: NodeJS.ProcessEnv = process.env): string {
  if (env.npm_command === 'exec') return 'npx guardian';
  if (isOnPath(env.PATH ?? '')) return 'guardian';
  return process.cwd() === root ? 'node bin/guardian.cjs' : `node ${quoted(ownBin)}`;
}

/** The text with every command of ours as its reader has to write it. */
export const callAs = (text: string, command: string): string =>
  text.replaceAll(/(?<![\w/.-]|npx )guardian(?= (?:--)?[a-z])/g, () => command);

export const asCalled = (text: string): string => callAs(text, commandFromHere());
