import type { Predictor } from '../engine.ts';
import { type QuantizedNetwork, quantizedSource, sourceOf } from '../int8/quantized-network.ts';
import type { Layer } from '../sequential.ts';
import { featuresOf, timeOf } from '../tensor.ts';
import { createArena, padded } from './arena.ts';
import { instantiate } from './exports.ts';
import { createInt8Lstm, type Int8Lstm } from './int8-lstm-kernel.ts';
import { createKernelLayer } from './network.ts';
import { createPredictor } from './run.ts';
import { createSignal, type KernelLayer, type Signal } from './signal.ts';

/** Runs a quantized network: equal to int8-reference.ts but for rounding, which may move an activation by one step. */
export function createInt8Predictor(
  module: WebAssembly.Module,
  network: QuantizedNetwork,
  maxBatch: number,
): Predictor {
  const { model } = network;
  const arena = createArena();
  const parameters = arena.floats(padded(model.countParams()));
  const input: Signal = createSignal(
    arena,
    timeOf(model.inputShape),
    featuresOf(model.inputShape),
    padded(maxBatch),
    false,
  );
  const layers: KernelLayer[] = [];
  const lstms = new Map<string, Int8Lstm>();
  let signal = input;
  for (const layer of model.layers) {
    const { config } = layer;
    if (config.type === 'Dropout') continue;
    if (config.type === 'RepeatVector') {
      signal = { ...signal, time: config.n, repeated: true };
      continue;
    }
    const places = layer.weights.map(({ offset }) => ({ at: parameters + offset * 4, gradient: 0 }));
    let built: KernelLayer;
    if (config.type === 'LSTM' && network.running.has(layer.weights[1].name)) {
      const lstm = createInt8Lstm(lstmOptions(network, layer, lstms), signal, places, arena, padded(maxBatch));
      lstms.set(layer.name, lstm);
      built = lstm;
    } else {
      built = createKernelLayer(layer, signal, places, arena, padded(maxBatch), false);
    }
    layers.push(built);
    signal = built.output;
  }
  const output = signal;

  const memory = arena.createMemory();
  const kernels = instantiate(module, memory);
  const floats = new Float32Array(memory.buffer);
  floats.set(readableParameters(network), parameters / 4);
  for (const layer of layers) layer.pack(kernels);
  for (const lstm of lstms.values()) lstm.fill(memory);
  return createPredictor(model, maxBatch, { layers, input, output, kernels, floats });
}

function lstmOptions(network: QuantizedNetwork, layer: Layer, lstms: ReadonlyMap<string, Int8Lstm>) {
  const { model, integers, running, smoothing } = network;
  const { config, name, weights } = layer;
  if (config.type !== 'LSTM') throw new TypeError(`${name} is not an LSTM`);
  const source = sourceOf(model, running, layer, weights[0].name);
  const readers = model.layers.filter((one) => quantizedSource(model, one) === layer);
  return {
    units: config.units,
    rectified: config.activation === 'relu',
    returnSequences: config.returnSequences ?? false,
    smoothing: smoothing.get(name)!,
    recurrent: integers.get(weights[1].name)!,
    kernel: source && { tensor: integers.get(weights[0].name)!, input: lstms.get(source.name)!.quantized },
    keepsFloats: readers.length === 0 || readers.some(({ weights: [first] }) => !first || !running.has(first.name)),
  };
}

/** The parameters, with the rows that read a smoothed output in floating point multiplied to make up for it. */
function readableParameters({ model, running, smoothing }: QuantizedNetwork): Float32Array {
  const result = model.parameters.slice();
  for (const layer of model.layers) {
    const [kernel] = layer.weights;
    const source = quantizedSource(model, layer);
    if (!kernel || !source || running.has(kernel.name) || !running.has(source.weights[1].name)) continue;
    const smooth = smoothing.get(source.name)!;
    const [K, C] = kernel.shape;
    for (let k = 0; k < K; k++) {
      for (let j = 0; j < C; j++) result[kernel.offset + k * C + j] *= smooth[k];
    }
  }
  return result;
}
