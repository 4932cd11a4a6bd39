import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { holdDataFolder } from './data-folder.ts';

let base: string;
const lines: string[] = [];
const log = pino({}, { write: (line: string) => void lines.push(line) });

beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'guardian-folder-'));
  lines.length = 0;
});
afterEach(() => rmSync(base, { recursive: true }));

const hold = async (directory: string): Promise<void> => (await holdDataFolder(directory, log)).release();

describe('a data folder', () => {
  test('is made for its owner alone, and silent about it', async () => {
    const directory = path.join(base, 'a/b');
    await hold(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(lines).toEqual([]);
  });

  test('of somebody else is refused, and nothing in it changes', async () => {
    writeFileSync(path.join(base, 'thesis.txt'), 'years');
    mkdirSync(path.join(base, 'photos'));
    await expect(hold(base)).rejects.toMatchObject({ code: 'data_not_ours' });
    expect(readFileSync(path.join(base, 'thesis.txt'), 'utf8')).toBe('years');
  });

  test.each(['guardian.db', '.gitkeep', 'lost+found'])('with %s in it is taken', async (name) => {
    writeFileSync(path.join(base, name), '');
    await hold(base);
  });

  test.each(['upload', 'packets'])('with a link in place of %s is refused', async (name) => {
    writeFileSync(path.join(base, 'guardian.db'), '');
    symlinkSync(tmpdir(), path.join(base, name));
    await expect(hold(base)).rejects.toMatchObject({ code: 'data_not_ours' });
  });

  test.skipIf(process.platform === 'win32')('that others can open is told with the command that mends it', async () => {
    const directory = path.join(base, 'open');
    mkdirSync(directory, { mode: 0o755 });
    await hold(directory);
    expect(lines.join('')).toContain(`chmod 700 ${directory}`);
  });

  test.skipIf(process.platform !== 'linux')('is held by one process, whatever is deleted in it', async () => {
    const directory = path.join(base, 'data');
    const link = path.join(base, 'link');
    const held = await holdDataFolder(directory, log);
    symlinkSync(directory, link);
    await expect(hold(directory)).rejects.toMatchObject({ code: 'data_in_use' });
    await expect(hold(link)).rejects.toMatchObject({ code: 'data_in_use' });
    held.release();
    await hold(directory);
  });
});
