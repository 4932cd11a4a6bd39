/**
 * Quantizes a trained network: watches its inputs on representative windows (calibration), rounds the large matrices,
 * and refits the last Dense to what the rounded network gives it.
 */
import { predict } from '../predict.ts';
import { type LayerTrace, traceLayers } from '../reference-engine.ts';
import type { Layer, Sequential } from '../sequential.ts';
import { featuresOf, sizeOf, timeOf } from '../tensor.ts';
import { roundToHalf } from './half.ts';
import { createInt8Reference } from './int8-reference.ts';
import {
  type IntegerTensor,
  integerProducts,
  type QuantizedNetwork,
  sourceOf,
  storedLimit,
  weightLimit,
  withIntegerWeights,
} from './quantized-network.ts';
import { cholesky, roundWeights, solve } from './round-weights.ts';

/** Smaller matrices stay in floating point: they weigh little, and the first and last ones matter most. */
const worthRounding = 1_000;
/** Smoothing is the unit's largest output over the layer's largest, not below the floor, to this power (measured). */
const smoothingPower = 0.3;
const smoothingFloor = 0.1;
/** Ridge of the last Dense's refit, as a share of the mean square of its inputs. */
const refitRidge = 1e-3;
const batchSize = 32;

/** The product that costs most goes back to floating point until the error is below this. */
const errorLimit = 0.016;

/**
 * Calibration windows x [count, …inputShape]; some hundreds that are typical are enough.
 * The outputs' error stays below 2 % of their standard deviation on windows like these.
 */
export function quantize(model: Sequential, x: Float32Array, count: number): QuantizedNetwork {
  const statistics = calibrate(model, x, count);
  const wanted = predict(model, x, count);
  const attempt = (running: ReadonlySet<string>) => {
    const network = round(model, statistics, running);
    return { network, running, error: refitLastDense(network, x, count, wanted) };
  };
  let best = attempt(integerProducts(model));
  while (best.error > errorLimit && best.running.size > 0) {
    const attempts = [...best.running].map((name) => attempt(new Set([...best.running].filter((one) => one !== name))));
    best = attempts.reduce((least, one) => (one.error < least.error ? one : least));
  }
  return best.network;
}

function round(model: Sequential, statistics: Statistics, running: ReadonlySet<string>): QuantizedNetwork {
  const smoothing = new Map<string, Float32Array>();
  for (const { name, config } of model.layers) {
    if (config.type !== 'LSTM') continue;
    const largest = statistics.largestOutput.get(name)!;
    const loudest = Math.max(...largest) || 1;
    smoothing.set(
      name,
      largest.map((value) => roundToHalf(Math.max(value / loudest, smoothingFloor) ** smoothingPower)),
    );
  }
  const integers = new Map<string, IntegerTensor>();
  for (const layer of model.layers) {
    for (const { name, shape, data } of layer.weights) {
      const [K, C] = shape;
      const moments = statistics.moments.get(name);
      if (!moments || (data.length < worthRounding && !running.has(name))) continue;
      const source = sourceOf(model, running, layer, name);
      const smooth = source && smoothing.get(source.name);
      const w = Float64Array.from(data, (value, at) => value * (smooth ? smooth[Math.floor(at / C)] : 1));
      const H = moments.map((value, at) => value / (smooth ? smooth[Math.floor(at / K)] * smooth[at % K] : 1));
      integers.set(name, roundWeights(w, K, C, H, source ? weightLimit : storedLimit));
    }
  }
  const parts = { integers, running, smoothing };
  return { model: withIntegerWeights(model, model.parameters.map(roundToHalf), parts), ...parts };
}

interface Statistics {
  /** By weight: mean of x·xᵀ over what its rows read. */
  readonly moments: Map<string, Float64Array>;
  /** By LSTM: largest |h| of each unit. */
  readonly largestOutput: Map<string, Float32Array>;
}

function calibrate(model: Sequential, x: Float32Array, count: number): Statistics {
  const moments = new Map<string, Float64Array>();
  const largestOutput = new Map<string, Float32Array>();
  const traces = traceLayers(model, batchSize);
  const inputSize = sizeOf(model.inputShape);
  let rows = 0;
  for (let from = 0; from < count; from += batchSize) {
    const batch = Math.min(batchSize, count - from);
    traces.run(x, from * inputSize, batch);
    rows += batch;
    for (const trace of traces.layers) observe(trace, batch, moments, largestOutput);
  }
  for (const sums of moments.values()) for (let i = 0; i < sums.length; i++) sums[i] /= rows;
  return { moments, largestOutput };
}

function observe(
  { layer, x, sequence }: LayerTrace,
  batch: number,
  moments: Map<string, Float64Array>,
  largestOutput: Map<string, Float32Array>,
): void {
  const T = timeOf(layer.inputShape);
  const sumsOf = (name: string, K: number): Float64Array => {
    const found = moments.get(name) ?? new Float64Array(K * K);
    moments.set(name, found);
    return found;
  };
  const [kernel, recurrent] = layer.weights;
  if (!kernel) return;
  const F = featuresOf(layer.inputShape);
  addMoments(sumsOf(kernel.name, F), x, 0, batch * T, F);
  if (!sequence) return;
  const U = recurrent.shape[0];
  const sums = sumsOf(recurrent.name, U);
  const largest = largestOutput.get(layer.name) ?? new Float32Array(U);
  largestOutput.set(layer.name, largest);
  for (let b = 0; b < batch; b++) {
    addMoments(sums, sequence, b * T * U, T - 1, U); // the last h is not read again
    for (let i = 0; i < T * U; i++) largest[i % U] = Math.max(largest[i % U], Math.abs(sequence[b * T * U + i]));
  }
}

function addMoments(sums: Float64Array, x: ArrayLike<number>, offset: number, rows: number, K: number): void {
  for (let r = 0; r < rows; r++) {
    const row = offset + r * K;
    for (let i = 0; i < K; i++) {
      const value = x[row + i];
      if (value === 0) continue;
      for (let k = 0; k < K; k++) sums[i * K + k] += value * x[row + k];
    }
  }
}

/**
 * Ridge regression, in place, of what the last Dense should have given on what it now reads.
 * Returns the root mean square of the outputs' error, over the standard deviation of the wanted outputs.
 */
function refitLastDense(network: QuantizedNetwork, x: Float32Array, count: number, wanted: Float32Array): number {
  const { model } = network;
  const layer = model.layers[model.layers.length - 1];
  const inputs = new Float32Array(count * sizeOf(layer.inputShape));
  const outputs = new Float32Array(wanted.length);
  const reference = createInt8Reference(network);
  for (let b = 0; b < count; b++) {
    const { lastInput, y } = reference.run(x, b * sizeOf(model.inputShape));
    inputs.set(lastInput, b * lastInput.length);
    outputs.set(y, b * y.length);
  }
  if (isLinearDense(layer) && !network.integers.has(layer.weights[0].name)) refit(layer, inputs, outputs, wanted);

  let error = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < wanted.length; i++) {
    error += (outputs[i] - wanted[i]) ** 2;
    sum += wanted[i];
    squares += wanted[i] ** 2;
  }
  return error === 0 ? 0 : Math.sqrt(error / (squares - sum ** 2 / wanted.length));
}

function isLinearDense({ config }: Layer): boolean {
  const inner = config.type === 'TimeDistributed' ? config.layer : config;
  return inner.type === 'Dense' && (inner.activation ?? 'linear') === 'linear';
}

/** Changes the Dense, and the outputs [R, U] with it; R rows of inputs [R, F]. */
function refit(layer: Layer, inputs: Float32Array, outputs: Float32Array, wanted: Float32Array): void {
  const F = featuresOf(layer.inputShape);
  const U = featuresOf(layer.outputShape);
  const rows = inputs.length / F;
  const n = F + 1; // the bias is the weight of a constant 1
  const A = new Float64Array(n * n);
  const rights = Array.from({ length: U }, () => new Float64Array(n));
  const row = new Float64Array(n).fill(1);
  for (let r = 0; r < rows; r++) {
    for (let f = 0; f < F; f++) row[f] = inputs[r * F + f];
    addMoments(A, row, 0, 1, n);
    for (let u = 0; u < U; u++) {
      const error = wanted[r * U + u] - outputs[r * U + u];
      for (let i = 0; i < n; i++) rights[u][i] += row[i] * error;
    }
  }
  let trace = 0;
  for (let i = 0; i < n; i++) trace += A[i * n + i];
  for (let i = 0; i < n; i++) A[i * n + i] += (refitRidge * trace) / n;
  const L = cholesky(A, n);
  const [kernel, bias] = layer.weights;
  for (let u = 0; u < U; u++) {
    const change = solve(L, n, rights[u]);
    const move = (data: Float32Array, at: number, by: number): number => {
      const before = data[at];
      data[at] = roundToHalf(before + by);
      return data[at] - before;
    };
    for (let f = 0; f < F; f++) {
      const moved = move(kernel.data, f * U + u, change[f]);
      for (let r = 0; r < rows; r++) outputs[r * U + u] += moved * inputs[r * F + f];
    }
    const moved = move(bias.data, u, change[F]);
    for (let r = 0; r < rows; r++) outputs[r * U + u] += moved;
  }
}
