/** What the README says that its commands print, they print. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { guardian } from './guardian.ts';

const readme = readFileSync(path.join(import.meta.dirname, '../../README.md'), 'utf8');

/** The lines of the quotation behind the sentence, as one. */
function exampleAlert(): { severity: string; sentence: string } {
  const quoted = /An alert reads like this, from the capture simulated above:\n\n((?:> .*\n)+)/.exec(readme)![1];
  const [, severity, sentence] = /^\*\*(\w+)\*\* (.*)$/.exec(
    quoted.replaceAll(/^> /gm, '').trim().replaceAll('\n', ' '),
  )!;
  return { severity, sentence };
}

it('the example alert is the one of the simulated capture', { timeout: 120_000 }, async () => {
  const commands = /```sh\nnpx guardian (simulate .*)\nnpx guardian (scan home\.pcap)\n```/.exec(readme)!;
  const cwd = mkdtempSync(path.join(tmpdir(), 'guardian-readme-'));
  try {
    expect((await guardian(commands[1].split(' '), { cwd })).code).toBe(0);
    const { stdout } = await guardian(commands[2].split(' '), { cwd });
    const { severity, sentence } = exampleAlert();
    expect(stdout).toContain(sentence);
    expect(stdout.split('\n').find((line) => line.includes(sentence))).toMatch(new RegExp(`^ *${severity} `));
  } finally {
    rmSync(cwd, { recursive: true });
  }
});
