/** Takes an upload to disk: streamed, under a name of our own, within the limit of its kind, or not at all. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import { isCapture } from './capture-magic.ts';

export interface UploadLimits {
  /** Largest CSV or log, and largest capture, in bytes. */
  maxTextBytes: number;
  maxCaptureBytes: number;
}

export interface ReceivedFile {
  path: string;
  /** As the client called it: text, for showing only. */
  name: string;
  bytes: number;
}

export interface UploadFolder {
  /**
   * The one file of the request's field `file`; the caller removes it when it is done.
   * Rejects with AppError `no_file`, `too_large`, `bad_multipart`, `upload_aborted`, `request_timeout` (the socket's own
   * timeout has passed in silence) or `storage_full`.
   */
  receive(request: FastifyRequest): Promise<ReceivedFile>;
  remove(file: ReceivedFile): Promise<void>;
}

/** Names of our own making: nothing else in the folder is ours to delete. */
const ownName = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.upload$/;

/**
 * Makes the folder and deletes the uploads that an earlier run has left in it, and nothing else.
 * Rejects with AppError `data_not_ours` where the name belongs to something else, a link among it.
 */
export async function openUploadFolder(
  directory: string,
  limits: UploadLimits,
  stretchMs: number,
): Promise<UploadFolder> {
  const make = (): Promise<unknown> => mkdir(directory, { recursive: true, mode: 0o700 });
  await make().catch((error: NodeJS.ErrnoException) => {
    // A full disk may have room by the time that an upload comes.
    if (error.code !== 'ENOSPC' && error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(directory).catch(() => null);
  if (found && !found.isDirectory()) {
    throw new AppError('data_not_ours', { directory: path.dirname(directory), what: path.basename(directory) });
  }
  for (const entry of found ? await readdir(directory, { withFileTypes: true }) : []) {
    if (entry.isFile() && ownName.test(entry.name)) await rm(path.join(directory, entry.name), { force: true });
  }
  const remove = (file: { path: string }): Promise<void> => rm(file.path, { force: true });

  /** Of what is too much whatever it holds; null otherwise. */
  const refusal = (name: string, { headers }: FastifyRequest): AppError | null => {
    const most = Math.max(limits.maxCaptureBytes, limits.maxTextBytes);
    const length = Number(headers['content-length'] ?? 0);
    return length > most + ENVELOPE_BYTES ? tooLarge(name, most, most === limits.maxCaptureBytes) : null;
  };

  const save = async (part: MultipartFile, receiving: Receiving, request: FastifyRequest): Promise<ReceivedFile> => {
    const refused = refusal(displayName(part.filename), request);
    if (refused) {
      // The answer does not wait for the parser, which waits for the rest.
      receiving.refuse(refused);
      throw refused;
    }
    const file = { path: path.join(directory, `${randomUUID()}.upload`), name: displayName(part.filename), bytes: 0 };
    receiving.file = file;
    const { signal } = receiving;
    try {
      if (!found) await make();
      const disk = createWriteStream(file.path, { flags: 'wx', mode: 0o600 });
      // From the refusal on whatever still comes is beside the file, and the reason is known.
      await pipeline(part.file, limitBySize(file, limits, receiving.stopWatching), disk, { signal });
      return file;
    } catch (error) {
      receiving.stopWatching();
      await remove(file);
      throw error;
    }
  };

  const readParts = async (request: FastifyRequest, receiving: Receiving): Promise<ReceivedFile | undefined> => {
    let file: ReceivedFile | undefined;
    for await (const part of request.parts()) {
      if (part.type !== 'file') continue;
      // A browser sends a nameless empty part where no file was chosen.
      if (part.fieldname === 'file' && part.filename && !file) file = await save(part, receiving, request);
      else {
        receiving.hasOther = true;
        part.file.resume();
      }
    }
    return file;
  };

  return {
    remove,
    async receive(request) {
      if (!request.isMultipart()) throw new AppError('no_file', {});
      const receiving = watchBody(request, stretchMs);
      const { signal } = receiving;
      const tooLong = refusal('The upload', request);
      const naming = tooLong && setTimeout(() => receiving.refuse(tooLong), NAME_WITHIN_MS);
      try {
        const parts = readParts(request, receiving);
        // Given up, it ends when the connection does.
        parts.catch(() => {});
        const file = await Promise.race([parts, rejection(signal)]);
        if (!file) throw new AppError('no_file', {});
        return file;
      } catch (error) {
        if (receiving.file) await remove(receiving.file);
        throw toAppError(signal.aborted ? signal.reason : error, request);
      } finally {
        clearTimeout(naming ?? undefined);
        receiving.stopWatching();
      }
    },
  };
}

/** What is too long is refused by its name, where that comes at once. */
const NAME_WITHIN_MS = 1000;
/** Boundaries, part headers and small fields around the file. */
const ENVELOPE_BYTES = 64 * 1024;

interface Receiving {
  /** The file that is being saved, or was. */
  file?: { path: string; bytes: number };
  /** Another field brought a file. */
  hasOther?: boolean;
  /** Aborted with an AppError when it makes no sense to read on. */
  readonly signal: AbortSignal;
  readonly stopWatching: () => void;
  readonly refuse: (error: AppError) => void;
}

/** What may lie around the file, and still be on its way to the disk. */
const BESIDE_BYTES = 1024 * 1024;

/** A body brings at least so much on average of each stretch: a poor wireless link has ten times as much. */
const FLOOR_BYTES_PER_SECOND = 1024;

/** Gives up on a body that falls silent or drips, and on one that brings much beside the file. */
function watchBody({ raw }: FastifyRequest, stretchMs: number): Receiving {
  const giveUp = new AbortController();
  let bytes = 0;
  let before = 0;
  const pace = setInterval(() => {
    if (bytes - before < (FLOOR_BYTES_PER_SECOND * stretchMs) / 1000) onTimeout();
    before = bytes;
  }, stretchMs);
  const onTimeout = (): void => giveUp.abort(new AppError('request_timeout', {}));
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes - (receiving.file?.bytes ?? 0) <= BESIDE_BYTES) return;
    const reason = 'it brings more than 1 MiB beside the file';
    const isElsewhere = receiving.hasOther === true && receiving.file === undefined;
    giveUp.abort(isElsewhere ? new AppError('no_file', {}) : new AppError('bad_multipart', { reason }));
  };
  const receiving: Receiving = {
    signal: giveUp.signal,
    refuse: (error) => giveUp.abort(error),
    stopWatching: () => {
      clearInterval(pace);
      raw.off('timeout', onTimeout).off('data', onData);
    },
  };
  raw.on('timeout', onTimeout).on('data', onData);
  return receiving;
}

const rejection = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const fail = (): void => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });

/** Counts into `file.bytes` and fails at the first byte beyond the limit that the first bytes decide, which it tells at once. */
function limitBySize(file: { name: string; bytes: number }, limits: UploadLimits, onRefused: () => void): Transform {
  let head = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (head.length < 4) head = Buffer.concat([head, chunk.subarray(0, 4)]);
      const capture = isCapture(head);
      const limit = capture ? limits.maxCaptureBytes : limits.maxTextBytes;
      file.bytes += chunk.length;
      if (file.bytes <= limit) {
        done(null, chunk);
        return;
      }
      onRefused();
      done(tooLarge(file.name, limit, capture));
    },
  });
}

function tooLarge(file: string, limit: number, capture: boolean): AppError {
  const setting = capture ? 'upload.maxCaptureBytes' : 'upload.maxTextBytes';
  return new AppError('too_large', { file, limit: formatLimit(limit), setting });
}

const formatLimit = (bytes: number): string =>
  bytes >= 1024 * 1024 ? `${Number((bytes / 1024 / 1024).toFixed(1))} MiB` : `${bytes} bytes`;

function toAppError(error: unknown, request: FastifyRequest): unknown {
  const { code, message } = error as { code?: string; message: string };
  if (error instanceof AppError || code === 'ENOSPC') return error;
  if (request.raw.destroyed && !request.raw.complete) return new AppError('upload_aborted', {}, { cause: error });
  // What is left comes from the multipart parser, unless the file system failed.
  if (code !== undefined && !code.startsWith('FST_') && !code.startsWith('ERR_STREAM')) return error;
  return new AppError('bad_multipart', { reason: message }, { cause: error });
}

/** The last part of a client's path, of bounded length, without characters that act instead of showing. */
function displayName(filename: string): string {
  const name = filename
    .slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
    .trim();
  return [...name].slice(0, 255).join('') || 'upload';
}
