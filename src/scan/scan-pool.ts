/** Scans files in worker threads: a few at a time, the others wait; a worker that dies is replaced. */
import { Worker } from 'node:worker_threads';
import type { Scanner, ScanOutcome, ScanTask } from '../api/port/scanner.ts';
import { AppError, type ErrorCode, type ErrorParameters } from '../errors.ts';
import type { FlowModelOptions } from '../model/flow-model.ts';
import type { ExpandLimits } from '../source/bytes.ts';

export type ToWorker = { type: 'scan'; file: string; name: string } | { type: 'abort' };
export type FromWorker =
  | { type: 'ready'; threshold: number }
  | { type: 'progress'; fraction: number }
  | { type: 'done'; outcome: ScanOutcome; heapMb: number }
  | { type: 'refused'; code: ErrorCode; parameters: ErrorParameters<ErrorCode> }
  | { type: 'aborted' }
  | { type: 'crashed'; error: Error };

/** Nobody need follow a scan, nor be able to end it. */
export type ScanRequest = Pick<ScanTask, 'name'> & Partial<ScanTask>;

export interface ScanPool extends Scanner {
  scan(file: string, request: ScanRequest): Promise<ScanOutcome>;
  close(): Promise<void>;
}

type Job = ScanRequest & {
  file: string;
  resolve: (outcome: ScanOutcome) => void;
  reject: (error: unknown) => void;
};

export interface WorkerSetup {
  model: FlowModelOptions;
  /** False alarms a week that the owner accepts, and files of block lists. */
  budget?: number;
  blockLists?: readonly string[];
  /** How far an uploaded file that is packed may expand: a zip bomb grows a thousandfold. */
  limits?: ExpandLimits;
}

export interface ScannerOptions extends Omit<FlowModelOptions, 'engine'> {
  limits?: ExpandLimits;
  falseAlarmsPerWeek?: number;
  blockLists?: readonly string[];
  /** Files scanned at the same time. */
  workers: number;
  /** Heap of a worker; a scan that needs more fails alone. */
  heapMb?: number;
}

/** Heap of a worker after which the next scan gets a fresh one. */
const RETIRE_MB = 96;

const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

function errorOf(message: FromWorker): Error {
  if (message.type === 'refused') return new AppError(message.code, message.parameters);
  return message.type === 'crashed' ? message.error : new Error(`A pipeline worker said "${message.type}".`);
}

const isOutOfMemory = (error: unknown): boolean => (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY';

const tooMuchMemory = (file: string, heapMb: number, cause: unknown): AppError =>
  new AppError('too_much_memory', { file, limit: `${heapMb} MiB` }, { cause });

/** Resolves once the first worker has loaded the model; rejects where it cannot. */
export async function createScanner(options: ScannerOptions): Promise<ScanPool> {
  const { workers, limits, heapMb = 1024, falseAlarmsPerWeek: budget, blockLists } = options;
  const { model, preset, threshold: strategy } = options;
  const idle: Worker[] = [];
  const busy = new Map<Worker, Job>();
  const waiting: Job[] = [];
  let starting = 0;
  let threshold: number | null = null;
  let closing = false;

  const settle = (worker: Worker): Job | undefined => {
    const job = busy.get(worker);
    busy.delete(worker);
    return job;
  };

  const dispatch = (): void => {
    for (const worker of idle.splice(0)) {
      const job = waiting.shift();
      if (!job) idle.push(worker);
      else {
        busy.set(worker, job);
        worker.postMessage({ type: 'scan', file: job.file, name: job.name } satisfies ToWorker);
      }
    }
    // Workers start when they are needed: the first at once, the others under load.
    if (waiting.length > starting && busy.size + idle.length + starting < workers) {
      start().catch((error: unknown) => {
        // Without any worker nobody would ever take these.
        if (busy.size + idle.length + starting === 0) for (const job of waiting.splice(0)) job.reject(error);
      });
    }
  };

  const receive = (worker: Worker, message: FromWorker): void => {
    if (message.type === 'progress') {
      busy.get(worker)?.onProgress?.(message.fraction);
      return;
    }
    const job = settle(worker);
    // What a large scan has grown is given back to the machine only with its thread.
    if (message.type === 'done' && message.heapMb > RETIRE_MB) void worker.terminate();
    else idle.push(worker);
    if (message.type === 'done') job?.resolve(message.outcome);
    else job?.reject(message.type === 'aborted' ? job.signal?.reason : errorOf(message));
    dispatch();
  };

  function start(): Promise<void> {
    starting++;
    const worker = new Worker(workerUrl, {
      workerData: { model: { model, preset, threshold: strategy }, limits, budget, blockLists } satisfies WorkerSetup,
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    return new Promise((resolve, reject) => {
      let ready = false;
      worker.once('message', (message: FromWorker) => {
        starting--;
        if (message.type !== 'ready') {
          reject(errorOf(message));
          return;
        }
        ready = true;
        threshold = message.threshold;
        worker.on('message', (next: FromWorker) => receive(worker, next));
        idle.push(worker);
        resolve();
        dispatch();
      });
      worker.on('error', (error) => {
        if (!ready) starting--;
        const job = settle(worker);
        job?.reject(isOutOfMemory(error) ? tooMuchMemory(job.name, heapMb, error) : error);
        reject(error);
      });
      worker.on('exit', () => {
        const place = idle.indexOf(worker);
        if (place >= 0) idle.splice(place, 1);
        settle(worker)?.reject(new Error('The scan was ended.'));
        if (ready && !closing) dispatch();
      });
    });
  }

  await start();
  return {
    scan(file, request) {
      return new Promise((resolve, reject) => {
        request.signal?.throwIfAborted();
        const job: Job = { ...request, file, resolve, reject };
        request.signal?.addEventListener('abort', () => {
          const place = waiting.indexOf(job);
          if (place >= 0) {
            waiting.splice(place, 1);
            reject(request.signal?.reason);
          }
          for (const [worker, own] of busy) {
            if (own === job) worker.postMessage({ type: 'abort' } satisfies ToWorker);
          }
        });
        waiting.push(job);
        dispatch();
      });
    },
    model: () => ({ loaded: threshold !== null, threshold }),
    async close() {
      closing = true;
      for (const job of waiting.splice(0)) job.reject(new Error('Guardian is stopping.'));
      await Promise.all([...idle, ...busy.keys()].map((worker) => worker.terminate()));
    },
  };
}
