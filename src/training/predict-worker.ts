/** One thread of a predict pool: takes chunks of windows from a shared counter until none is left. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadKernelEngine } from '../model/kernel.ts';
import type { LayerConfig } from '../nn/layer/registry.ts';
import { createSequential } from '../nn/sequential.ts';
import { type Shape, sizeOf } from '../nn/tensor.ts';

export interface PredictSetup {
  readonly inputShape: Shape;
  readonly layers: readonly LayerConfig[];
  readonly parameters: Float32Array;
}

/** Windows [batch, …] in x, outputs into y; `next` counts the windows that are taken. All in shared memory. */
export interface PredictJob {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly batch: number;
  readonly next: Int32Array;
}

const batchSize = 32;
/** Windows taken at a time: enough that the counter costs nothing, few enough that no thread waits long for the last. */
const chunk = 8 * batchSize;

const { inputShape, layers, parameters }: PredictSetup = workerData;
const model = createSequential({ inputShape, layers, parameters });
const predictor = loadKernelEngine().createPredictor(model, batchSize);
const inputSize = sizeOf(model.inputShape);
const outputSize = sizeOf(model.outputShape);

parentPort?.on('message', ({ x, y, batch, next }: PredictJob) => {
  for (;;) {
    const from = Atomics.add(next, 0, chunk);
    if (from >= batch) break;
    const to = Math.min(from + chunk, batch);
    for (let at = from; at < to; at += batchSize) {
      predictor.run(x, at * inputSize, Math.min(batchSize, to - at), y, at * outputSize);
    }
  }
  parentPort?.postMessage('done');
});
