import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import { ParquetDecoder } from './decoder.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'guardian-decoder-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(bytes: Uint8Array): string {
  const file = path.join(folder, 'x.parquet');
  writeFileSync(file, bytes);
  return file;
}

const rows = 20_000;
const table = (): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'a', data: Int32Array.from({ length: rows }, (_, i) => i) },
        { name: 'b', data: Array.from({ length: rows }, (_, i) => `name ${i}`) },
        { name: 't', data: [new Date(1500), ...Array.from({ length: rows - 1 }, () => new Date(0))] },
      ],
    }),
  );

describe('a Parquet decoder', () => {
  it('gives the columns that were asked for, in pieces', async () => {
    await using decoder = new ParquetDecoder(fileOf(table()), 'x');
    expect(await decoder.columns()).toEqual(['a', 'b', 't']);
    const pieces: unknown[][][] = [];
    for await (const piece of decoder.read(['b', 't', 'a'])) pieces.push(piece);
    expect(pieces.map((piece) => piece[0].length)).toEqual([8192, 8192, rows - 2 * 8192]);
    expect(pieces[0].map((column) => column[0])).toEqual(['name 0', 1.5, 0]);
    expect(pieces[2].map((column) => column.at(-1))).toEqual([`name ${rows - 1}`, 0, rows - 1]);
  });

  it('says what is wrong with a file', async () => {
    await using decoder = new ParquetDecoder(fileOf(Buffer.from('PAR1 PAR1')), 'shown name');
    await expect(decoder.columns()).rejects.toMatchObject({
      code: 'corrupt_parquet',
      message: expect.stringContaining('"shown name"'),
    });
  });

  it('ends a file that would be read for ever, or would take all memory', async () => {
    // A page header whose sizes and counts go on into what follows them: found by mutation.
    const bytes = new Uint8Array(
      parquetWriteBuffer({ columnData: [{ name: 'a', data: [1.5, 2.5, 3.5], type: 'DOUBLE' }] }),
    );
    bytes[20] = 0xff;
    await using decoder = new ParquetDecoder(fileOf(bytes), 'x', 1000);
    expect(await decoder.columns()).toEqual(['a']);
    await expect(decoder.read(['a']).next()).rejects.toThrow('it takes more than 1 s');
  });
});
