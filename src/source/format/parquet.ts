/** Apache Parquet with Zeek's column names, or with a mapping. Only the columns that become fields are read. */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ConnField, FOUR_FEATURES, unsetConn } from '../column/conn-fields.ts';
import { defineFlowFormat, type FlowInput } from '../flow-format.ts';
import { ParquetDecoder } from '../parquet/decoder.ts';
import { setField } from '../text/json-rows.ts';
import type { Rows } from '../text/rows.ts';
import { indexColumns } from '../text/table.ts';

export const parquet = defineFlowFormat({
  format: 'parquet',
  title: 'Parquet',
  mappable: true,
  recognise: ({ bytes }) => Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PAR1',
  read: (input, _head, rows, { required = FOUR_FEATURES, mapping, signal }) =>
    withPath(input, async (file) => {
      await using decoder = new ParquetDecoder(file, input.name);
      const columns = await decoder.columns();
      const at = indexColumns(input.name, columns, required, mapping);
      const fields = (Object.keys(at) as ConnField[]).filter((field) => at[field] >= 0);
      for await (const values of decoder.read(fields.map((field) => columns[at[field]]))) {
        signal?.throwIfAborted();
        offerAll(values, fields, rows);
      }
    }),
});

function offerAll(values: unknown[][], fields: ConnField[], rows: Rows): void {
  for (let i = 0; i < (values[0]?.length ?? 0); i++) {
    rows.check.begin();
    const conn = unsetConn('');
    for (let column = 0; column < fields.length; column++) {
      setField(conn, fields[column], values[column][i], rows.check);
    }
    rows.offer(conn, null);
  }
}

/** Parquet is read from its end: what cannot be read at random is first written to a temporary file. */
async function withPath(input: FlowInput, work: (file: string) => Promise<void>): Promise<void> {
  if (input.path !== null) return work(input.path);
  const folder = await mkdtemp(path.join(tmpdir(), 'guardian-parquet-'));
  try {
    const copy = path.join(folder, 'flows.parquet');
    const file = await open(copy, 'wx', 0o600);
    try {
      for await (const chunk of input.chunks) await file.writeFile(chunk);
    } finally {
      await file.close();
    }
    await work(copy);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
