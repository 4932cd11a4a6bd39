/** The watchdog with programs that behave badly in one way each; the real tools run in test/lab/. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCapture } from '../capture/read-capture.ts';
import { interfaceNames } from './interfaces.ts';
import { LiveCapture } from './live-capture.ts';
import type { SourceState } from './source.ts';
import { captureCommand } from './tool.ts';

/** Header of an empty capture, in the words of printf(1). */
const HEADER = '\\324\\303\\262\\241\\002\\000\\004\\000'.concat(
  '\\000'.repeat(8),
  '\\000\\010\\000\\000\\001\\000\\000\\000',
);
const loopback = interfaceNames().find((name) => name === 'lo' || name === 'lo0')!;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'guardian-live-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Watched {
  capture: LiveCapture;
  states: { state: SourceState; reason: string | null }[];
}

function watch(script: string): Watched {
  const tool = path.join(folder, 'tcpdump');
  writeFileSync(tool, `#!/bin/sh\n${script}\n`);
  chmodSync(tool, 0o755);
  const states: Watched['states'] = [];
  const capture = new LiveCapture({
    command: captureCommand({ kind: 'tcpdump', path: tool }, { interface: loopback, filter: 'udp; id > /tmp/x' }),
    readRun: async (chunks) => void (await readCapture(chunks, () => {}, { name: loopback })),
    onState: (state, reason) => states.push({ state, reason }),
    onGap: () => {},
  });
  capture.start();
  return { capture, states };
}

async function until(condition: () => boolean, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const isZombie = (pid: number): boolean =>
  existsSync(`/proc/${pid}/stat`) && readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');

test('the tool gets exactly the expected arguments and none of our environment (E12)', async () => {
  process.env.GUARDIAN_CANARY = 'secret';
  const { capture } = watch(`printf '%s\\n' "$@" > ${folder}/argv; env > ${folder}/env; printf '${HEADER}'; sleep 30`);
  await until(() => existsSync(path.join(folder, 'env')) && capture.counters.bytes > 0, 3_000);
  await capture.stop();
  delete process.env.GUARDIAN_CANARY;
  expect(readFileSync(path.join(folder, 'argv'), 'utf8').split('\n').slice(0, -1)).toEqual([
    '-i',
    loopback,
    '-U',
    '-w',
    '-',
    '-s',
    '2048',
    '-B',
    '16384',
    '-n',
    '--',
    'udp; id > /tmp/x',
  ]);
  expect(readFileSync(path.join(folder, 'env'), 'utf8')).not.toContain('secret');
});

test.each([
  [
    'is not permitted',
    `echo "tcpdump: $2: You don't have permission to capture on that device" >&2; exit 1`,
    /permission/,
  ],
  ['ends without a word', 'exit 0', /ended with code 0/],
  ['ends in a record', `printf '${HEADER}\\001\\002\\003'; sleep 0.3; exit 3`, /ended with code 3/],
  ['writes something else', 'echo "this is no capture at all"; sleep 30', /cannot be analysed/],
  [
    'floods its standard error',
    `while :; do echo "tcpdump: ${'x'.repeat(400)}" >&2; done & sleep 0.5; kill $!; exit 1`,
    /x{100}/,
  ],
])(
  'a tool that %s: degraded within 5 s, with the reason, and started again',
  async (_, script, reason) => {
    const { capture, states } = watch(script);
    await until(() => states.some(({ state }) => state === 'degraded'), 5_000);
    expect(states.find(({ state }) => state === 'degraded')!.reason).toMatch(reason);
    expect(capture.gaps).toHaveLength(1);
    await until(() => capture.counters.starts >= 2, 5_000);
    await capture.stop();
    expect(capture.gaps[0].to).not.toBeNull();
  },
  15_000,
);

test('a tool that does not answer is killed, started again, and leaves no zombie', async () => {
  // The first run ignores the question; later ones answer it.
  const { capture, states } = watch(
    `printf '${HEADER}'
     if [ -e ${folder}/once ]; then trap 'echo "1 packet captured" >&2' USR1; else touch ${folder}/once; trap '' USR1; fi
     while :; do sleep 0.1; done`,
  );
  await until(() => states.some(({ state }) => state === 'watching'), 3_000);
  const pid = capture.pid!;
  await until(() => states.some(({ state }) => state === 'degraded'), 5_000);
  expect(states.at(-1)!.reason).toBe('tcpdump does not answer');
  await until(() => capture.state === 'watching', 5_000);
  expect(capture.pid).not.toBe(pid);
  expect(isZombie(pid)).toBe(false);
  expect(capture.gaps[0].to! - capture.gaps[0].from).toBeGreaterThan(0.5);
  await capture.stop();
}, 20_000);

test('a program that is not there is a reason, not a crash', async () => {
  const missing = new LiveCapture({
    command: captureCommand({ kind: 'dumpcap', path: path.join(folder, 'nothing') }, { interface: loopback }),
    readRun: async (chunks) => void (await readCapture(chunks, () => {})),
    onState: () => {},
    onGap: () => {},
  });
  missing.start();
  await until(() => missing.state === 'degraded', 5_000);
  expect(missing.reason).toMatch(/could not be started: ENOENT/);
  await missing.stop();
});
