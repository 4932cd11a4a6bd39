import type { IntegerTensor } from '../int8/quantized-network.ts';
import { type Arena, padded } from './arena.ts';
import type { Kernels } from './exports.ts';
import { blockBytes, createSignal, type KernelLayer, type Signal, stepBytes, type WeightPlace } from './signal.ts';

/** A sequence that was quantized as it came out; legend in assembly/int8.ts. */
export interface QuantizedSignal {
  /** Bytes [T, U/4, B, 4]. */
  readonly q: number;
  /** [T, B] */
  readonly columnScale: number;
  /** [T, B] */
  readonly columnStart: number;
  readonly shifted: boolean;
}

/** Integer weights in the order of the kernel. */
interface Panels {
  readonly weights: number;
  readonly rowScale: number;
  readonly rowStart: number;
  fill(bytes: Uint8Array, floats: Float32Array, integers: Int32Array): void;
}

/** Weights [K, 4U] of the four gates; `shifted`: what they multiply is shifted by 127. */
function createPanels({ integers, scale }: IntegerTensor, shifted: boolean, arena: Arena): Panels {
  const C = scale.length;
  const U = C / 4;
  const K = integers.length / C;
  const groups = padded(K) / 4;
  const weights = arena.floats(C * groups);
  const rowScale = arena.floats(C);
  const rowStart = arena.floats(C);
  return {
    weights,
    rowScale,
    rowStart,
    fill: (bytes, floats, words) => {
      for (let r = 0; r < C; r++) {
        const column = (r % 4) * U + Math.floor(r / 4); // row unit·4 + gate
        let sum = 0;
        for (let k = 0; k < 4 * groups; k++) {
          const integer = k < K ? integers[k * C + column] : 0;
          sum += integer;
          const panel = weights + Math.floor(r / 4) * groups * 16;
          bytes[panel + Math.floor(k / 4) * 16 + (r % 4) * 4 + (k % 4)] = integer + 64;
        }
        floats[rowScale / 4 + r] = scale[column];
        words[rowStart / 4 + r] = shifted ? 127 * sum : 0;
      }
    },
  };
}

export interface Int8LstmOptions {
  readonly units: number;
  readonly rectified: boolean;
  readonly returnSequences: boolean;
  /** Divides the output, unit by unit. */
  readonly smoothing: Float32Array;
  readonly recurrent: IntegerTensor;
  /** Where the input's product runs in integers: its weights, and the input. */
  readonly kernel?: { readonly tensor: IntegerTensor; readonly input: QuantizedSignal };
  /** The output is also wanted in floating point, for the layer that follows. */
  readonly keepsFloats: boolean;
}

export interface Int8Lstm extends KernelLayer {
  readonly quantized: QuantizedSignal;
  /** Writes the weights; once, before the first run. */
  fill(memory: WebAssembly.Memory): void;
}

/** LSTM with integer recurrent products, for running. Its floating point output is smoothed: readers' weights make up for it. */
export function createInt8Lstm(
  options: Int8LstmOptions,
  input: Signal,
  [kernel, , bias]: readonly WeightPlace[],
  arena: Arena,
  maxBatch: number,
): Int8Lstm {
  const { units: U, rectified, returnSequences, smoothing, recurrent } = options;
  const { time: T, features: F } = input;
  const rows = 4 * U;
  const groups = padded(U) / 4;
  const recurrentPanels = createPanels(recurrent, rectified, arena);
  const kernelPanels = options.kernel && createPanels(options.kernel.tensor, options.kernel.input.shifted, arena);
  const v = kernelPanels ? 0 : arena.floats(rows * F);
  const packedBias = arena.floats(rows);
  const rate = arena.floats(U);
  const z = arena.floats(rows * maxBatch);
  const zx = input.repeated ? arena.floats(rows * maxBatch) : 0;
  const c = arena.floats(padded(U) * maxBatch);
  const sequence = returnSequences && options.keepsFloats;
  const h = createSignal(arena, sequence ? T : 1, U, maxBatch, false);
  const quantized: QuantizedSignal = {
    q: arena.floats(T * groups * maxBatch),
    columnScale: arena.floats(T * maxBatch),
    columnStart: arena.floats(T * maxBatch),
    shifted: rectified,
  };

  /** z of one timestep; returns where it lies. */
  const products = (kernels: Kernels, t: number, batch: number): number => {
    const init = zx || z;
    if (options.kernel && kernelPanels) {
      const { q, columnScale, columnStart } = options.kernel.input;
      const { weights, rowScale, rowStart } = kernelPanels;
      const block = padded(F) * batch;
      const column = t * batch * 4;
      kernels.productInt8(
        z,
        packedBias,
        0,
        q + t * block,
        columnScale + column,
        columnStart + column,
        weights,
        rowScale,
        rowStart,
        F,
        rows,
        batch,
      );
    } else if (!zx) {
      kernels.product(z, packedBias, 0, v, input.at + t * stepBytes(input, batch), F, 0, 0, 0, rows, batch);
    }
    if (t === 0) return init;
    const { weights, rowScale, rowStart } = recurrentPanels;
    const column = (t - 1) * batch * 4;
    const { q, columnScale, columnStart } = quantized;
    const before = q + (t - 1) * padded(U) * batch;
    kernels.productInt8(
      z,
      0,
      init,
      before,
      columnScale + column,
      columnStart + column,
      weights,
      rowScale,
      rowStart,
      U,
      rows,
      batch,
    );
    return z;
  };

  return {
    output: { ...h, time: returnSequences ? T : 1 },
    quantized,
    fill: ({ buffer }) => {
      const floats = new Float32Array(buffer);
      for (const panels of [recurrentPanels, kernelPanels]) {
        panels?.fill(new Uint8Array(buffer), floats, new Int32Array(buffer));
      }
      floats.set(
        smoothing.map((value) => 1 / value),
        rate / 4,
      );
    },
    pack: (kernels) => {
      if (v) kernels.pack(v, kernel.at, F, rows, rows, 1, U);
      kernels.pack(packedBias, bias.at, 1, rows, rows, 1, U);
    },
    forward: (kernels, batch) => {
      if (zx) kernels.product(zx, packedBias, 0, v, input.at, F, 0, 0, 0, rows, batch);
      const { q, columnScale, columnStart } = quantized;
      for (let t = 0; t < T; t++) {
        const at = products(kernels, t, batch);
        const column = t * batch * 4;
        kernels.cellInt8(
          at,
          c,
          h.at + (sequence ? t * blockBytes(h, batch) : 0),
          rate,
          q + t * padded(U) * batch,
          columnScale + column,
          columnStart + column,
          U,
          batch,
          t === 0,
          rectified,
        );
      }
    },
    backward: () => {
      throw new Error('A quantized network does not train');
    },
  };
}
