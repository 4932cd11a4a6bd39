import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captureUser } from './capture-user.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'guardian-passwd-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const among = (...lines: string[]): string | null => {
  const file = path.join(directory, 'passwd');
  writeFileSync(file, `root:x:0:0:root:/root:/bin/sh\n${lines.map((line) => `${line}::/:/bin/false\n`).join('')}`);
  return captureUser(0, file);
};

test.skipIf(process.platform !== 'linux')('root gives the capture to whoever is made for it', () => {
  expect(among('nobody:x:65534:65534', 'tcpdump:x:103:106', 'guardian-capture:x:990:990')).toBe('guardian-capture');
  expect(among('nobody:x:65534:65534', 'tcpdump:x:103:106')).toBe('tcpdump');
  expect(among('nobody:x:65534:65534')).toBe('nobody');
  // A name for root gives nothing up.
  expect(among('tcpdump:x:0:0')).toBeNull();
  expect(captureUser(0, path.join(directory, 'none'))).toBeNull();
});

test('whoever is not root has nothing to give up', () => {
  expect(captureUser(1000)).toBeNull();
});
