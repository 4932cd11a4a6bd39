/** What our writers write, our readers read as the same records. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Conn } from '../../src/flow/conn.ts';
import { csvHeader, csvRow } from '../../src/flow/write/write-csv.ts';
import { createParquetOutput } from '../../src/flow/write/write-parquet.ts';
import { zeekJsonLine, zeekTable } from '../../src/flow/write/zeek-log.ts';
import { unsetConn } from '../../src/source/column/conn-fields.ts';
import { openSource } from '../../src/source/open-source.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'guardian-writers-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

async function read(bytes: Uint8Array): Promise<Conn[]> {
  // A case that runs out of time goes on beside the next one: each has a file of its own.
  const file = path.join(folder, `log-${files++}`);
  writeFileSync(file, bytes);
  const source = await openSource(file, { required: [] });
  if (source.kind !== 'flows') throw new Error('a capture');
  const conns: Conn[] = [];
  const { rejected } = await source.read((conn) => conns.push(conn));
  expect({ ...rejected }).toEqual({});
  return conns;
}

function parquetOf(conns: Conn[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const output = createParquetOutput((bytes) => parts.push(bytes));
  for (const conn of conns) output.write(conn);
  output.end();
  return Buffer.concat(parts);
}

const text = fc.constantFrom('tcp', 'a b', '=1+1', '"x"', 'a,b', 'ü', "'q'", '+', 'x\ty', 'line\nend', '\\x41');
const plain = fc.constantFrom('tcp', 'udp', 'http', 'ssl,http', 'S0', 'ShADadFf', '^dD');
const count = fc.oneof(fc.constant(null), fc.nat(1e9), fc.constant(Number.MAX_SAFE_INTEGER));
const seconds = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 0, max: 2e9 }).map((n) => n + 0.123456),
);
const flag = fc.constantFrom(null, true, false);
const conn = fc.record({
  ts: seconds,
  duration: seconds,
  id_orig_h: fc.constantFrom('10.0.0.1', 'fe80::1', null),
  id_orig_p: fc.oneof(fc.constant(null), fc.nat(65_535)),
  proto: fc.constantFrom('tcp', 'udp', 'icmp', 'unknown_transport', null),
  service: fc.oneof(text, fc.constant(null)),
  history: fc.oneof(plain, fc.constant(null)),
  orig_bytes: count,
  resp_bytes: count,
  orig_pkts: count,
  resp_pkts: count,
  missed_bytes: count,
  local_orig: flag,
  tunnel_parents: fc.constantFrom<string[] | null>(null, [], ['C1'], ['C1', 'C2']),
});
const conns = fc
  .array(conn, { minLength: 1, maxLength: 10 })
  // JSON leaves out what is not known, and is known as a log of connections by its first record: that one says something.
  .map((rows): Conn[] =>
    rows.map((fields, i) => ({
      ...unsetConn(`C${i}`),
      ...fields,
      orig_pkts: fields.orig_pkts ?? (i === 0 ? 1 : null),
    })),
  );

describe('written and read again', () => {
  const table = zeekTable();
  const at = new Date('2026-11-22T08:00:00Z');
  it.each([
    ['CSV', (rows: Conn[]) => Buffer.from(csvHeader() + rows.map(csvRow).join(''))],
    ['Parquet', parquetOf],
    ['Zeek TSV', (rows: Conn[]) => Buffer.from(table.header(at) + rows.map(table.row).join('') + table.footer(at))],
    ['Zeek JSON', (rows: Conn[]) => Buffer.from(rows.map((row) => zeekJsonLine(row)).join(''))],
  ])('%s keeps every record', async (_, write) => {
    await fc.assert(
      fc.asyncProperty(conns, async (rows) => {
        expect(await read(write(rows))).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });

  it('Parquet is written in pieces, and an empty one can be read', async () => {
    const rows = Array.from({ length: 120_000 }, (_, i) => ({ ...unsetConn(`C${i}`), orig_pkts: i, service: 'dns' }));
    const sizes: number[] = [];
    const output = createParquetOutput((bytes) => sizes.push(bytes.length));
    for (const row of rows) output.write(row);
    expect(sizes.length).toBe(2);
    const again = await read(parquetOf(rows));
    expect([again.length, again[119_999]]).toEqual([120_000, rows[119_999]]);
    expect(await read(parquetOf([]))).toEqual([]);
  });
});
