/** With programs that answer as the real ones do; the real ones compile in test/lab/. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireCompiled } from './filter-check.ts';
import type { CaptureTool } from './tool.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'guardian-filter-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function tool(kind: CaptureTool['kind'], script: string): CaptureTool {
  const file = path.join(folder, kind);
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/argv\n${script}\n`);
  chmodSync(file, 0o755);
  return { kind, path: file };
}

const answers = {
  tcpdump: `[ $# = 5 ] && echo '(000) ret #262144' || { echo "tcpdump: can't parse filter expression: syntax error" >&2; exit 1; }`,
  dumpcap: `[ $# = 4 ] && echo '(000) ret #262144' || cat >&2 <<'END'
Capturing on 'eth0'
dumpcap: Invalid capture filter "not prot 22" for interface 'eth0'.

That string isn't a valid capture filter (can't parse filter expression: syntax error).
See the User's Guide for a description of the capture filter syntax.
END`,
};
const settings = { interface: 'eth0', filter: 'not prot 22' };

test.each(['tcpdump', 'dumpcap'] as const)('what %s cannot understand is refused in its own words', async (kind) => {
  const refused = requireCompiled(tool(kind, answers[kind]), settings);
  const reason = `${kind} says: can't parse filter expression: syntax error`;
  await expect(refused).rejects.toMatchObject({ code: 'bad_filter', parameters: { filter: settings.filter, reason } });
});

test('what it understands is not, and a filter is one argument of a fixed array', async () => {
  const understands = "echo '(000) ret #262144'";
  await requireCompiled(tool('tcpdump', understands), settings);
  const argv = () => readFileSync(path.join(folder, 'argv'), 'utf8').split('\n').slice(0, -1);
  expect(argv()).toEqual(['-d', '-i', 'eth0', '-n', '--', settings.filter]);
  await requireCompiled(tool('dumpcap', understands), settings);
  expect(argv()).toEqual(['-d', '-q', '-i', 'eth0', '-f', settings.filter]);
});

test.each([
  [
    'has no right',
    `echo "tcpdump: eth0: You don't have permission to perform this capture on that device" >&2; exit 1`,
  ],
  ['says nothing', 'exit 1'],
])('a tool that %s tells nothing of the filter', async (_, script) => {
  await requireCompiled(tool('tcpdump', script), settings);
});

test('what begins like an option never reaches the tool', async () => {
  const refused = requireCompiled(tool('tcpdump', 'exit 0'), { interface: 'eth0', filter: '-z /tmp/x' });
  await expect(refused).rejects.toMatchObject({ code: 'bad_filter' });
});
