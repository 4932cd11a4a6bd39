/**
 * A quantized network in plain TypeScript, one window at a time: what the int8 kernels are tested against.
 *   h [U] → q [U] in [-127, 127], one scale for the vector:
 *     tanh cells: q = round(h / s), s = max |h| / 127
 *     relu cells (h >= 0): q = round(h / s) - 127, s = max h / 254
 *   z_j += scale_j · s · Σ_u integers[u, j] · (q_u + 127 for relu cells)
 */
import { activationForward } from '../activation.ts';
import type { LstmConfig } from '../layer/lstm.ts';
import { addProduct } from '../matmul.ts';
import type { Layer } from '../sequential.ts';
import { type Floats, sizeOf } from '../tensor.ts';
import { activationLimit, type IntegerTensor, type QuantizedNetwork, sourceOf } from './quantized-network.ts';

export interface Int8Reference {
  /** One window from x[offset]: the outputs, and what the last layer read. Both are overwritten by the next call. */
  run(x: ArrayLike<number>, offset: number): { y: Floats; lastInput: Floats };
}

const isRelu = (layer: Layer): boolean => (layer.config as Required<LstmConfig>).activation === 'relu';

/** z += the product of a vector h [U], quantized after division by `smooth`, and integer weights [U, C]. */
function addIntegerProduct(
  h: Floats,
  offset: number,
  smooth: Float32Array,
  relu: boolean,
  { integers, scale }: IntegerTensor,
  z: Floats,
): void {
  const U = smooth.length;
  const C = scale.length;
  let largest = 0;
  for (let u = 0; u < U; u++) largest = Math.max(largest, Math.abs(h[offset + u] / smooth[u]));
  const s = Math.max(largest, 1e-30) / (relu ? 2 * activationLimit : activationLimit);
  const q = Array.from(smooth, (divisor, u) => Math.round(h[offset + u] / divisor / s));
  for (let j = 0; j < C; j++) {
    let sum = 0;
    for (let u = 0; u < U; u++) sum += q[u] * integers[u * C + j];
    z[j] += scale[j] * s * sum;
  }
}

function runLstm(network: QuantizedNetwork, layer: Layer, x: Floats, y: Floats): void {
  const { integers, running, smoothing, model } = network;
  const { activation, recurrentActivation, returnSequences, units: U } = layer.config as Required<LstmConfig>;
  const [T, F] = layer.inputShape;
  const [kernel, recurrent, bias] = layer.weights;
  const source = sourceOf(model, running, layer, kernel.name);
  const ownSource = sourceOf(model, running, layer, recurrent.name);
  const z = new Float32Array(4 * U);
  const c = new Float32Array(U);
  const h = new Float32Array(U);
  for (let t = 0; t < T; t++) {
    z.set(bias.data);
    if (source) {
      addIntegerProduct(x, t * F, smoothing.get(source.name)!, isRelu(source), integers.get(kernel.name)!, z);
    } else {
      addProduct(x, t * F, kernel.data, F, 4 * U, z, 0);
    }
    if (t > 0 && ownSource) {
      addIntegerProduct(h, 0, smoothing.get(layer.name)!, isRelu(layer), integers.get(recurrent.name)!, z);
    } else if (t > 0) {
      addProduct(h, 0, recurrent.data, U, 4 * U, z, 0);
    }
    activationForward(recurrentActivation, z, 0, 2 * U);
    activationForward(activation, z, 2 * U, U);
    activationForward(recurrentActivation, z, 3 * U, U);
    for (let u = 0; u < U; u++) {
      c[u] = z[U + u] * c[u] + z[u] * z[2 * U + u];
      h[u] = c[u];
    }
    activationForward(activation, h, 0, U);
    for (let u = 0; u < U; u++) h[u] *= z[3 * U + u];
    if (returnSequences) y.set(h, t * U);
  }
  if (!returnSequences) y.set(h);
}

export function createInt8Reference(network: QuantizedNetwork): Int8Reference {
  const { model } = network;
  const input = new Float32Array(sizeOf(model.inputShape));
  const outputs = model.layers.map((layer) => new Float32Array(sizeOf(layer.outputShape)));
  const scratch = model.layers.map(({ definition, config, inputShape }) =>
    definition.scratch(config, inputShape, 1).map((length) => new Float32Array(length)),
  );
  const none = new Float32Array(0);
  return {
    run: (x, offset) => {
      for (let i = 0; i < input.length; i++) input[i] = x[offset + i];
      let before: Floats = input;
      let lastInput: Floats = input;
      for (const [i, layer] of model.layers.entries()) {
        lastInput = before;
        if (layer.config.type === 'LSTM') {
          runLstm(network, layer, before, outputs[i]);
        } else {
          layer.definition.forward({
            config: layer.config,
            input: layer.inputShape,
            output: layer.outputShape,
            batch: 1,
            weights: layer.weights.map(({ data }) => data),
            gradients: [],
            x: before,
            y: outputs[i],
            dx: none,
            dy: none,
            scratch: scratch[i],
          });
        }
        before = outputs[i];
      }
      return { y: before, lastInput };
    },
  };
}
