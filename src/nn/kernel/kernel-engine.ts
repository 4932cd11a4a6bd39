import { clipGradients } from '../clipping.ts';
import type { Engine, Predictor, Trainer, TrainerOptions } from '../engine.ts';
import { lossSum } from '../loss.ts';
import { adamRate, type OptimizerState, optimizerUpdate } from '../optimizer.ts';
import { referenceEngine } from '../reference-engine.ts';
import { requireSteps } from '../reference-stepper.ts';
import type { Sequential } from '../sequential.ts';
import { sizeOf } from '../tensor.ts';
import { createArena, padded } from './arena.ts';
import { instantiate } from './exports.ts';
import { createInt8Predictor } from './int8-predictor.ts';
import { createKernelStepper } from './kernel-stepper.ts';
import { hasKernels, layOutNetwork } from './network.ts';
import { createPredictor } from './run.ts';
import { stepsOf } from './signal.ts';
import { clearColumns, putSample } from './transpose.ts';

/**
 * Runs networks on compiled kernels (build/kernel/*.wasm, built from assembly/). Results differ from the reference by
 * rounding: outputs by less than 1e-5, gradients by less than 1e-4 of their largest.
 * A network that has no kernels runs on the reference.
 */
export const createKernelEngine = (module: WebAssembly.Module): Engine => ({
  name: 'kernel',
  createPredictor: (model, maxBatch) =>
    hasKernels(model)
      ? createKernelPredictor(module, model, maxBatch)
      : referenceEngine.createPredictor(model, maxBatch),
  createInt8Predictor: (network, maxBatch) =>
    hasKernels(network.model)
      ? createInt8Predictor(module, network, maxBatch)
      : referenceEngine.createInt8Predictor(network, maxBatch),
  createTrainer: (model, options) =>
    hasKernels(model) ? createKernelTrainer(module, model, options) : referenceEngine.createTrainer(model, options),
  createStepper: (model, capacity) => {
    requireSteps(model);
    return hasKernels(model)
      ? createKernelStepper(module, model, capacity)
      : referenceEngine.createStepper(model, capacity);
  },
});

function createKernelPredictor(module: WebAssembly.Module, model: Sequential, maxBatch: number): Predictor {
  const arena = createArena();
  const { input, output, layers, parameters } = layOutNetwork(model, arena, padded(maxBatch), false);
  const memory = arena.createMemory();
  const kernels = instantiate(module, memory);
  const floats = new Float32Array(memory.buffer);
  floats.set(model.parameters, parameters / 4);
  for (const layer of layers) layer.pack(kernels);
  return createPredictor(model, maxBatch, { layers, input, output, kernels, floats });
}

function createKernelTrainer(module: WebAssembly.Module, model: Sequential, options: TrainerOptions): Trainer {
  const { loss, maxBatch } = options;
  const arena = createArena();
  const network = layOutNetwork(model, arena, padded(maxBatch), true);
  const { input, output, layers, dropouts } = network;
  const total = model.countParams();
  const outputLength = stepsOf(output) * padded(output.features) * padded(maxBatch);
  const target = arena.floats(outputLength);
  const slots = Array.from({ length: options.optimizer.type === 'Adam' ? 2 : 1 }, () => arena.floats(padded(total)));
  const memory = arena.createMemory();
  const kernels = instantiate(module, memory);
  const floats = new Float32Array(memory.buffer);
  const view = (at: number, length: number) => floats.subarray(at / 4, at / 4 + length);

  const parameters = view(network.parameters, total);
  const gradients = view(network.gradients, total);
  const optimizer: OptimizerState = { step: 0, slots: slots.map((at) => view(at, total)) };
  const y = view(output.at, outputLength);
  const dy = view(output.gradient, outputLength);
  const targets = view(target, outputLength);
  const inputSize = sizeOf(model.inputShape);
  const outputSize = sizeOf(model.outputShape);
  parameters.set(model.parameters);
  let stale = true;

  /** Loss of the samples whose numbers `sampleAt` gives; leaves dL/dy where it goes backward. */
  const forward = (
    x: ArrayLike<number>,
    t: ArrayLike<number>,
    sampleAt: (b: number) => number,
    count: number,
    scale?: number,
  ) => {
    if (stale) for (const layer of layers) layer.pack(kernels);
    stale = false;
    const batch = padded(count);
    for (let b = 0; b < count; b++) putSample(floats, input.at, input, batch, b, x, sampleAt(b) * inputSize);
    if (batch > count) clearColumns(floats, input, batch, count);
    for (const layer of layers) layer.forward(kernels, batch);
    const length = stepsOf(output) * padded(output.features) * batch;
    // Padding has no error because its target is what came out.
    kernels.copy(target, output.at, length * 4);
    for (let b = 0; b < count; b++) putSample(floats, target, output, batch, b, t, sampleAt(b) * outputSize);
    return lossSum(loss, y, targets, 0, length, scale === undefined ? undefined : dy, scale);
  };

  return {
    parameters,
    gradients,
    optimizer,
    backprop: (samples, indices, from, to, divisor, random) => {
      const count = to - from;
      const batch = padded(count);
      for (const dropout of dropouts) dropout.draw(floats, count, batch, random);
      const sum = forward(samples.x, samples.y, (b) => indices[from + b], count, 1 / divisor);
      for (let i = layers.length - 1; i >= 0; i--) layers[i].backward(kernels, batch);
      return sum;
    },
    evaluate: (samples, from, to) => {
      let sum = 0;
      for (let start = from; start < to; start += maxBatch) {
        const count = Math.min(maxBatch, to - start);
        for (const dropout of dropouts) dropout.draw(floats, count, padded(count), undefined);
        sum += forward(samples.x, samples.y, (b) => start + b, count);
      }
      return sum;
    },
    update: () => {
      clipGradients(gradients, model.weights, options);
      const config = options.optimizer;
      if (config.type === 'Adam') {
        const rate = adamRate(config, ++optimizer.step);
        const [m, v] = slots;
        const { parameters: p, gradients: g } = network;
        kernels.adam(p, g, m, v, padded(total), rate, 1 - config.beta1, 1 - config.beta2, config.epsilon);
      } else {
        optimizerUpdate(config, optimizer, parameters, gradients);
      }
      stale = true;
    },
  };
}
