/** Quantized networks: how far from the original, and the kernels against the reference, at odd sizes. */
import { describe, expect, it } from 'vitest';
import { loadKernelEngine } from '../../model/kernel.ts';
import { fit } from '../fit.ts';
import type { LayerConfig } from '../layer/registry.ts';
import { predict } from '../predict.ts';
import { lstmAutoencoder } from '../preset/lstm-autoencoder.ts';
import { lstmRnnForecaster } from '../preset/lstm-rnn-forecaster.ts';
import { createRandom } from '../random.ts';
import { referenceEngine } from '../reference-engine.ts';
import { createSequential, type Sequential } from '../sequential.ts';
import { type Shape, sizeOf } from '../tensor.ts';
import { quantize } from './quantize.ts';
import type { QuantizedNetwork } from './quantized-network.ts';
import { roundWeights } from './round-weights.ts';

const random = createRandom(7);

/** Windows of waves of random phase and loudness, with noise. */
function createWindows(count: number, [T, F]: Shape): Float32Array {
  const x = new Float32Array(count * T * F);
  for (let n = 0; n < count; n++) {
    for (let f = 0; f < F; f++) {
      const phase = 6 * random.uniform();
      const loud = 2 * random.uniform();
      for (let t = 0; t < T; t++) x[(n * T + t) * F + f] = loud * Math.sin(phase + t * (f + 1)) + 0.1 * random.normal();
    }
  }
  return x;
}

function run(network: QuantizedNetwork, x: Float32Array, count: number, engine = referenceEngine): Float32Array {
  const y = new Float32Array(count * sizeOf(network.model.outputShape));
  engine.createInt8Predictor(network, count).run(x, 0, count, y, 0);
  return y;
}

/** Root mean square of the difference, over the standard deviation of what is expected. */
function relativeRms(actual: Float32Array, expected: Float32Array): number {
  const mean = expected.reduce((sum, v) => sum + v, 0) / expected.length;
  let error = 0;
  let variance = 0;
  for (let i = 0; i < expected.length; i++) {
    error += (actual[i] - expected[i]) ** 2;
    variance += (expected[i] - mean) ** 2;
  }
  return Math.sqrt(error / variance);
}

describe('quantize', () => {
  it.each(['tanh', 'relu'] as const)(
    'keeps a trained autoencoder within 2 percent on other windows: %s',
    async (activation) => {
      const model = lstmAutoencoder({ activation, seed: 3 });
      const windows = createWindows(500, model.inputShape);
      await fit(model, windows, windows, { epochs: 6, engine: loadKernelEngine(), clipNorm: 1 });
      const network = quantize(model, windows, 200);
      const others = createWindows(100, model.inputShape);
      expect(relativeRms(run(network, others, 100), predict(model, others, 100))).toBeLessThan(0.02);
      expect(network.running.size).toBeGreaterThanOrEqual(4);
      // What the integers stand for is a network too.
      expect(relativeRms(predict(network.model, others, 100), predict(model, others, 100))).toBeLessThan(0.02);
    },
  );

  it('keeps the forecaster within 2 %', () => {
    const model = lstmRnnForecaster({ timesteps: 20, seed: 3 });
    const windows = createWindows(60, model.inputShape);
    const network = quantize(model, windows, 40);
    const others = windows.subarray(40 * 200);
    expect(relativeRms(run(network, others, 20), predict(model, others, 20))).toBeLessThan(0.02);
  });

  it('rounds better than to the nearest where inputs move together', () => {
    const [K, C] = [12, 8];
    const base = Array.from({ length: 400 }, () => Array.from({ length: 4 }, random.normal));
    const inputs = base.map((b) => Array.from({ length: K }, (_, k) => b[k % 4] + 0.3 * random.normal()));
    const H = new Float64Array(K * K);
    for (const x of inputs) for (let i = 0; i < K * K; i++) H[i] += (x[Math.floor(i / K)] * x[i % K]) / inputs.length;
    const w = Float64Array.from({ length: K * C }, random.normal);
    const errorOf = (integer: (at: number) => number, scale: Float32Array) => {
      let total = 0;
      for (const x of inputs) {
        for (let j = 0; j < C; j++) {
          let error = 0;
          for (let k = 0; k < K; k++) error += x[k] * (w[k * C + j] - scale[j] * integer(k * C + j));
          total += error * error;
        }
      }
      return total;
    };
    const { integers, scale } = roundWeights(w, K, C, H, 7);
    const nearest = (at: number) => Math.round(w[at] / scale[at % C]);
    expect(errorOf((at) => integers[at], scale)).toBeLessThan(0.5 * errorOf(nearest, scale));
    expect(Math.max(...integers.map(Math.abs))).toBeLessThanOrEqual(7);
  });
});

const odd = (activation: 'tanh' | 'relu'): LayerConfig[] => [
  { type: 'LSTM', units: 7, activation, returnSequences: true },
  { type: 'Dropout', rate: 0.2 },
  { type: 'LSTM', units: 6, activation, returnSequences: true },
  { type: 'LSTM', units: 5, activation },
  { type: 'RepeatVector', n: 3 },
  { type: 'LSTM', units: 9, activation, returnSequences: true },
  { type: 'SimpleRNN', units: 3, returnSequences: true },
  { type: 'TimeDistributed', layer: { type: 'Dense', units: 2 } },
];
const networks: Record<string, Sequential> = {
  'one unit, one timestep': createSequential({ inputShape: [1, 1], layers: [{ type: 'LSTM', units: 1 }], seed: 4 }),
  'tanh cells': createSequential({ inputShape: [4, 3], layers: odd('tanh'), seed: 5 }),
  'relu cells': createSequential({ inputShape: [4, 3], layers: odd('relu'), seed: 6 }),
  'LSTM into Dense': createSequential({
    inputShape: [3, 2],
    layers: [
      { type: 'LSTM', units: 10 },
      { type: 'Dense', units: 3, activation: 'relu' },
    ],
    seed: 7,
  }),
};

describe.each(['relaxed', 'plain'] as const)('the int8 kernels of the %s build', (build) => {
  const engine = loadKernelEngine(build);

  it.each(Object.keys(networks))('equal the reference at every batch from 1 to 33: %s', (name) => {
    const model = networks[name];
    const network = quantize(model, createWindows(64, model.inputShape), 64);
    for (let batch = 1; batch <= 33; batch++) {
      const x = createWindows(batch, model.inputShape);
      const expected = run(network, x, batch);
      const actual = run(network, x, batch, engine);
      const largest = Math.max(...expected.map(Math.abs));
      // A value between two steps may fall to either side: seldom more than one step of 127 in the sum.
      for (let i = 0; i < expected.length; i++) {
        expect(Math.abs(actual[i] - expected[i]) / largest, `batch ${batch}`).toBeLessThan(0.02);
      }
      const mean = expected.reduce((sum, v, i) => sum + Math.abs(v - actual[i]), 0) / expected.length;
      expect(mean / largest, `batch ${batch}`).toBeLessThan(0.002);
    }
  });

  it('take zeros', () => {
    const model = networks['relu cells'];
    const network = quantize(model, createWindows(64, model.inputShape), 64);
    const x = new Float32Array(12);
    const y = run(network, x, 1, engine);
    const expected = run(network, x, 1);
    expect(y.every(Number.isFinite)).toBe(true);
    for (let i = 0; i < y.length; i++) expect(y[i]).toBeCloseTo(expected[i], 3);
  });
});
