/**
 * The two networks of a house: their shape, their training material, and how a residual becomes a score.
 * Legend: S sequences, T timesteps, F features.
 */
import type { Scaler } from '../../feature/scaler.ts';
import type { Engine } from '../../nn/engine.ts';
import { predict } from '../../nn/predict.ts';
import { lstmAutoencoder } from '../../nn/preset/lstm-autoencoder.ts';
import { lstmRnnForecaster } from '../../nn/preset/lstm-rnn-forecaster.ts';
import type { Sequential } from '../../nn/sequential.ts';
import { ENCODED_FLOW } from './encode-flow.ts';
import { ENCODED_PACKET } from './encode-packet.ts';
import { fitStandardizer, standardize } from './standardize.ts';

/** How a network is built and trained. */
export interface NetworkPlan {
  readonly name: 'lstm-autoencoder' | 'lstm-rnn';
  readonly features: number;
  readonly timesteps: number;
  /** Steps between what it is shown and what it has to say: 0 rebuilds, 1 forecasts. */
  readonly ahead: 0 | 1;
  /** Sequences of a house that are kept for training: some seconds of training, whatever the house. */
  readonly capacity: number;
  build(seed: number): Sequential;
}

/** Ten connections of a device in a row, rebuilt. */
export const autoencoderPlan: NetworkPlan = {
  name: 'lstm-autoencoder',
  features: ENCODED_FLOW,
  timesteps: 10,
  ahead: 0,
  capacity: 1024,
  build: (seed) => lstmAutoencoder({ timesteps: 10, features: ENCODED_FLOW, activation: 'tanh', seed }),
};

/** The packets of a device, each forecast from those before. */
export const forecasterPlan: NetworkPlan = {
  name: 'lstm-rnn',
  features: ENCODED_PACKET,
  timesteps: 60,
  ahead: 1,
  capacity: 512,
  build: (seed) => lstmRnnForecaster({ timesteps: 60, features: ENCODED_PACKET, seed }),
};

/** A trained network with what it takes to use it. */
export interface Network {
  readonly model: Sequential;
  readonly scaler: Scaler;
  /** Mean squared error of each feature on what it was trained on [F]. */
  readonly noise: Float32Array;
}

export interface TrainingData {
  readonly scaler: Scaler;
  /** [S, T, F] each. */
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Training material of sequences [T + ahead, F], scaled by a scaler that is fitted to it. */
export function prepareTraining(
  { features, timesteps, ahead }: NetworkPlan,
  sequences: readonly Float32Array[],
): TrainingData {
  const size = timesteps * features;
  const whole = new Float32Array(sequences.length * (timesteps + ahead) * features);
  sequences.forEach((sequence, s) => {
    whole.set(sequence, s * (timesteps + ahead) * features);
  });
  const scaler = fitStandardizer(whole, features);
  standardize(scaler, whole);
  if (ahead === 0) return { scaler, x: whole, y: whole };
  const x = new Float32Array(sequences.length * size);
  const y = new Float32Array(sequences.length * size);
  for (let s = 0; s < sequences.length; s++) {
    const at = s * (size + features);
    x.set(whole.subarray(at, at + size), s * size);
    y.set(whole.subarray(at + features, at + features + size), s * size);
  }
  return { scaler, x, y };
}

/** The trained model with its noise on the training data. */
export function finishNetwork(
  { features }: NetworkPlan,
  model: Sequential,
  data: TrainingData,
  engine: Engine,
): Network {
  const { scaler, x, y } = data;
  const noise = new Float64Array(features);
  const rows = y.length / features;
  const output = predict(model, x, x.length / (model.inputShape[0] * features), { engine });
  for (let i = 0; i < y.length; i++) noise[i % features] += (y[i] - output[i]) ** 2 / rows;
  return { model, scaler, noise: Float32Array.from(noise) };
}

/** What hardly ever varied is not taken as exactly known. Variances of standardised features. */
const LEAST_NOISE = 0.01;

/**
 * How far a row lies from what was expected of it: the mean over features of ln(1 + squared error / noise). The
 * logarithm keeps one wild feature from outvoting all others.
 */
export function strangeness(
  actual: Float32Array,
  actualAt: number,
  expected: Float32Array,
  expectedAt: number,
  noise: Float32Array,
): number {
  let sum = 0;
  for (let f = 0; f < noise.length; f++) {
    const error = actual[actualAt + f] - expected[expectedAt + f];
    sum += Math.log1p((error * error) / Math.max(LEAST_NOISE, noise[f]));
  }
  return sum / noise.length;
}
