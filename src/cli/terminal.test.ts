import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { printable } from './terminal.ts';

test('control and direction characters become visible', () => {
  expect(printable('a\u001b[31mb\u202ec\nd')).toBe('a\\u{1b}[31mb\\u{202e}c\\u{a}d');
});

test('the name of a file reaches the terminal as text, and an error is one line', () => {
  const root = path.join(import.meta.dirname, '../..');
  const name = 'x\u001b]0;owned\u0007\n\u202egpj.pcap';
  const { stderr, status } = spawnSync(process.execPath, ['src/cli/main.ts', 'scan', name], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status).toBe(3);
  expect(stderr.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(stderr).toContain('\\u{1b}]0;owned\\u{7}\\u{a}\\u{202e}gpj.pcap');
});
