import type { Engine } from './engine.ts';
import { referenceEngine } from './reference-engine.ts';
import type { Sequential } from './sequential.ts';
import { sizeOf } from './tensor.ts';

/** Batches that fill the kernels' registers and still fit the cache. */
const defaultBatchSize = 32;

export interface PredictOptions {
  /** Default: the reference. */
  engine?: Engine;
  batchSize?: number;
}

/** Outputs [B, …outputShape] of `batch` samples x [B, …inputShape], row-major. */
export function predict(
  model: Sequential,
  x: Float32Array,
  batch: number,
  { engine = referenceEngine, batchSize = defaultBatchSize }: PredictOptions = {},
): Float32Array {
  const inputSize = sizeOf(model.inputShape);
  const outputSize = sizeOf(model.outputShape);
  if (x.length < batch * inputSize) {
    throw new RangeError(`${batch} samples of [${model.inputShape}] need ${batch * inputSize} values, not ${x.length}`);
  }
  const y = new Float32Array(batch * outputSize);
  const predictor = engine.createPredictor(model, Math.min(batchSize, Math.max(batch, 1)));
  for (let start = 0; start < batch; start += predictor.maxBatch) {
    const count = Math.min(predictor.maxBatch, batch - start);
    predictor.run(x, start * inputSize, count, y, start * outputSize);
  }
  return y;
}
