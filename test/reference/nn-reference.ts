/** The saved networks of ../shared/reference/nn: weights, inputs, outputs, gradients and ten Adam losses, in float64. */
import { readFileSync } from 'node:fs';
import type { LayerConfig } from '../../src/nn/layer/registry.ts';
import { createSequential, type Sequential } from '../../src/nn/sequential.ts';
import { missingShared, sharedFolder } from '../needs.ts';

const folder = sharedFolder('reference/nn');
export const referenceNames = ['lstm-autoencoder-relu', 'lstm-autoencoder-tanh', 'lstm-rnn-forecaster'] as const;
export const missingReferences = missingShared('reference/nn');

interface SavedTensor {
  shape: number[];
  data: number[];
}

interface Saved {
  layers: Record<string, unknown>[];
  timesteps: number;
  features: number;
  batch: number;
  parameters: number;
  weights: (SavedTensor & { layer: number; name: string })[];
  gradients: SavedTensor[];
  input: SavedTensor;
  target_data: SavedTensor;
  output: SavedTensor;
  loss: number;
  adam_losses: number[];
  weights_after_10_steps_checksum: { sum: number; sumsq: number }[];
}

export interface NetworkReference {
  readonly saved: Saved;
  readonly x: Float32Array;
  readonly y: Float32Array;
  createModel(): Sequential;
}

const camel = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/_(\w)/g, (_, c: string) => c.toUpperCase()),
      camel(inner),
    ]),
  );
};

export function loadNetworkReference(name: (typeof referenceNames)[number]): NetworkReference {
  const saved = JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')) as Saved;
  return {
    saved,
    x: Float32Array.from(saved.input.data),
    y: Float32Array.from(saved.target_data.data),
    createModel: () => {
      const layers = saved.layers.map((layer) => camel(layer) as LayerConfig);
      const model = createSequential({ inputShape: [saved.timesteps, saved.features], layers });
      for (const [i, weight] of model.weights.entries()) weight.data.set(saved.weights[i].data);
      return model;
    },
  };
}

/** Largest difference. */
export function maxError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let worst = actual.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
  return worst;
}

/** Largest difference, as a share of the largest expected value. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(expected[i]));
  return maxError(actual, expected) / largest;
}
