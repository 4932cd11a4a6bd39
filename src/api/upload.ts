/** Takes an upload to disk: streamed, under a name of our own, within the limit of its kind, or not at all. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
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
   * Rejects with AppError `no_file`, `too_large`, `bad_multipart`, `upload_aborted` or `storage_full`.
   */
  receive(request: FastifyRequest): Promise<ReceivedFile>;
  remove(file: ReceivedFile): Promise<void>;
}

/** Makes the folder and deletes what an earlier run has left in it. */
export async function openUploadFolder(directory: string, limits: UploadLimits): Promise<UploadFolder> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of await readdir(directory)) await rm(path.join(directory, name), { recursive: true, force: true });
  const remove = (file: { path: string }): Promise<void> => rm(file.path, { force: true });

  const save = async (part: MultipartFile): Promise<ReceivedFile> => {
    const file = { path: path.join(directory, `${randomUUID()}.upload`), name: displayName(part.filename), bytes: 0 };
    try {
      await pipeline(part.file, limitBySize(file, limits), createWriteStream(file.path, { flags: 'wx', mode: 0o600 }));
      return file;
    } catch (error) {
      await remove(file);
      throw error;
    }
  };

  return {
    remove,
    async receive(request) {
      if (!request.isMultipart()) throw new AppError('no_file', {});
      const length = Number(request.headers['content-length'] ?? 0);
      const most = Math.max(limits.maxCaptureBytes, limits.maxTextBytes);
      if (length > most + ENVELOPE_BYTES) throw tooLarge('The upload', most, most === limits.maxCaptureBytes);
      let file: ReceivedFile | undefined;
      try {
        for await (const part of request.parts()) {
          if (part.type !== 'file') continue;
          // A browser sends a nameless empty part where no file was chosen.
          if (part.fieldname === 'file' && part.filename && !file) file = await save(part);
          else part.file.resume();
        }
      } catch (error) {
        if (file) await remove(file);
        throw toAppError(error, request);
      }
      if (!file) throw new AppError('no_file', {});
      return file;
    },
  };
}

/** Boundaries, part headers and small fields around the file. */
const ENVELOPE_BYTES = 64 * 1024;

/** Counts into `file.bytes` and fails at the first byte beyond the limit that the first bytes decide. */
function limitBySize(file: { name: string; bytes: number }, limits: UploadLimits): Transform {
  let head = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (head.length < 4) head = Buffer.concat([head, chunk.subarray(0, 4)]);
      const capture = isCapture(head);
      const limit = capture ? limits.maxCaptureBytes : limits.maxTextBytes;
      file.bytes += chunk.length;
      if (file.bytes > limit) done(tooLarge(file.name, limit, capture));
      else done(null, chunk);
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
