/**
 * Decodes a Parquet file in a thread of its own: the library trusts the lengths that a file declares, so a damaged or
 * hostile one can make it loop for ever or take any amount of memory. Here it can be stopped (decoder.ts does).
 */
import { type FileHandle, open } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
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
import { limitAllocation } from './allocation-limit.ts';

/** First the columns, then a piece of rows for each request, then the end. */
export type FromDecoder =
  | { type: 'columns'; columns: string[] }
  /** Values by column, in the order that was asked for. */
  | { type: 'rows'; values: unknown[][] }
  | { type: 'end' }
  | { type: 'failed'; reason: string };

/** The first request names the columns to read; the later ones ask for more. */
export type ToDecoder = { type: 'read'; columns: string[] } | { type: 'next' };

/** Rows that are decoded at a time, and rows of one message: the receiver unpacks it in one turn. */
const BATCH = 65_536;
const PIECE = 8192;
/** Largest page that is unpacked; writers make pages of about 1 MiB. */
const MAX_PAGE = 64 << 20;

/** Seconds, with all the digits that the file has; the library's own dates end at milliseconds. */
const parsers = {
  timestampFromMilliseconds: (value: bigint) => Number(value) / 1e3,
  timestampFromMicroseconds: (value: bigint) => Number(value) / 1e6,
  timestampFromNanoseconds: (value: bigint) => Number(value) / 1e9,
} as unknown as ParquetParsers;

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

/** Of what the file declares about itself: names and places of some thousand pieces. */
const MAX_FOOTER = 1 << 20;

async function checkFooter(file: AsyncBuffer): Promise<void> {
  if (file.byteLength < 12) throw new Error('it is too short');
  const end = new DataView(await file.slice(file.byteLength - 8));
  const footer = end.getUint32(0, true);
  if (footer > MAX_FOOTER + file.byteLength / 32) throw new Error(`a footer of ${footer} bytes`);
}

/**
 * Rows that so many bytes may hold. A run of equal values may declare any number of them in some bytes; real
 * connections differ, and take four bytes at the least.
 */
const mostRows = (size: number): number => 65_536 + size / 4;

/** For what is decoded of a file of that size: large files have large pages. */
const arrayBytes = (size: number): number => Math.min(512 << 20, Math.max(64 << 20, 2 * size));

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

/** The columns at the top of the schema that hold plain values. */
const plainColumns = (metadata: FileMetaData): string[] =>
  parquetSchema(metadata)
    .children.filter((child) => child.children.length === 0)
    .map((child) => child.element.name)
    .filter((name) => typeof name === 'string');

async function* decode(path: string, request: () => Promise<ToDecoder>): AsyncGenerator<FromDecoder> {
  await using handle = await open(path, 'r');
  const { size } = await handle.stat();
  limitAllocation(arrayBytes(size));
  const file = asyncBuffer(handle, size);
  await checkFooter(file);
  const metadata = await parquetMetadataAsync(file, { parsers });
  yield { type: 'columns', columns: plainColumns(metadata) };
  const asked = await request();
  const columns = asked.type === 'read' ? asked.columns : [];
  const total = Number(metadata.num_rows);
  if (!(total <= mostRows(size))) throw new Error(`${total} rows are declared in ${size} bytes`);
  for (let rowStart = 0; rowStart < total; rowStart += BATCH) {
    const rowEnd = Math.min(total, rowStart + BATCH);
    const rows = await parquetReadObjects({ file, metadata, columns, rowStart, rowEnd, compressors, parsers });
    if (rows.length === 0) throw new Error(`${total} rows are declared, ${rowStart} are there`);
    for (let i = 0; i < rows.length; i += PIECE) {
      const piece = rows.slice(i, i + PIECE);
      yield { type: 'rows', values: columns.map((column) => piece.map((row) => row[column])) };
      await request();
    }
  }
  yield { type: 'end' };
}

const port = parentPort;
if (port) {
  const request = (): Promise<ToDecoder> => new Promise((resolve) => port.once('message', resolve));
  try {
    for await (const message of decode(workerData as string, request)) port.postMessage(message);
  } catch (error) {
    port.postMessage({ type: 'failed', reason: (error as Error).message } satisfies FromDecoder);
  }
}
