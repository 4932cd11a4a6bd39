import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Sequential } from '../nn/sequential.ts';
import { sizeOf } from '../nn/tensor.ts';
import type { PredictJob, PredictSetup } from './predict-worker.ts';

/** Threads that keep one network ready. */
export interface PredictPool {
  /**
   * Outputs [batch, …outputShape], row-major, of windows x; jobs run one after the other.
   * x is copied unless it lies in a SharedArrayBuffer; the outputs lie in one. Rejects when a thread fails.
   */
  predict(x: Float32Array, batch: number): Promise<Float32Array>;
  close(): Promise<void>;
}

const workerUrl = new URL(`./predict-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);
const sharedFloats = (length: number) => new Float32Array(new SharedArrayBuffer(length * 4));

/** Starts `workers` threads with the model's weights as they are now. */
export function createPredictPool(model: Sequential, workers: number): PredictPool {
  const setup: PredictSetup = {
    inputShape: model.inputShape,
    layers: model.layers.map(({ config }) => config),
    parameters: model.parameters,
  };
  const threads = Array.from({ length: workers }, () => new Worker(workerUrl, { workerData: setup }));
  let failed: unknown;
  for (const thread of threads) {
    thread.on('error', (error) => {
      failed ??= error;
    });
  }
  let last: Promise<unknown> = Promise.resolve();

  async function run(x: Float32Array, batch: number): Promise<Float32Array> {
    if (failed) throw failed;
    const length = batch * sizeOf(model.inputShape);
    let input = x;
    if (!(x.buffer instanceof SharedArrayBuffer)) {
      input = sharedFloats(length);
      input.set(x.subarray(0, length));
    }
    const job: PredictJob = {
      x: input,
      y: sharedFloats(batch * sizeOf(model.outputShape)),
      batch,
      next: new Int32Array(new SharedArrayBuffer(4)),
    };
    await Promise.all(
      threads.map((thread) => {
        thread.postMessage(job);
        // Rejects on 'error'.
        return once(thread, 'message');
      }),
    );
    return job.y;
  }

  return {
    predict: (x, batch) => {
      const result = last.then(() => run(x, batch));
      last = result.catch(() => {});
      return result;
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}
