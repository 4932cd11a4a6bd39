/** What every format of flow records must hold, whatever it looks like. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import type { Conn } from '../../src/flow/conn.ts';
import { FOUR_FEATURES } from '../../src/source/column/conn-fields.ts';
import { flowFormats } from '../../src/source/formats.ts';
import { openSource } from '../../src/source/open-source.ts';
import type { SourceStats } from '../../src/source/source.ts';
import { flowSamples } from './flow-samples.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'guardian-formats-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'input');

interface Read {
  conns: Conn[];
  stats: SourceStats;
  format: string;
}

async function read(bytes: Uint8Array): Promise<Read> {
  writeFileSync(file, bytes);
  const source = await openSource(file);
  if (source.kind !== 'flows') {
    await source.close();
    throw new Error(`a capture (${source.format})`);
  }
  const conns: Conn[] = [];
  return { format: source.format, stats: await source.read((conn) => conns.push(conn)), conns };
}

function expectAccount({ stats, conns }: Read): void {
  const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);
  expect(stats.offered).toBe(stats.parsed + sum(stats.rejected) + sum(stats.dropped));
  expect(stats.parsed).toBe(conns.length);
  for (const conn of conns) {
    expect(conn.uid).not.toBe('');
    for (const value of Object.values(conn)) {
      if (typeof value === 'number' && !(Number.isFinite(value) && value >= 0)) throw new Error(JSON.stringify(conn));
    }
  }
}

/** Any bytes at all: an answer or an AppError within a second of work, and never anything else. */
async function survives(bytes: Uint8Array): Promise<void> {
  const started = process.threadCpuUsage();
  try {
    expectAccount(await read(bytes));
  } catch (error) {
    if (!(error instanceof AppError) && !(error as Error).message.startsWith('a capture')) throw error;
  }
  const { user, system } = process.threadCpuUsage(started);
  expect((user + system) / 1e6).toBeLessThan(1);
}

it('every format has a sample', () => {
  expect(new Set(flowSamples.map((sample) => sample.format))).toEqual(new Set(flowFormats.map((one) => one.format)));
});

describe.each(flowSamples)('$name', (sample) => {
  it('is recognised by its content and read completely', async () => {
    const result = await read(sample.bytes);
    expect(result.format).toBe(sample.format);
    expect([result.conns.length, result.stats.rejected]).toEqual([sample.rows, {}]);
    expectAccount(result);
    expect(result.conns[0]).toMatchObject(sample.first);
    for (const conn of result.conns)
      expect(FOUR_FEATURES.map((field) => typeof conn[field])).not.toContain('undefined');
    expect(result.stats.bytes).toBe(sample.bytes.length);
    expect(result.stats.truncated).toBe(false);
  });

  it('gives the same records out of gzip and zstd, and the same ids twice', async () => {
    const plain = await read(sample.bytes);
    for (const pack of [gzipSync, zstdCompressSync])
      expect((await read(pack(sample.bytes))).conns).toEqual(plain.conns);
    expect((await read(sample.bytes)).conns).toEqual(plain.conns);
    expect(new Set(plain.conns.map((conn) => conn.uid)).size).toBe(
      sample.format === 'zeek-json' || sample.format === 'eve' ? 1 : sample.rows,
    );
  });

  it('survives every cut', { timeout: 120_000 }, async () => {
    // Parquet is decoded in a thread of its own, whose start costs more than the file.
    const step = Math.max(1, Math.floor(sample.bytes.length / (sample.format === 'parquet' ? 40 : 200)));
    for (let end = 0; end <= sample.bytes.length; end += step) await survives(sample.bytes.subarray(0, end));
  });

  it('survives damage', async () => {
    const flips = fc.array(fc.tuple(fc.nat(sample.bytes.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 12,
    });
    const splice = fc.record({
      from: fc.nat(sample.bytes.length),
      to: fc.nat(sample.bytes.length),
      at: fc.nat(sample.bytes.length),
    });
    const damage = async (
      changes: [number, number][],
      { from, to, at }: { from: number; to: number; at: number },
    ): Promise<void> => {
      const bytes = Buffer.from(sample.bytes);
      for (const [place, value] of changes) bytes[place] = value;
      await survives(bytes);
      await survives(
        Buffer.concat([
          bytes.subarray(0, at),
          bytes.subarray(Math.min(from, to), Math.max(from, to)),
          bytes.subarray(at),
        ]),
      );
    };
    await fc.assert(fc.asyncProperty(flips, splice, damage), { numRuns: sample.format === 'parquet' ? 12 : 60 });
  }, 120_000);
});

describe.each(flowSamples.filter((sample) => sample.text))('$name', (sample) => {
  it('survives text put in places where it hurts', async () => {
    const hostile = [
      '"',
      '""',
      '\\x',
      '\\x00',
      '\t',
      ',',
      '\r',
      '\n#fields\t',
      '{',
      '\u2028',
      '__proto__',
      '-',
      '(empty)',
      '1e309',
      '\0',
      '=1+1',
      '   ',
    ];
    const inserts = fc.array(fc.tuple(fc.nat(sample.bytes.length), fc.constantFrom(...hostile)), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(inserts, async (all) => {
        let text = Buffer.from(sample.bytes).toString('latin1');
        for (const [at, what] of all) text = text.slice(0, at) + what + text.slice(at);
        await survives(Buffer.from(text, 'latin1'));
      }),
      { numRuns: 100 },
    );
    expect(({} as Record<string, unknown>).orig_pkts).toBeUndefined();
  });
});
