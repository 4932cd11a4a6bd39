import { clipGradients } from './clipping.ts';
import type { Engine, Predictor, Samples, Trainer, TrainerOptions } from './engine.ts';
import { createInt8Reference } from './int8/int8-reference.ts';
import type { Pass } from './layer/layer.ts';
import type { LayerConfig } from './layer/registry.ts';
import { lossSum } from './loss.ts';
import { createOptimizerState, optimizerUpdate } from './optimizer.ts';
import type { Random } from './random.ts';
import { createReferenceStepper } from './reference-stepper.ts';
import type { Layer, Sequential } from './sequential.ts';
import { type Floats, sizeOf, zerosLike } from './tensor.ts';

/** The layers' buffers for one batch size: y of one layer is x of the next, dx of one is dy of the one before. */
interface Chain {
  readonly passes: readonly { layer: Layer; pass: Pass<LayerConfig> }[];
  readonly x: Floats;
  readonly y: Floats;
  readonly dy: Floats;
  forward(batch: number, random: Random | undefined): void;
  backward(): void;
}

function createChain(model: Sequential, maxBatch: number, parameters: Floats, gradients: Floats): Chain {
  const buffer = (length: number) => zerosLike(parameters, length);
  const backward = gradients.length > 0;
  const x = buffer(maxBatch * sizeOf(model.inputShape));
  const firstDx = buffer(backward ? x.length : 0);
  const passes: { layer: Layer; pass: Pass<LayerConfig> }[] = [];
  let last = { y: x, dy: firstDx };
  for (const layer of model.layers) {
    const length = maxBatch * sizeOf(layer.outputShape);
    const next = { y: buffer(length), dy: buffer(backward ? length : 0) };
    const views = (all: Floats) => layer.weights.map(({ offset, data }) => all.subarray(offset, offset + data.length));
    passes.push({
      layer,
      pass: {
        config: layer.config,
        input: layer.inputShape,
        output: layer.outputShape,
        batch: maxBatch,
        weights: views(parameters),
        gradients: views(gradients),
        x: last.y,
        y: next.y,
        dy: next.dy,
        dx: last.dy,
        scratch: layer.definition.scratch(layer.config, layer.inputShape, maxBatch).map(buffer),
      },
    });
    last = next;
  }
  return {
    passes,
    x,
    y: last.y,
    dy: last.dy,
    forward: (batch, random) => {
      for (const { layer, pass } of passes) {
        pass.batch = batch;
        pass.random = random;
        layer.definition.forward(pass);
      }
    },
    backward: () => {
      for (const { layer, pass } of passes.toReversed()) layer.definition.backward(pass);
    },
  };
}

/** Inputs that a layer of the running network has read, and the hidden states [B, T, U] that it has passed through. */
export interface LayerTrace {
  readonly layer: Layer;
  readonly x: Floats;
  readonly sequence: Floats | undefined;
}

/** Runs the network and leaves open what its layers see, for calibration. */
export function traceLayers(
  model: Sequential,
  maxBatch: number,
): { layers: LayerTrace[]; run(x: Float32Array, offset: number, batch: number): void } {
  const chain = createChain(model, maxBatch, model.parameters, new Float32Array(0));
  const inputSize = sizeOf(model.inputShape);
  return {
    layers: chain.passes.map(({ layer, pass }) => ({
      layer,
      x: pass.x,
      sequence:
        layer.config.type === 'LSTM'
          ? pass.scratch[3]
          : layer.config.type === 'SimpleRNN'
            ? pass.scratch[0]
            : undefined,
    })),
    run: (x, offset, batch) => {
      for (let i = 0; i < batch * inputSize; i++) chain.x[i] = x[offset + i];
      chain.forward(batch, undefined);
    },
  };
}

function createPredictor(model: Sequential, maxBatch: number): Predictor {
  const chain = createChain(model, maxBatch, model.parameters.slice(), new Float32Array(0));
  const inputSize = sizeOf(model.inputShape);
  const outputSize = sizeOf(model.outputShape);
  return {
    maxBatch,
    run: (x, xOffset, batch, y, yOffset) => {
      for (let i = 0; i < batch * inputSize; i++) chain.x[i] = x[xOffset + i];
      chain.forward(batch, undefined);
      for (let i = 0; i < batch * outputSize; i++) y[yOffset + i] = chain.y[i];
    },
  };
}

/** `parameters` may be a double precision copy, for finite differences. */
export function createReferenceTrainer(
  model: Sequential,
  options: TrainerOptions,
  parameters: Floats = model.parameters.slice(),
): Trainer {
  const { maxBatch, loss } = options;
  const gradients = zerosLike(parameters, parameters.length);
  const optimizer = createOptimizerState(options.optimizer, parameters);
  const chain = createChain(model, maxBatch, parameters, gradients);
  const inputSize = sizeOf(model.inputShape);
  const outputSize = sizeOf(model.outputShape);

  return {
    parameters,
    gradients,
    optimizer,
    backprop: ({ x, y }, indices, from, to, divisor, random) => {
      const batch = to - from;
      for (let b = 0; b < batch; b++) {
        const at = indices[from + b] * inputSize;
        for (let i = 0; i < inputSize; i++) chain.x[b * inputSize + i] = x[at + i];
      }
      chain.forward(batch, random);
      let sum = 0;
      for (let b = 0; b < batch; b++) {
        const rows = [chain.y, chain.dy].map((all) => all.subarray(b * outputSize, (b + 1) * outputSize));
        sum += lossSum(loss, rows[0], y, indices[from + b] * outputSize, outputSize, rows[1], 1 / divisor);
      }
      gradients.fill(0);
      chain.backward();
      return sum;
    },
    evaluate: ({ x, y }: Samples, from, to) => {
      let sum = 0;
      for (let start = from; start < to; start += maxBatch) {
        const batch = Math.min(maxBatch, to - start);
        for (let i = 0; i < batch * inputSize; i++) chain.x[i] = x[start * inputSize + i];
        chain.forward(batch, undefined);
        sum += lossSum(loss, chain.y, y, start * outputSize, batch * outputSize);
      }
      return sum;
    },
    update: () => {
      clipGradients(gradients, model.weights, options);
      optimizerUpdate(options.optimizer, optimizer, parameters, gradients);
    },
  };
}

/** Plain TypeScript, one row at a time: what the kernels are tested against, and what runs where there are none. */
export const referenceEngine: Engine = {
  name: 'reference',
  createPredictor,
  createInt8Predictor: (network, maxBatch) => {
    const { run } = createInt8Reference(network);
    const inputSize = sizeOf(network.model.inputShape);
    const outputSize = sizeOf(network.model.outputShape);
    return {
      maxBatch,
      run: (x, xOffset, batch, y, yOffset) => {
        for (let b = 0; b < batch; b++) y.set(run(x, xOffset + b * inputSize).y, yOffset + b * outputSize);
      },
    };
  },
  createTrainer: (model, options) => createReferenceTrainer(model, options),
  createStepper: createReferenceStepper,
};
