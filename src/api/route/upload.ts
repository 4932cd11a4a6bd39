/** POST /upload: file in, verdict out; kept before it is answered. */
import type { FastifyReply } from 'fastify';
import { AppError } from '../../errors.ts';
import type { EventBus } from '../../events.ts';
import type { Store } from '../../store/store.ts';
import type { App } from '../app.ts';
import { errorSchema, type LiveEvent, uploadResultSchema } from '../contract.ts';
import type { ReceivedFile, UploadFolder } from '../http/receive-upload.ts';
import { createTurns } from '../http/turns.ts';
import { sendJsonText, toNewScan, uploadText } from '../json/scan.ts';
import type { Scanner, ScanOutcome } from '../port/scanner.ts';

export interface UploadRouteOptions {
  store: Store;
  scanner: Scanner;
  folder: UploadFolder;
  bus: EventBus<LiveEvent>;
  maxConcurrentScans: number;
  /** An upload that sends nothing for this long is dropped. */
  idleMs: number;
  /** Aborted when the server stops. */
  stopping: AbortSignal;
  /** Told of every scan that was kept. */
  onScan?: (id: number, outcome: ScanOutcome) => void;
}

/** Bodies that began to come while there was a turn, and wait for the next one. */
const WAITING_PER_SCAN = 2;
/** Live progress is told in steps of this much. */
const PROGRESS_STEP = 0.01;

export function uploadRoute(app: App, options: UploadRouteOptions): void {
  const { store, scanner, folder, bus, maxConcurrentScans, idleMs, stopping, onScan } = options;
  const turns = createTurns({ atOnce: maxConcurrentScans, waiting: WAITING_PER_SCAN * maxConcurrentScans });

  const scan = async (file: ReceivedFile, request_id: string, signal: AbortSignal): Promise<ScanOutcome> => {
    const about = { request_id, file: file.name };
    let told = 0;
    bus.emit({ type: 'scan.started', ...about });
    return scanner.scan(file.path, {
      name: file.name,
      signal,
      onProgress(fraction) {
        if (fraction < told + PROGRESS_STEP) return;
        told = fraction;
        bus.emit({ type: 'scan.progress', ...about, fraction: Math.min(fraction, 1) });
      },
    });
  };

  app.post(
    '/upload',
    {
      schema: {
        summary: 'Analyse a capture or a flow log',
        description: 'multipart/form-data with the file in the field `file`.',
        consumes: ['multipart/form-data'],
        response: { 200: uploadResultSchema, '4xx': errorSchema, '5xx': errorSchema },
      },
    },
    async (request, reply) => {
      turns.requireFree();
      let release: (() => void) | undefined;
      let file: ReceivedFile | undefined;
      let answer: string;
      try {
        request.socket.setTimeout(idleMs);
        file = await folder.receive(request);
        request.socket.setTimeout(0);
        const signal = AbortSignal.any([stopping, goneSignal(reply)]);
        // Only a body that is there takes a turn: a slow one holds up nobody else.
        release = await turns.take(request.identity?.user.id ?? null, signal);
        const outcome = await scan(file, request.id, signal);
        signal.throwIfAborted();
        const kept = await toNewScan(outcome);
        const { id } = await store.addScan(kept);
        answer = uploadText(id, kept);
        onScan?.(id, outcome);
        const { anomalies_count, total_samples } = kept;
        bus.emit({
          type: 'scan.finished',
          request_id: request.id,
          file: file.name,
          scan_id: id,
          anomalies_count,
          total_samples,
        });
      } catch (error) {
        const code = error instanceof AppError ? error.code : 'internal';
        if (file) bus.emit({ type: 'scan.failed', request_id: request.id, file: file.name, code });
        throw error;
      } finally {
        if (file) await folder.remove(file);
        release?.();
      }
      return sendJsonText(reply, answer);
    },
  );
}

/** Aborts when the client goes away before it has its answer: nobody would see the result. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new AppError('upload_aborted', {}));
  });
  return gone.signal;
}
