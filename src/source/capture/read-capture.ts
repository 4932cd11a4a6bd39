import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../errors.ts';
import type { ReadOptions, SourceStats } from '../source.ts';
import type { FrameSink } from './capture-parser.ts';
import { decompress } from './decompress.ts';
import { detectCapture } from './detect-capture.ts';
import { FrameReader, MAGIC_BYTES } from './frame-reader.ts';

/** Gives frames to `sink` in a reused packet, one file or stream through, and says what was read. */
export async function readCapture(
  input: string | AsyncIterable<Uint8Array>,
  sink: FrameSink,
  options: ReadOptions = {},
): Promise<SourceStats> {
  const name = options.name ?? (typeof input === 'string' ? input : 'standard input');
  if (typeof input !== 'string') return readStream(input, sink, name, options);
  const file = await openFile(input, name);
  try {
    const stat = await file.stat();
    const progress = (read: number) => options.onProgress?.(stat.size === 0 ? 1 : Math.min(1, read / stat.size));
    const isPacked = isCompressed(await firstBytes(file));
    if (!stat.isFile() || isPacked) return await readStream(fileChunks(file, progress), sink, name, options);
    return await readFile(file, progress, sink, name, options.signal);
  } finally {
    await file.close();
  }
}

async function openFile(path: string, name: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new AppError('file_not_found', { file: name }, { cause: error });
    throw new AppError('file_unreadable', { file: name, reason: code ?? message }, { cause: error });
  }
}

const isCompressed = (first: Uint8Array): boolean => ['gzip', 'zstd'].includes(detectCapture(first) ?? '');

async function firstBytes(file: FileHandle): Promise<Uint8Array> {
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return new Uint8Array(0); // a pipe cannot be read at a position; the stream finds out what it is
  }
}

/** A plain file is read straight into the window: nothing is copied, and every chunk is a turn of the event loop. */
async function readFile(
  file: FileHandle,
  progress: (read: number) => void,
  sink: FrameSink,
  name: string,
  signal: AbortSignal | undefined,
): Promise<SourceStats> {
  const reader = new FrameReader(sink, name);
  const { window } = reader;
  let position = 0;
  while (!reader.isCorrupt) {
    signal?.throwIfAborted();
    const count = readSync(file.fd, window.bytes, window.end, window.bytes.length - window.end, position);
    if (count === 0) break;
    position += count;
    window.end += count;
    reader.take();
    progress(position);
    await setImmediate();
  }
  return reader.finish();
}

/** Chunks of a file in one reused buffer: each is to be used before the next is asked for. */
async function* fileChunks(file: FileHandle, progress: (read: number) => void): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(1 << 18);
  let position = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.slice(0, bytesRead);
    progress(position);
  }
}

async function readStream(
  input: AsyncIterable<Uint8Array>,
  sink: FrameSink,
  name: string,
  options: ReadOptions,
): Promise<SourceStats> {
  const iterator = input[Symbol.asyncIterator]();
  const first = await takeMagic(iterator);
  const rest = rejoin(first, iterator);
  const format = detectCapture(first);
  if (format !== 'gzip' && format !== 'zstd') return readChunks(rest, sink, name, options.signal);
  const stats = await readChunks(decompress(rest, format), sink, name, options.signal);
  return { ...stats, format: `${stats.format} (${format})` };
}

/** The first bytes of a stream, however small the pieces are in which it comes. */
async function takeMagic(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array(0);
  while (bytes.length < MAGIC_BYTES) {
    const { value, done } = await iterator.next();
    if (done) break;
    bytes = bytes.length === 0 ? value : Buffer.concat([bytes, value]);
  }
  return bytes;
}

/** The stream as it was before its beginning was taken. */
async function* rejoin(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let result = await iterator.next(); !result.done; result = await iterator.next()) yield result.value;
  } finally {
    await iterator.return?.();
  }
}

async function readChunks(
  input: AsyncIterable<Uint8Array>,
  sink: FrameSink,
  name: string,
  signal: AbortSignal | undefined,
): Promise<SourceStats> {
  const reader = new FrameReader(sink, name);
  try {
    for await (const chunk of input) {
      signal?.throwIfAborted();
      reader.push(chunk);
      if (reader.isCorrupt) break;
    }
  } catch (error) {
    reader.fail(error);
  }
  return reader.finish();
}
