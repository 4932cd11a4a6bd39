/** Forward passes over a network that is laid out in the memory of the kernels. */
import type { Predictor } from '../engine.ts';
import type { Sequential } from '../sequential.ts';
import { sizeOf } from '../tensor.ts';
import { padded } from './arena.ts';
import type { Kernels } from './exports.ts';
import type { KernelLayer, Signal } from './signal.ts';
import { clearColumns, putSample, takeSample } from './transpose.ts';

export interface LaidOut {
  readonly layers: readonly KernelLayer[];
  readonly input: Signal;
  readonly output: Signal;
  readonly kernels: Kernels;
  /** The memory of the kernels. */
  readonly floats: Float32Array;
}

/** The layers are packed. */
export function createPredictor(model: Sequential, maxBatch: number, network: LaidOut): Predictor {
  const { layers, input, output, kernels, floats } = network;
  const inputSize = sizeOf(model.inputShape);
  const outputSize = sizeOf(model.outputShape);
  return {
    maxBatch,
    run: (x, xOffset, count, y, yOffset) => {
      const batch = padded(count);
      for (let b = 0; b < count; b++) putSample(floats, input.at, input, batch, b, x, xOffset + b * inputSize);
      if (batch > count) clearColumns(floats, input, batch, count);
      for (let i = 0; i < layers.length; i++) layers[i].forward(kernels, batch);
      for (let b = 0; b < count; b++) takeSample(floats, output, batch, b, y, yOffset + b * outputSize);
    },
  };
}
