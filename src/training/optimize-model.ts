/** `guardian optimize`: a model with 8-bit weights, its threshold derived anew, and what changed. */
import { computeThreshold, type ThresholdStrategy } from '../detector/published/threshold.ts';
import type { LoadedModel } from '../model/load-model.ts';
import type { ModelDetails } from '../model/manifest.ts';
import { encodeFloats, encodeQuantized } from '../model/weights-file.ts';
import type { Engine, Predictor } from '../nn/engine.ts';
import { quantize } from '../nn/int8/quantize.ts';
import type { QuantizedNetwork } from '../nn/int8/quantized-network.ts';
import type { Sequential } from '../nn/sequential.ts';
import { sizeOf } from '../nn/tensor.ts';

/** Scaled windows [count, …inputShape], row-major. */
export interface Windows {
  readonly x: Float32Array;
  readonly count: number;
}

export interface OptimizeOptions {
  readonly engine: Engine;
  /** Benign windows that are typical: some hundreds to calibrate on, as many again to derive the threshold from. */
  readonly calibration: Windows;
  /** Labelled windows, and the area under the curve of their scores. */
  readonly evaluation?: Windows & { readonly auc: (scores: Float32Array) => number };
}

export interface BeforeAfter {
  readonly before: number;
  readonly after: number;
}

export interface OptimizeReport {
  /** Of the weights. */
  readonly bytes: BeforeAfter;
  /** One thread, on this machine, now. */
  readonly windowsPerSecond: BeforeAfter;
  /** Root mean square of the outputs' error over their standard deviation, on windows that were not calibrated on. */
  readonly outputError: number;
  readonly threshold: BeforeAfter;
  readonly auc?: BeforeAfter;
  /** Matrices that are integers, and those of them whose products run in integers. */
  readonly integers: number;
  readonly running: number;
}

export interface OptimizeResult {
  readonly network: QuantizedNetwork;
  /** For saveQuantizedModel. */
  readonly details: ModelDetails;
  readonly report: OptimizeReport;
}

/** Calibrating takes seconds for some hundreds; more windows do not round better. */
const calibrated = 400;
const batchSize = 32;
const timedMs = 150;

/**
 * Half of the calibration windows, at most 400 of them spread evenly, teach the quantizer; the others measure it.
 * Throws a RangeError with fewer than 16 windows.
 */
export function optimizeModel({ model, manifest }: LoadedModel, options: OptimizeOptions): OptimizeResult {
  const { engine, calibration, evaluation } = options;
  if (calibration.count < 16) throw new RangeError(`${calibration.count} calibration windows are fewer than 16`);
  const [taught, others] = splitWindows(calibration, sizeOf(model.inputShape));
  const network = quantize(model, taught.x, taught.count);

  const before = engine.createPredictor(model, batchSize);
  const after = engine.createInt8Predictor(network, batchSize);
  const outputs = [before, after].map((predictor) => run(predictor, model, others));
  const scores = (predictor: Predictor, windows: Windows) =>
    windowErrors(model, windows, run(predictor, model, windows));
  const scoresBefore = scores(before, calibration);
  const scoresAfter = scores(after, calibration);
  const derive = ({ strategy, value }: { strategy: ThresholdStrategy; value: number }) => ({
    strategy,
    value: deriveThreshold(strategy, value, scoresBefore, scoresAfter),
  });
  const threshold = derive(manifest.threshold);
  const report: OptimizeReport = {
    bytes: { before: encodeFloats(model).length, after: encodeQuantized(network).length },
    windowsPerSecond: { before: speed(before, model, others), after: speed(after, model, others) },
    outputError: relativeError(outputs[1], outputs[0]),
    threshold: { before: manifest.threshold.value, after: threshold.value },
    auc: evaluation && {
      before: evaluation.auc(scores(before, evaluation)),
      after: evaluation.auc(scores(after, evaluation)),
    },
    integers: network.integers.size,
    running: network.running.size,
  };
  const { detector, features, scaler, alternatives, training, notes } = manifest;
  const details: ModelDetails = {
    detector,
    features,
    scaler,
    threshold,
    alternatives: alternatives.map(derive),
    training,
    notes,
    optimization: {
      calibrationWindows: taught.count,
      outputError: report.outputError,
      bytesBefore: report.bytes.before,
      bytesAfter: report.bytes.after,
      thresholdBefore: report.threshold.before,
      aucBefore: report.auc?.before,
      aucAfter: report.auc?.after,
    },
  };
  return { network, details, report };
}

/** Every second window, thinned to what the quantizer needs; and the rest. */
function splitWindows({ x, count }: Windows, size: number): [Windows, Windows] {
  const even = Array.from({ length: Math.ceil(count / 2) }, (_, i) => 2 * i);
  const odd = Array.from({ length: Math.floor(count / 2) }, (_, i) => 2 * i + 1);
  const step = Math.max(1, even.length / calibrated);
  const thinned = Array.from({ length: Math.min(even.length, calibrated) }, (_, i) => even[Math.floor(i * step)]);
  const pick = (indices: number[]): Windows => {
    const picked = new Float32Array(indices.length * size);
    for (const [i, n] of indices.entries()) picked.set(x.subarray(n * size, (n + 1) * size), i * size);
    return { x: picked, count: indices.length };
  };
  return [pick(thinned), pick(odd)];
}

function run(predictor: Predictor, model: Sequential, { x, count }: Windows): Float32Array {
  const inputSize = sizeOf(model.inputShape);
  const outputSize = sizeOf(model.outputShape);
  const y = new Float32Array(count * outputSize);
  for (let from = 0; from < count; from += batchSize) {
    predictor.run(x, from * inputSize, Math.min(batchSize, count - from), y, from * outputSize);
  }
  return y;
}

/**
 * Mean squared error of each window: of an autoencoder against the window itself; of a forecaster, which has as many
 * outputs as inputs too, against the step that follows. They differ in what the network learnt, so both are told
 * apart by RepeatVector, which only an autoencoder has.
 */
export function windowErrors(model: Sequential, { x, count }: Windows, y: Float32Array): Float32Array {
  const [T, F] = model.inputShape;
  const reconstructs = model.layers.some(({ config }) => config.type === 'RepeatVector');
  const shift = reconstructs ? 0 : 1;
  const errors = new Float32Array(count);
  for (let n = 0; n < count; n++) {
    let sum = 0;
    const first = n * T * F;
    for (let i = 0; i < (T - shift) * F; i++) sum += (y[first + i] - x[first + i + shift * F]) ** 2;
    errors[n] = sum / ((T - shift) * F);
  }
  return errors;
}

/** A strategy is applied to the new scores; a fixed threshold moves to the new score of the same rank. */
function deriveThreshold(
  strategy: ThresholdStrategy,
  value: number,
  before: Float32Array,
  after: Float32Array,
): number {
  if (strategy.kind !== 'fixed') return computeThreshold(after, strategy);
  const below = before.filter((score) => score <= value).length;
  if (below === 0 || below === before.length) return value;
  return computeThreshold(after, { kind: 'percentile', percent: (100 * below) / before.length });
}

function relativeError(actual: Float32Array, expected: Float32Array): number {
  let mean = 0;
  for (const value of expected) mean += value / expected.length;
  let error = 0;
  let variance = 0;
  for (let i = 0; i < expected.length; i++) {
    error += (actual[i] - expected[i]) ** 2;
    variance += (expected[i] - mean) ** 2;
  }
  return error === 0 ? 0 : Math.sqrt(error / variance);
}

function speed(predictor: Predictor, model: Sequential, windows: Windows): number {
  run(predictor, model, windows);
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < timedMs) {
    run(predictor, model, windows);
    done += windows.count;
  }
  return (1000 * done) / (performance.now() - start);
}
