/**
 * A network with 8-bit weights. The large matrices become integers with one scale per output column; where their input
 * is the output of an LSTM, the product runs in integers too, and the input is quantized as it comes, with one scale
 * per window and timestep. All else stays in floating point.
 */
import type { Layer, Sequential } from '../sequential.ts';
import { createSequential } from '../sequential.ts';

/** Integer weights lie in [-64, 63], because the dot product of the kernels takes seven bits of one side. */
export const weightLimit = 63;
/** Of weights that are only stored as integers. */
export const storedLimit = 127;
/** Activations lie in [-127, 127]. */
export const activationLimit = 127;

/** value[k, j] = scale[j] · integers[k, j] / smoothing[k] (see `smoothing`) */
export interface IntegerTensor {
  readonly integers: Int8Array;
  readonly scale: Float32Array;
}

export interface QuantizedNetwork {
  /** Shapes, layers, and in `parameters` what the integers stand for, so that every engine can run it. */
  readonly model: Sequential;
  /** By the weight's name; weights that are not here stay in floating point. */
  readonly integers: ReadonlyMap<string, IntegerTensor>;
  /** Of these, the ones whose products run in integers. */
  readonly running: ReadonlySet<string>;
  /**
   * By the LSTM's name: its output is divided by this, unit by unit, before it is quantized, and the weights that
   * read it are multiplied, so that a loud unit takes less of the range from the quiet ones.
   */
  readonly smoothing: ReadonlyMap<string, Float32Array>;
}

/** The LSTM whose quantized output a layer reads, through layers that pass it on; undefined where there is none. */
export function quantizedSource(model: Sequential, layer: Layer): Layer | undefined {
  for (let i = model.layers.indexOf(layer) - 1; i >= 0; i--) {
    const before = model.layers[i];
    if (before.config.type === 'LSTM') return before;
    if (before.config.type !== 'Dropout' && before.config.type !== 'RepeatVector') return undefined;
  }
  return undefined;
}

/** True where the layer's input is one vector for all timesteps: its product is made once, so it stays exact. */
export const isRepeated = (model: Sequential, layer: Layer): boolean => {
  for (let i = model.layers.indexOf(layer) - 1; i >= 0 && model.layers[i].config.type !== 'LSTM'; i--) {
    if (model.layers[i].config.type === 'RepeatVector') return true;
  }
  return false;
};

/**
 * Weights whose products can run in integers: the recurrent ones of LSTMs, and those of an LSTM's input where it is
 * the sequence of another.
 */
export function integerProducts(model: Sequential): Set<string> {
  const names = new Set<string>();
  for (const layer of model.layers) {
    if (layer.config.type !== 'LSTM') continue;
    const [kernel, recurrent] = layer.weights;
    if (quantizedSource(model, layer) && !isRepeated(model, layer)) names.add(kernel.name);
    names.add(recurrent.name);
  }
  return names;
}

/** Whose output the rows of a weight read, if that comes quantized. */
export function sourceOf(
  model: Sequential,
  running: ReadonlySet<string>,
  layer: Layer,
  name: string,
): Layer | undefined {
  if (!running.has(name)) return undefined;
  return name.endsWith('/recurrent_kernel') ? layer : quantizedSource(model, layer);
}

/** The model with the weights that the integers stand for; `floats` has the others in their places. */
export function withIntegerWeights(
  model: Sequential,
  floats: Float32Array,
  { integers, running, smoothing }: Omit<QuantizedNetwork, 'model'>,
): Sequential {
  const result = createSequential({
    inputShape: model.inputShape,
    layers: model.layers.map(({ config }) => config),
    parameters: floats.slice(),
  });
  for (const layer of result.layers) {
    for (const { name, shape, data } of layer.weights) {
      const tensor = integers.get(name);
      if (!tensor) continue;
      const source = sourceOf(result, running, layer, name);
      const smooth = source && smoothing.get(source.name);
      const [rows, columns] = shape;
      for (let k = 0; k < rows; k++) {
        const divisor = smooth ? smooth[k] : 1;
        for (let j = 0, at = k * columns; j < columns; j++, at++) {
          data[at] = (tensor.scale[j] * tensor.integers[at]) / divisor;
        }
      }
    }
  }
  return result;
}
