/** With programs that answer as the real ones do; the real ones compile in test/lab/. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireCompiled } from './filter-check.ts';
import { remoteCompiler } from './remote.ts';
import { type CaptureTool, filterCompiler } from './tool.ts';

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
const filter = 'not prot 22';
const check = (one: CaptureTool, text = filter) => requireCompiled(filterCompiler(one, 'eth0'), text);

test.each(['tcpdump', 'dumpcap'] as const)('what %s cannot understand is refused in its own words', async (kind) => {
  const refused = check(tool(kind, answers[kind]));
  const reason = `${kind} says: can't parse filter expression: syntax error`;
  await expect(refused).rejects.toMatchObject({ code: 'bad_filter', parameters: { filter, reason } });
});

test('what it understands is not, and a filter is one argument of a fixed array', async () => {
  const understands = "echo '(000) ret #262144'";
  await check(tool('tcpdump', understands));
  const argv = () => readFileSync(path.join(folder, 'argv'), 'utf8').split('\n').slice(0, -1);
  expect(argv()).toEqual(['-d', '-i', 'eth0', '-n', '--', filter]);
  await check(tool('dumpcap', understands));
  expect(argv()).toEqual(['-d', '-q', '-i', 'eth0', '-f', filter]);
});

test.each([
  [
    'has no right',
    `echo "tcpdump: eth0: You don't have permission to perform this capture on that device" >&2; exit 1`,
  ],
  ['says nothing', 'exit 1'],
])('a tool that %s tells nothing of the filter', async (_, script) => {
  await check(tool('tcpdump', script));
});

test('what begins like an option never reaches the tool', async () => {
  const refused = check(tool('tcpdump', 'exit 0'), '-z /tmp/x');
  await expect(refused).rejects.toMatchObject({ code: 'bad_filter' });
});

test('on a router its tcpdump is asked, in one quoted word of its shell', async () => {
  // As ssh does: a shell there runs what comes after the host.
  const { path: ssh } = tool('tcpdump', answers.tcpdump);
  writeFileSync(`${ssh}.ssh`, `#!/bin/sh\nfor script; do :; done\nPATH=${folder}:$PATH exec sh -c "$script"\n`);
  chmodSync(`${ssh}.ssh`, 0o755);
  const remote = remoteCompiler(`${ssh}.ssh`, { host: 'root@router', interface: 'br-lan' });
  const quoted = "host 10.0.0.1; id '`reboot`'";
  await expect(requireCompiled(remote, quoted)).rejects.toMatchObject({
    code: 'bad_filter',
    parameters: { reason: "tcpdump on root@router says: can't parse filter expression: syntax error" },
  });
  tool('tcpdump', "echo '(000) ret #262144'");
  await requireCompiled(remote, quoted);
  const argv = readFileSync(path.join(folder, 'argv'), 'utf8').split('\n').slice(0, -1);
  expect(argv).toEqual(['-d', '-i', 'br-lan', '-n', '--', quoted]);
});
