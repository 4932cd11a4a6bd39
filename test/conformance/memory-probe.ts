/**
 * Reads one input in a process of its own and says what that cost: `memory-probe.ts KIND` with the inputs of
 * text-memory.test.ts. The input is made while it is read, so that only the reader's memory counts.
 */
import { mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { AppError } from '../../src/errors.ts';
import { openSource } from '../../src/source/open-source.ts';

const HEADER = 'ts,orig_pkts,resp_pkts,orig_bytes,resp_bytes,label\n';
const ROW = '1634567890.123,10,8,1200,850,benign\n';

/** Pieces of each input. */
const inputs: Record<string, () => Generator<string | Buffer>> = {
  *good() {
    yield HEADER;
    for (let i = 0; i < 40; i++) yield ROW.repeat(28_000);
  },
  *longLine() {
    yield HEADER + ROW;
    for (let i = 0; i < 15; i++) yield '1'.repeat(1 << 20);
  },
  *longQuote() {
    yield `${HEADER}1,"`;
    for (let i = 0; i < 15; i++) yield '1\n'.repeat(1 << 19);
  },
  *quotes() {
    yield HEADER;
    for (let i = 0; i < 40; i++) yield '"1,2\n'.repeat(50_000);
  },
  *columns() {
    yield `${Array.from({ length: 100_000 }, (_, i) => `column${i}`).join(',')}\n`;
    for (let i = 0; i < 10; i++) yield `${'1,'.repeat(99_999)}1\n`;
  },
  *shortLines() {
    yield HEADER;
    for (let i = 0; i < 10; i++) yield '1\n'.repeat(500_000);
  },
  /** 10 GiB of text behind about 10 MiB. */
  *bomb() {
    const member = gzipSync(Buffer.alloc(64 << 20, ROW), { level: 9 });
    yield gzipSync(HEADER);
    for (let i = 0; i < 160; i++) yield member;
  },
  /** The same from a local file, which has no limit: read to its end, but never held. */
  *localBomb() {
    const member = gzipSync(Buffer.alloc(36 << 20, ROW), { level: 9 });
    yield gzipSync(HEADER);
    for (let i = 0; i < 6; i++) yield member;
  },
};

const kind = process.argv[2];
const folder = mkdtempSync(path.join(tmpdir(), 'guardian-memory-'));
const file = path.join(folder, 'input');
const descriptor = openSync(file, 'w');
for (const piece of inputs[kind]()) writeSync(descriptor, piece as string);

const limits = kind === 'bomb' ? { bytes: 128 << 20, ratio: 100 } : undefined;
// A small table first: code and compiler are not what is measured.
const warm = path.join(folder, 'warm');
writeSync(openSync(warm, 'w'), HEADER + ROW.repeat(20_000));
const source = await openSource(warm);
if (source.kind === 'flows') await source.read(() => {});
globalThis.gc?.();
const before = process.memoryUsage.rss();
let peak = before;
const timer = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 5);
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const started = performance.now();
let result: object;
try {
  const opened = await openSource(file, { name: 'input', limits });
  if (opened.kind !== 'flows') throw new Error('a capture');
  const { offered, parsed, rejected } = await opened.read(() => {});
  result = { offered, parsed, rejected };
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  result = { code: error.code, status: error.status };
}
clearInterval(timer);
delay.disable();
rmSync(folder, { recursive: true });
const report = {
  ...result,
  growthMiB: (Math.max(peak, process.memoryUsage.rss()) - before) / 2 ** 20,
  delayP99Ms: delay.percentile(99) / 1e6,
  seconds: (performance.now() - started) / 1000,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
