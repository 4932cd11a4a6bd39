import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvRecords, MAX_QUOTED } from './csv-record.ts';

interface Read {
  records: string[][];
  lines: number[];
  malformed: [string, number][];
}

/** Reads text that comes in pieces, each but the last ending at a line end, as they do from a file. */
function read(pieces: string[], delimiter = ','): Read {
  const result: Read = { records: [], lines: [], malformed: [] };
  const reader = new CsvRecords(delimiter, {
    record(cells, line) {
      result.records.push(cells);
      result.lines.push(line);
    },
    malformed: (reason, line) => result.malformed.push([reason, line]),
  });
  for (const [i, piece] of pieces.entries()) reader.push(piece, i === pieces.length - 1);
  return result;
}

/** Cuts a text behind some of its line ends. */
function cut(text: string, every: number): string[] {
  const lines = text.split(/(?<=\n)/);
  const pieces: string[] = [];
  for (let i = 0; i < lines.length; i += every) pieces.push(lines.slice(i, i + every).join(''));
  return [...pieces, ''];
}

const quote = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const cell = fc.string({ unit: fc.constantFrom('a', '7', ',', '"', '\n', '\r\n', ' ', 'é', '.'), maxLength: 6 });
const table = fc
  .integer({ min: 2, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }));

describe('CSV records', () => {
  it('are what csv-parse reads, however the text is cut', () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 4 }), fc.constantFrom('\n', '\r\n'), (rows, every, eol) => {
        const text = rows.map((row) => row.map(quote).join(',')).join(eol);
        const oracle = parse(text, { record_delimiter: [eol] }) as string[][];
        const result = read(cut(text, every));
        expect(result.records).toEqual(oracle);
        expect(result.malformed).toEqual([]);
        // Each record says the line on which it starts.
        const starts = rows.map(
          (_, i) => 1 + rows.slice(0, i).reduce((sum, row) => sum + row.map(quote).join(',').split('\n').length, 0),
        );
        expect(result.lines).toEqual(starts);
      }),
      { numRuns: 300 },
    );
  });

  it('keep the last line without an end, skip blank ones and take a lone carriage return off', () => {
    expect(read(['a,b\r\n\r\n1,2\n\n3,"4"\r\n5,6']).records).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
  });

  it('lose one line to a quote that is never closed, and no column shifts', () => {
    const result = read(['a,b,c\n1,2,3\n4,"5,6\n7,8,9\n10,11,12']);
    expect(result.records).toEqual([
      ['a', 'b', 'c'],
      ['1', '2', '3'],
      ['7', '8', '9'],
      ['10', '11', '12'],
    ]);
    expect(result.malformed).toEqual([['row.unclosed_quote', 3]]);
    expect(result.lines).toEqual([1, 2, 4, 5]);
  });

  it('lose one line to a quote that closes in the middle of a cell', () => {
    const result = read(['a,b\n"1"x,2\n3,4\n']);
    expect(result.malformed).toEqual([['row.misplaced_quote', 2]]);
    expect(result.records).toEqual([
      ['a', 'b'],
      ['3', '4'],
    ]);
  });

  it('take a quote inside a bare cell as it is', () => {
    expect(read(['a,b\n5" disk,2\n']).records[1]).toEqual(['5" disk', '2']);
  });

  it('do not wait for ever for the end of a quoted record', () => {
    const long = `a,b\n1,"${'x\n'.repeat(MAX_QUOTED / 2 + 10)}`;
    const result = read([long, '3,4\n', '']);
    expect(result.malformed).toEqual([['row.unclosed_quote', 2]]);
    expect(result.records.at(-1)).toEqual(['3', '4']);
  });

  it('never throw, and every line of any text is accounted for', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '""', ',"'), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 3 }), (hostile, every) => {
        const result = read(cut(hostile, every));
        expect(result).toEqual(read([hostile]));
        const seen = [...result.lines, ...result.malformed.map(([, line]) => line)].sort((a, b) => a - b);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.at(-1) ?? 0).toBeLessThanOrEqual(hostile.split('\n').length);
      }),
      { numRuns: 500 },
    );
  });
});
