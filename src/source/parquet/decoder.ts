/** The other end of the decoding thread: asks it for rows, and ends it when it takes too long or too much. */
import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../errors.ts';
import type { FromDecoder, ToDecoder } from './worker.ts';

/** A batch of an ordinary file takes some hundred milliseconds. */
const STEP_MS = 10_000;
/** Heap of the thread: an upload of 16 MiB may take 200 MB in all, with its arrays (worker.ts). */
const SMALL_FILE = 16 << 20;
const SMALL_HEAP_MB = 256;
const HEAP_MB = 512;
const YOUNG_HEAP_MB = 16;
const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

export class ParquetDecoder implements AsyncDisposable {
  private readonly worker: Worker;
  private readonly name: string;
  private readonly stepMs: number;

  /** `name` is for messages. */
  constructor(path: string, name: string, stepMs = STEP_MS) {
    this.name = name;
    this.stepMs = stepMs;
    const isSmall = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= SMALL_FILE;
    const maxOldGenerationSizeMb = isSmall ? SMALL_HEAP_MB : HEAP_MB;
    const resourceLimits = { maxOldGenerationSizeMb, maxYoungGenerationSizeMb: YOUNG_HEAP_MB };
    this.worker = new Worker(workerUrl, { workerData: path, resourceLimits });
  }

  /** Names of the columns that hold plain values. Throws `corrupt_parquet`. */
  async columns(): Promise<string[]> {
    const answer = await this.answer();
    return answer.type === 'columns' ? answer.columns : [];
  }

  /** Pieces of rows: for each of `columns` the values of these rows. Throws `corrupt_parquet`. */
  async *read(columns: string[]): AsyncGenerator<unknown[][]> {
    this.ask({ type: 'read', columns });
    for (let answer = await this.answer(); answer.type === 'rows'; answer = await this.answer()) {
      yield answer.values;
      this.ask({ type: 'next' });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.terminate();
  }

  private ask(message: ToDecoder): void {
    this.worker.postMessage(message);
  }

  private async answer(): Promise<FromDecoder> {
    const { promise, resolve, reject } = Promise.withResolvers<FromDecoder>();
    const onError = (error: Error): void => reject(this.corrupt(error.message, error));
    const timer = setTimeout(() => reject(this.corrupt(`it takes more than ${this.stepMs / 1000} s`)), this.stepMs);
    this.worker.once('message', resolve).once('error', onError);
    try {
      const message = await promise;
      if (message.type === 'failed') throw this.corrupt(message.reason);
      return message;
    } finally {
      clearTimeout(timer);
      this.worker.off('message', resolve).off('error', onError);
    }
  }

  private corrupt(reason: string, cause?: unknown): AppError {
    return new AppError('corrupt_parquet', { file: this.name, reason: reason.slice(0, 200) }, { cause });
  }
}
