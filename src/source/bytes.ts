/** Bytes in: from a file or standard input, unpacked and in UTF-8, with the beginning looked at before it is read. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, Readable, type Transform } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { AppError } from '../errors.ts';
import type { TextEncoding } from './detect.ts';
import { Gunzip, PIECE } from './gunzip.ts';

const CHUNK = 64 * 1024;
/** Of a file: each read is a round through the thread pool; texts of more than 128 KiB are kept apart by V8 and cost more again. */
const FILE_CHUNK = 120 * 1024;

/** What unpacking may cost; none for local files, an upload sets them. */
export interface ExpandLimits {
  bytes: number;
  /** For logs, where it is lower than for captures. */
  textBytes?: number;
  /** Unpacked over packed bytes. */
  ratio: number;
}

/** Below this a high ratio is no bomb: a log of equal lines packs very well. */
const RATIO_FROM = 8 << 20;

/** A byte stream whose beginning can be seen without losing it. */
export class Peekable implements AsyncIterable<Uint8Array> {
  private readonly iterator: AsyncIterator<Uint8Array>;
  private readonly seen: Uint8Array[] = [];
  private ended = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.iterator = chunks[Symbol.asyncIterator]();
  }

  /** At most about `bytes` of the beginning: less only when there is no more. */
  async peek(bytes: number): Promise<Uint8Array> {
    let have = this.seen.reduce((sum, chunk) => sum + chunk.length, 0);
    while (have < bytes && !this.ended) {
      const next = await this.iterator.next();
      if (next.done) this.ended = true;
      else {
        this.seen.push(next.value);
        have += next.value.length;
      }
    }
    return Buffer.concat(this.seen, have).subarray(0, bytes);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (let chunk = this.seen.shift(); chunk; chunk = this.seen.shift()) yield chunk;
      while (!this.ended) {
        const next = await this.iterator.next();
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await this.close();
    }
  }

  /** Gives the file back; reading on is not possible. */
  async close(): Promise<void> {
    this.ended = true;
    await this.iterator.return?.();
  }
}

/** Size in bytes of a regular file, null for pipes. Throws `file_not_found`, `file_unreadable`, `not_a_file`. */
export async function sizeOf(path: string, name: string): Promise<number | null> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw new AppError('not_a_file', { file: name });
    return info.isFile() ? info.size : null;
  } catch (error) {
    throw error instanceof AppError ? error : readError(error, name);
  }
}

/** The bytes of a file ('-' is standard input); `onRead` gets the number of bytes so far. */
export async function* fileChunks(
  path: string,
  name: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: FILE_CHUNK });
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      bytes += chunk.length;
      onRead(bytes);
      yield chunk;
    }
  } catch (error) {
    throw readError(error, name);
  }
}

function readError(error: unknown, file: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new AppError('file_not_found', { file }, { cause: error });
  if (code === undefined || error instanceof AppError) return error;
  const reason = code === 'EACCES' ? 'permission denied' : message.replace(/^\w+: /, '').replace(/,.*$/s, '');
  return new AppError('file_unreadable', { file, reason }, { cause: error });
}

export interface Unpacking {
  name: string;
  limits?: ExpandLimits;
  /** The packed stream ends in the middle, at that byte of it: what came before is good. */
  onTruncated: (position?: number) => void;
  /** Bytes follow the gzip data that belong to nothing; all of the data were read. */
  onTrailing?: () => void;
  /** The packed data are damaged. With this, what came out before is an input that breaks off there; else it throws. */
  onDamage?: (error: AppError) => void;
}

/** Unpacks gzip (all members) or zstd (all frames). Throws `corrupt_compression` and `expands_too_much`. */
export async function* unpack(
  chunks: AsyncIterable<Uint8Array>,
  format: 'gzip' | 'zstd',
  unpacking: Unpacking,
): AsyncGenerator<Uint8Array> {
  let out = 0;
  let damage: AppError | null = null;
  const packed = format === 'gzip' ? gunzip(chunks, unpacking) : unzstd(chunks, unpacking);
  try {
    for await (const { chunk, used } of packed) {
      out += chunk.length;
      checkLimits(out, used, unpacking);
      yield chunk;
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'corrupt_compression') throw error;
    damage = error;
  }
  if (damage === null) return;
  const { onDamage, onTruncated } = unpacking;
  if (onDamage === undefined || out === 0) throw damage;
  onDamage(damage);
  onTruncated(Number(damage.parameters.offset));
}

function checkLimits(out: number, used: number, { name, limits }: Unpacking): void {
  if (limits === undefined) return;
  const tooDense = out > RATIO_FROM && out > limits.ratio * Math.max(1, used);
  if (out <= limits.bytes && !tooDense) return;
  const limit = `${Math.floor(limits.bytes / 2 ** 20)} MiB`;
  throw new AppError('expands_too_much', { file: name, limit, ratio: limits.ratio });
}

/** A piece of the content, and how many packed bytes were used so far. */
interface Unpacked {
  chunk: Uint8Array;
  used: number;
}

async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  { name, onTruncated, onTrailing }: Unpacking,
): AsyncGenerator<Unpacked> {
  const gzip = new Gunzip(chunks);
  // What comes out of a piece is handed on before the piece counts as used.
  for await (const chunk of gzip.read()) yield { chunk, used: gzip.position + PIECE };
  if (gzip.end === 'truncated') onTruncated();
  if (gzip.end === 'trailing') onTrailing?.();
  if (gzip.end === 'damaged') {
    throw new AppError('corrupt_compression', { file: name, format: 'gzip', offset: gzip.position });
  }
}

async function* unzstd(chunks: AsyncIterable<Uint8Array>, { name, onTruncated }: Unpacking): AsyncGenerator<Unpacked> {
  const engine: Transform & { bytesWritten: number } = createZstdDecompress({ chunkSize: CHUNK });
  let failure: unknown = null;
  // pipeline() destroys all parts when one fails; the reason reaches us through the engine's iterator.
  pipeline(Readable.from(chunks, { objectMode: false, highWaterMark: CHUNK }), engine, (error) => {
    failure = error;
  });
  try {
    for await (const chunk of engine as AsyncIterable<Uint8Array>) yield { chunk, used: engine.bytesWritten };
  } catch (error) {
    if (failure instanceof AppError) throw failure;
    if ((error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR') return onTruncated();
    const offset = engine.bytesWritten;
    throw new AppError('corrupt_compression', { file: name, format: 'zstd', offset }, { cause: error });
  } finally {
    engine.destroy();
  }
}

/** Turns UTF-16 into UTF-8, so that everything behind sees one encoding. */
export async function* toUtf8(chunks: AsyncIterable<Uint8Array>, encoding: TextEncoding): AsyncGenerator<Uint8Array> {
  if (encoding === 'utf-8') return yield* chunks;
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}
