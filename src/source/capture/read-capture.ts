import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '../../errors.ts';
import { linktypes } from '../../packet/decode.ts';
import { Packet } from '../../packet/packet.ts';
import type { ReadOptions, SourceStats } from '../source.ts';
import { ByteWindow } from './byte-window.ts';
import { type CaptureParser, CorruptCapture, type FrameSink } from './capture-parser.ts';
import { decompress } from './decompress.ts';
import { type CaptureFormat, DETECTION_BYTES, describeContent, detectCapture } from './detect-capture.ts';
import { PcapParser } from './pcap.ts';
import { PcapngParser } from './pcapng.ts';

/** Large enough that system calls do not count, small enough for the processor's cache and a short turn. */
const WINDOW_BYTES = 1 << 20;
export const SUPPORTED_CAPTURES = 'pcap and pcapng captures, plain or compressed with gzip or zstd';

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
    const { size } = await file.stat();
    const progress = (read: number) => options.onProgress?.(size === 0 ? 1 : Math.min(1, read / size));
    return await readStream(readFile(file, progress), sink, name, { ...options, onProgress: undefined });
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

/** Chunks of a file in one reused buffer: each is to be used before the next is asked for. */
async function* readFile(file: FileHandle, progress: (read: number) => void): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(WINDOW_BYTES / 2);
  let position = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
    progress(position);
  }
}

async function readStream(
  input: AsyncIterable<Uint8Array>,
  sink: FrameSink,
  name: string,
  options: ReadOptions,
): Promise<SourceStats> {
  const { format, first, rest } = await peek(input);
  if (first.length === 0) throw new AppError('empty_file', { file: name });
  if (format === null) {
    throw new AppError('unsupported_type', {
      file: name,
      found: describeContent(first),
      supported: SUPPORTED_CAPTURES,
    });
  }
  if (format === 'gzip' || format === 'zstd') {
    const stats = await readStream(decompress(rest, format), sink, name, options);
    return { ...stats, format: `${stats.format} (${format})` };
  }
  return readFrames(rest, format, sink, name, options);
}

/** Looks at the first bytes of a stream and gives it back whole. */
async function peek(
  input: AsyncIterable<Uint8Array>,
): Promise<{ format: CaptureFormat | null; first: Uint8Array; rest: AsyncIterable<Uint8Array> }> {
  const iterator = input[Symbol.asyncIterator]();
  let first = new Uint8Array(0);
  let done = false;
  while (first.length < DETECTION_BYTES && !done) {
    const result = await iterator.next();
    if (result.done) done = true;
    else first = concatenate(first, result.value);
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      yield first;
      while (!done) {
        const result = await iterator.next();
        if (result.done) done = true;
        else yield result.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { format: detectCapture(first), first, rest: whole() };
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

async function readFrames(
  input: AsyncIterable<Uint8Array>,
  format: 'pcap' | 'pcapng',
  sink: FrameSink,
  name: string,
  options: ReadOptions,
): Promise<SourceStats> {
  const packet = new Packet();
  const parser: CaptureParser = format === 'pcap' ? new PcapParser(packet, sink) : new PcapngParser(packet, sink);
  const window = new ByteWindow(WINDOW_BYTES);
  let corrupt: CorruptCapture | null = null;
  try {
    for await (const chunk of input) {
      options.signal?.throwIfAborted();
      for (let used = 0; used < chunk.length; ) {
        used += window.append(used === 0 ? chunk : chunk.subarray(used));
        parser.parse(window);
        window.makeRoom();
      }
    }
  } catch (error) {
    if (!(error instanceof CorruptCapture)) throw error;
    corrupt = error;
    if (parser.offered === 0) {
      throw new AppError('capture_corrupt', { file: name, offset: error.position, what: error.what }, { cause: error });
    }
    const reason = `capture.${error.what}`;
    parser.rejected[reason] = (parser.rejected[reason] ?? 0) + 1;
  }
  requireKnownLinktype(parser, name);
  return finish(parser, window, corrupt);
}

/** A capture none of whose interfaces can be decoded is refused, and the link type named. */
function requireKnownLinktype(parser: CaptureParser, name: string): void {
  const found = parser.linktypes();
  if (found.length === 0 || found.some((linktype) => linktypes.has(linktype))) return;
  throw new AppError('unsupported_linktype', {
    file: name,
    linktype: found.join(', '),
    supported: [...new Set(linktypes.values())].join(', '),
  });
}

function finish(parser: CaptureParser, window: ByteWindow, corrupt: CorruptCapture | null): SourceStats {
  const { rejected } = parser;
  // A record whose length made no sense was offered too, although it could not be taken.
  const offered = parser.offered + (corrupt ? 1 : 0);
  const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0);
  const cut = window.end > window.start;
  return {
    format: parser.format,
    bytes: window.position + (window.end - window.start),
    offered,
    parsed: offered - refused,
    rejected,
    dropped: {},
    truncated: corrupt !== null || cut,
    truncatedAt: corrupt !== null || cut ? window.position : null,
    rejectedLines: [],
    weirds: {},
  };
}
