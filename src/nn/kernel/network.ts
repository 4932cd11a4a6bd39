import type { Layer, Sequential } from '../sequential.ts';
import { featuresOf, timeOf } from '../tensor.ts';
import { type Arena, padded } from './arena.ts';
import { createDenseKernel } from './dense-kernel.ts';
import { createDropoutKernel, type DropoutKernel } from './dropout-kernel.ts';
import { createLstmKernel } from './lstm-kernel.ts';
import { createSignal, type KernelLayer, type Signal, type WeightPlace } from './signal.ts';
import { createSimpleRnnKernel } from './simple-rnn-kernel.ts';

/** A network laid out in a kernel memory. */
export interface KernelNetwork {
  readonly input: Signal;
  readonly output: Signal;
  readonly layers: readonly KernelLayer[];
  readonly dropouts: readonly DropoutKernel[];
  /** The parameters in the model's own order, and their gradients (0 when running). */
  readonly parameters: number;
  readonly gradients: number;
}

/** True where every layer has a kernel: all but LSTMs with other activations than the published ones, and odd ends. */
export const hasKernels = (model: Sequential): boolean =>
  model.layers.at(-1)?.config.type !== 'RepeatVector' &&
  model.layers.every(
    ({ config }) =>
      config.type !== 'LSTM' ||
      ((config.activation === 'tanh' || config.activation === 'relu') && config.recurrentActivation === 'sigmoid'),
  );

/** `maxBatch` is padded to a multiple of 4. */
export function layOutNetwork(model: Sequential, arena: Arena, maxBatch: number, train: boolean): KernelNetwork {
  const parameters = arena.floats(padded(model.countParams()));
  const gradients = train ? arena.floats(padded(model.countParams())) : 0;
  const input = {
    ...createSignal(arena, timeOf(model.inputShape), featuresOf(model.inputShape), maxBatch, false),
    gradient: 0,
  };
  const layers: KernelLayer[] = [];
  const dropouts: DropoutKernel[] = [];
  let signal: Signal = input;
  for (const layer of model.layers) {
    const { config } = layer;
    if (config.type === 'RepeatVector') {
      signal = { ...signal, time: config.n, repeated: true };
    } else if (config.type === 'Dropout') {
      if (!train) continue;
      const dropout = createDropoutKernel(config, signal, arena, maxBatch);
      dropouts.push(dropout);
      layers.push(dropout);
      signal = dropout.output;
    } else {
      const places = layer.weights.map(({ offset }) => ({
        at: parameters + offset * 4,
        gradient: train ? gradients + offset * 4 : 0,
      }));
      const kernelLayer = createKernelLayer(layer, signal, places, arena, maxBatch, train);
      layers.push(kernelLayer);
      signal = kernelLayer.output;
    }
  }
  return { input, output: signal, layers, dropouts, parameters, gradients };
}

export function createKernelLayer(
  { config, name }: Layer,
  input: Signal,
  places: readonly WeightPlace[],
  arena: Arena,
  maxBatch: number,
  train: boolean,
): KernelLayer {
  switch (config.type) {
    case 'LSTM':
      return createLstmKernel(config, input, places, arena, maxBatch, train);
    case 'SimpleRNN':
      return createSimpleRnnKernel(config, input, places, arena, maxBatch, train);
    case 'Dense':
      return createDenseKernel(config, input, places, arena, maxBatch, train);
    case 'TimeDistributed':
      return createDenseKernel(
        { ...config.layer, activation: config.layer.activation ?? 'linear' },
        input,
        places,
        arena,
        maxBatch,
        train,
      );
    default:
      throw new RangeError(`There is no kernel for ${name}`);
  }
}
