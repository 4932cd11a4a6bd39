import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BlockListFiles } from './block-list-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'guardian-block-lists-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'mine.txt');

describe('block list files', () => {
  it('are read again when they change, and go on as they were when they vanish', async () => {
    writeFileSync(file, '203.0.113.9\n');
    const opened = await BlockListFiles.open([file]);
    const [first] = opened.lists;
    expect(first.hasAddress('203.0.113.9')).toBe(true);
    expect(await opened.refresh()).toEqual([]);
    expect(opened.lists[0]).toBe(first);

    writeFileSync(file, '198.51.100.7\n');
    utimesSync(file, 1, 1);
    expect(await opened.refresh()).toEqual([]);
    expect(opened.lists[0].hasAddress('203.0.113.9')).toBe(false);
    expect(opened.lists[0].hasAddress('198.51.100.7')).toBe(true);

    rmSync(file);
    expect(await opened.refresh()).toMatchObject([{ code: 'file_not_found' }]);
    expect(opened.lists[0].hasAddress('198.51.100.7')).toBe(true);
  });

  it('say which line they do not understand', async () => {
    writeFileSync(file, 'fine.example\nhttp://no.example/x\n');
    const { complaints } = await BlockListFiles.open([file]);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain(`${file}, line 2: "http://no.example/x"`);
  });

  it('must be there at the start', async () => {
    await expect(BlockListFiles.open([path.join(folder, 'absent')])).rejects.toMatchObject({ code: 'file_not_found' });
    await expect(BlockListFiles.open([folder])).rejects.toMatchObject({ code: 'file_unreadable' });
  });
});
