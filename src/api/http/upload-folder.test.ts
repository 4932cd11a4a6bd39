import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openUploadFolder } from './receive-upload.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'guardian-upload-'));
});
afterEach(() => rmSync(base, { recursive: true }));

const limits = { maxTextBytes: 1000, maxCaptureBytes: 1000 };

test('only uploads that an earlier run has left are deleted', async () => {
  const left = path.join(base, '0b0e7a3c-6f0a-4d3e-9c57-2f4f8a6d1e11.upload');
  const kept = ['thesis.txt', 'my.upload', 'folder/photo.jpg', '0b0e7a3c-6f0a-4d3e-9c57-2f4f8a6d1e12.upload/x'];
  for (const name of kept) {
    mkdirSync(path.dirname(path.join(base, name)), { recursive: true });
    writeFileSync(path.join(base, name), 'years');
  }
  writeFileSync(left, '');
  await openUploadFolder(base, limits, 1000);
  expect(existsSync(left)).toBe(false);
  expect(kept.filter((name) => !existsSync(path.join(base, name)))).toEqual([]);
});

test('a link in place of the folder is refused, and what lies behind it stays', async () => {
  const photos = path.join(base, 'photos');
  mkdirSync(photos);
  writeFileSync(path.join(photos, '0b0e7a3c-6f0a-4d3e-9c57-2f4f8a6d1e11.upload'), '');
  symlinkSync(photos, path.join(base, 'upload'));
  await expect(openUploadFolder(path.join(base, 'upload'), limits, 1000)).rejects.toMatchObject({
    code: 'data_not_ours',
  });
  expect(existsSync(path.join(photos, '0b0e7a3c-6f0a-4d3e-9c57-2f4f8a6d1e11.upload'))).toBe(true);
});
