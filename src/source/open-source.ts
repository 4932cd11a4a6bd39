/** Opens any supported file: finds out what it is, unpacks it, and gives a source of packets or of connections. */
import { AppError } from '../errors.ts';
import { type ExpandLimits, fileChunks, Peekable, sizeOf, toUtf8, unpack } from './bytes.ts';
import type { FrameSink } from './capture/capture-parser.ts';
import { readCapture } from './capture/read-capture.ts';
import { fieldOf } from './column/conn-fields.ts';
import { Tally } from './column/tally.ts';
import { detectFormat, type Format, HEAD_BYTES } from './detect.ts';
import type { FlowReadOptions, Head, OnConn } from './flow-format.ts';
import { type FlowFormatName, flowFormats } from './formats.ts';
import type { ReadOptions, SourceStats } from './source.ts';
import { NEWLINE } from './text/ascii.ts';
import { Rows } from './text/rows.ts';

export interface OpenOptions extends FlowReadOptions {
  /** For uploads: how far a compressed file may expand. */
  limits?: ExpandLimits;
  /** See `unpack`: where it is given, damaged compression ends the input instead of refusing it. */
  onDamage?: (error: AppError) => void;
}

/** A capture. */
export interface PacketSource {
  kind: 'packets';
  format: 'pcap' | 'pcapng';
  name: string;
  /** Gives every frame to `sink` in a reused packet; may be called once. */
  readFrames(sink: FrameSink, options?: ReadOptions): Promise<SourceStats>;
  close(): Promise<void>;
}

/** A log of connections. */
export interface FlowSource {
  kind: 'flows';
  format: FlowFormatName;
  name: string;
  /** Its records say between whom they were: a table may have no addresses at all. */
  namesHosts: boolean;
  /** Hands every good record on; may be called once. Throws AppError where the file is no good as a whole. */
  read(onConn: OnConn, options?: FlowReadOptions): Promise<SourceStats>;
  /** The account so far: also of what was read before an error. */
  account(): SourceStats;
  close(): Promise<void>;
}

export type Source = PacketSource | FlowSource;

/** Weird of an input: bytes behind its gzip data that belong to nothing. All of the data were read. */
export const TRAILING = 'gzip.trailing_bytes';

/** What an input is called in messages. */
export const inputName = (input: string): string => (input === '-' ? 'standard input' : input);

/**
 * `input` is a path, or '-' for standard input. Throws AppError: `file_not_found`, `file_unreadable`, `not_a_file`, `empty_file`,
 * `unsupported_type`, `corrupt_compression`, `expands_too_much`.
 */
export async function openSource(input: string, options: OpenOptions = {}): Promise<Source> {
  const name = options.name ?? inputName(input);
  const size = input === '-' ? null : await sizeOf(input, name);
  const progress = new Progress(size);
  const mapped = options.mapping !== undefined;
  let stream = new Peekable(fileChunks(input, name, (bytes) => progress.read(bytes)));
  try {
    let found = detectFormat(await stream.peek(HEAD_BYTES), mapped);
    const packed = found.kind === 'compressed';
    if (found.kind === 'compressed') {
      const { limits, onDamage } = options;
      const onTruncated = (position?: number): void => progress.truncate(position);
      const onTrailing = (): void => progress.trail();
      stream = new Peekable(unpack(stream, found.format, { name, limits, onDamage, onTruncated, onTrailing }));
      found = detectFormat(await stream.peek(HEAD_BYTES), mapped);
    }
    const path = packed || input === '-' || size === null ? null : input;
    if (found.kind === 'packets') {
      return packetSource(name, path, found.format, stream, progress, options);
    }
    if (found.kind === 'flows') return flowSource(name, path, found, stream, progress, options);
    throw refusal(found, name);
  } catch (error) {
    await stream.close();
    throw error;
  }
}

function packetSource(
  name: string,
  path: string | null,
  format: 'pcap' | 'pcapng',
  stream: Peekable,
  progress: Progress,
  opened: OpenOptions,
): PacketSource {
  return {
    kind: 'packets',
    format,
    name,
    async readFrames(sink, options = {}) {
      const all = { name, onProgress: opened.onProgress, signal: opened.signal, ...options };
      if (path !== null) {
        // The capture reader takes a plain file into one buffer of its own, faster than from our stream.
        await stream.close();
        return readCapture(path, sink, all);
      }
      progress.onProgress = all.onProgress;
      const stats = await readCapture(stream, sink, { ...all, onProgress: undefined });
      if (progress.isTrailed) stats.weirds[TRAILING] = 1;
      if (progress.truncatedAt === null || stats.truncated) return stats;
      return { ...stats, truncated: true, truncatedAt: progress.truncatedAt };
    },
    close: () => stream.close(),
  };
}

function flowSource(
  name: string,
  path: string | null,
  found: Extract<Format, { kind: 'flows' }>,
  stream: Peekable,
  progress: Progress,
  opened: OpenOptions,
): FlowSource {
  const { format, head, encoding } = found;
  const tally = new Tally(format.format);
  return {
    kind: 'flows',
    format: format.format as FlowFormatName,
    name,
    namesHosts: format.format !== 'csv' || hasAddresses(head, opened),
    async read(onConn, options = {}) {
      const all: FlowReadOptions = { ...opened, ...options };
      progress.onProgress = all.onProgress;
      const packed = path === null ? opened.limits : undefined;
      let last = NEWLINE;
      const onLast = (byte: number): void => {
        last = byte;
      };
      const chunks = toUtf8(bounded(abortable(stream, all.signal), name, packed, onLast), encoding);
      try {
        await format.read({ name, chunks, path }, head, new Rows(name, tally, onConn), all);
      } finally {
        // Some formats read the path instead, or stop early.
        await stream.close();
        tally.stats.bytes = progress.bytes;
      }
      tally.stats.bytes = progress.size ?? progress.bytes;
      // A log that was cut shows it by its last line alone: no record, and no end.
      const isCut = head.text !== '' && last !== NEWLINE && tally.endedRefused;
      if (isCut) tally.truncate(tally.stats.bytes);
      if (progress.isTrailed) tally.weird(TRAILING);
      if (progress.truncatedAt !== null) tally.truncate(progress.truncatedAt);
      all.onProgress?.(1);
      return tally.stats;
    },
    account: () => tally.stats,
    close: () => stream.close(),
  };
}

const hasAddresses = ({ columns }: Head, { mapping = {} }: FlowReadOptions): boolean => {
  const fields = new Set([...columns.map(fieldOf), ...Object.values(mapping)]);
  return fields.has('id_orig_h') && fields.has('id_resp_h');
};

async function* abortable(chunks: AsyncIterable<Uint8Array>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}

/** A log that was packed may be no larger than one that was not. `onLast` gets the last byte of each chunk. */
async function* bounded(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  limits: ExpandLimits | undefined,
  onLast: (byte: number) => void,
): AsyncGenerator<Uint8Array> {
  const { textBytes = Number.POSITIVE_INFINITY, ratio = 0 } = limits ?? {};
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > textBytes) {
      throw new AppError('expands_too_much', { file, limit: `${Math.round(textBytes / 2 ** 20)} MiB`, ratio });
    }
    if (chunk.length > 0) onLast(chunk[chunk.length - 1]);
    yield chunk;
  }
}

/** How far reading has come, in bytes of the file itself. */
class Progress {
  bytes = 0;
  truncatedAt: number | null = null;
  isTrailed = false;
  onProgress: ((fraction: number) => void) | undefined;
  readonly size: number | null;

  constructor(size: number | null) {
    this.size = size;
  }

  read(bytes: number): void {
    this.bytes = bytes;
    if (this.size) this.onProgress?.(Math.min(1, bytes / this.size));
  }

  truncate(position = this.bytes): void {
    this.truncatedAt = position;
  }

  trail(): void {
    this.isTrailed = true;
  }
}

function refusal(found: Format, file: string): AppError {
  if (found.kind === 'empty') return new AppError('empty_file', { file });
  const what = found.kind === 'unsupported' ? found.found : 'compressed twice';
  return new AppError('unsupported_type', { file, found: what, supported: supportedFormats() });
}

/** For messages: some formats have several layouts under one title. */
const supportedFormats = (): string => {
  const titles = [...new Set(flowFormats.map((format) => format.title))];
  return `pcap and pcapng captures, and flows of ${titles.slice(0, -1).join(', ')} or ${titles.at(-1)}`;
};
