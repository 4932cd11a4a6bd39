import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../errors.ts';
import type { ReadOptions, SourceStats } from '../source.ts';
import type { FrameSink } from './capture-parser.ts';
import { FrameReader } from './frame-reader.ts';

/**
 * Gives frames to `sink` in a reused packet, one plain file or stream through, and says what was read. What is packed
 * comes unpacked, through `openSource`.
 */
export async function readCapture(
  input: string | AsyncIterable<Uint8Array>,
  sink: FrameSink,
  options: ReadOptions = {},
): Promise<SourceStats> {
  const name = options.name ?? (typeof input === 'string' ? input : 'standard input');
  if (typeof input !== 'string') return readChunks(input, sink, name, options.signal);
  const file = await openFile(input, name);
  try {
    const { size } = await file.stat();
    const progress = (read: number) => options.onProgress?.(size === 0 ? 1 : Math.min(1, read / size));
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
