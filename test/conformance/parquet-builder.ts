/** A small Parquet file with the column types that other tools choose. */
import { parquetWriteBuffer } from 'hyparquet-writer';

export function parquetFile(): Uint8Array {
  const rows = [0, 1, 2];
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'ts', data: rows.map((i) => 1_626_284_618.384979 + i), type: 'DOUBLE' },
        { name: 'uid', data: rows.map((i) => `C${i + 1}`), type: 'STRING' },
        { name: 'id.orig_h', data: rows.map((i) => `10.0.0.${i + 1}`), type: 'STRING' },
        { name: 'service', data: rows.map(() => null), type: 'STRING' },
        { name: 'local_orig', data: rows.map(() => true), type: 'BOOLEAN' },
        { name: 'orig_pkts', data: rows.map((i) => BigInt(i + 1)), type: 'INT64' },
        { name: 'resp_pkts', data: Int32Array.from(rows), type: 'INT32' },
        { name: 'orig_bytes', data: rows.map((i) => 100 * (i + 1)), type: 'DOUBLE' },
        { name: 'resp_bytes', data: Int32Array.from(rows), type: 'INT32' },
        { name: '__proto__', data: rows.map(() => 'x'), type: 'STRING' },
      ],
    }),
  );
}
