/** Apache Parquet with Zeek's column names, or with a mapping. Only the columns that become fields are read. */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  type AsyncBuffer,
  type FileMetaData,
  type ParquetParsers,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  snappyUncompress,
} from 'hyparquet';
import { AppError } from '../../errors.ts';
import { type ConnField, FOUR_FEATURES, unsetConn } from '../conn-fields.ts';
import { defineFlowFormat, type FlowInput } from '../flow-format.ts';
import { setField } from '../json-rows.ts';
import type { Rows } from '../rows.ts';
import { indexColumns } from '../table.ts';

/** Rows that are decoded at a time. */
const BATCH = 65_536;
/** Largest page that is unpacked; writers make pages of about 1 MiB. */
const MAX_PAGE = 64 << 20;

export const parquet = defineFlowFormat({
  format: 'parquet',
  title: 'Parquet',
  mappable: true,
  recognise: ({ bytes }) => bytes.length >= 4 && Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PAR1',
  async read(input, _head, rows, { required = FOUR_FEATURES, mapping, signal }) {
    await withFile(input, async (file, size) => {
      const source = asyncBuffer(file, size);
      const metadata = await decoding(input.name, () => parquetMetadataAsync(source, { parsers: timeParsers }));
      const columns = await decoding(input.name, async () =>
        parquetSchema(metadata)
          .children.filter((child) => child.children.length === 0)
          .map((child) => child.element.name)
          .filter((name) => typeof name === 'string'),
      );
      const at = indexColumns(input.name, columns, required, mapping);
      const fields = (Object.keys(at) as ConnField[]).filter((field) => at[field] >= 0);
      const wanted = fields.map((field) => ({ field, column: columns[at[field]] }));
      const total = checkedRows(metadata, size, input.name);
      for (let start = 0; start < total; start += BATCH) {
        signal?.throwIfAborted();
        const batch = await decoding(input.name, () =>
          parquetReadObjects({
            file: source,
            metadata,
            columns: wanted.map(({ column }) => column),
            rowStart: start,
            rowEnd: Math.min(total, start + BATCH),
            compressors,
            parsers: timeParsers,
          }),
        );
        for (const row of batch) offer(row, wanted, rows);
      }
    });
  },
});

function offer(row: Record<string, unknown>, wanted: { field: ConnField; column: string }[], rows: Rows): void {
  const { check } = rows;
  check.begin();
  const conn = unsetConn('');
  for (const { field, column } of wanted) setField(conn, field, row[column], check);
  rows.offer(conn, null);
}

/** Seconds, with all the digits that the file has; the library's own dates end at milliseconds. */
const timeParsers = {
  timestampFromMilliseconds: (value: bigint) => Number(value) / 1e3,
  timestampFromMicroseconds: (value: bigint) => Number(value) / 1e6,
  timestampFromNanoseconds: (value: bigint) => Number(value) / 1e9,
} as unknown as ParquetParsers;

/** Nothing is unpacked beyond what a page may hold, whatever its header says. */
const bounded =
  (unpack: (packed: Uint8Array, size: number) => Uint8Array) =>
  (packed: Uint8Array, size: number): Uint8Array => {
    if (!(size >= 0 && size <= MAX_PAGE)) throw new Error(`a page of ${size} bytes`);
    return unpack(packed, size);
  };

const compressors = {
  SNAPPY: bounded((packed, size) => {
    const page = new Uint8Array(size);
    snappyUncompress(packed, page);
    return page;
  }),
  GZIP: bounded((packed, size) => gunzipSync(packed, { maxOutputLength: size })),
  ZSTD: bounded((packed, size) => zstdDecompressSync(packed, { maxOutputLength: size })),
  BROTLI: bounded((packed, size) => brotliDecompressSync(packed, { maxOutputLength: size })),
};

/** The number of rows, after the metadata have been held against the size of the file. */
function checkedRows(metadata: FileMetaData, size: number, file: string): number {
  let total = 0;
  for (const group of metadata.row_groups) {
    total += Number(group.num_rows);
    for (const { meta_data: column } of group.columns) {
      const end = Number(column?.data_page_offset ?? 0) + Number(column?.total_compressed_size ?? 0);
      if (!(end <= size)) throw corrupt(file, 'its columns lie outside the file');
      if (Number(column?.num_values ?? 0) > Number(group.num_rows) * 64) throw corrupt(file, 'its row counts disagree');
    }
  }
  if (!Number.isSafeInteger(total) || total < 0 || total !== Number(metadata.num_rows)) {
    throw corrupt(file, 'its row counts disagree');
  }
  return total;
}

async function decoding<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw corrupt(file, (error as Error).message, error);
  }
}

const corrupt = (file: string, reason: string, cause?: unknown): AppError =>
  new AppError('corrupt_parquet', { file, reason: reason.slice(0, 200) }, { cause });

function asyncBuffer(file: FileHandle, size: number): AsyncBuffer {
  return {
    byteLength: size,
    async slice(start, end = size) {
      if (!(start >= 0 && start <= end && end <= size)) throw new Error(`bytes ${start} to ${end} of ${size}`);
      const bytes = new Uint8Array(end - start);
      await file.read(bytes, 0, bytes.length, start);
      return bytes.buffer;
    },
  };
}

/** Parquet is read from its end: what cannot be read at random is first written to a temporary file. */
async function withFile(input: FlowInput, work: (file: FileHandle, size: number) => Promise<void>): Promise<void> {
  const folder = input.path === null ? await mkdtemp(path.join(tmpdir(), 'guardian-parquet-')) : null;
  try {
    const file = await open(input.path ?? path.join(folder ?? '', 'flows.parquet'), folder === null ? 'r' : 'w+');
    try {
      if (folder !== null) for await (const chunk of input.chunks) await file.write(chunk);
      await work(file, (await file.stat()).size);
    } finally {
      await file.close();
    }
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}
