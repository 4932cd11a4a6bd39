/**
 * The LSTM autoencoder over windows of ten connections of one device, in our own features: trained on benign windows
 * of the whole house, it rebuilds ordinary orders of connections well and others badly.
 * Legend: W windows, T timesteps (connections of a window), F features of a connection.
 */

import type { FlowPoint } from '../../feature/guardian-flow.ts';
import type { Scaler } from '../../feature/scaler.ts';
import type { Engine } from '../../nn/engine.ts';
import { fit } from '../../nn/fit.ts';
import { lstmAutoencoder } from '../../nn/preset/lstm-autoencoder.ts';
import type { Sequential } from '../../nn/sequential.ts';
import { ENCODED_FLOW, encodeFlow } from './encode-flow.ts';
import { fitStandardizer, standardize } from './standardize.ts';

const TIMESTEPS = 10;
const BATCH = 32;

export interface FlowAutoencoder {
  readonly model: Sequential;
  readonly scaler: Scaler;
  /**
   * Error of each point of one device's connections, in order: the mean, over the windows that hold it, of its own
   * squared reconstruction error. Fewer points than a window make one window, with the first one repeated before.
   */
  errors(points: readonly FlowPoint[]): Float64Array;
}

export interface FlowAutoencoderOptions {
  engine: Engine;
  seed: number;
  epochs?: number;
}

function encode(points: readonly FlowPoint[]): Float32Array {
  const rows = new Float32Array(points.length * ENCODED_FLOW);
  points.forEach((point, i) => {
    encodeFlow(point, rows, i * ENCODED_FLOW);
  });
  return rows;
}

/** All windows of rows [N, F]: [W, T, F], W at least 1. */
function windowsOf(rows: Float32Array): Float32Array {
  const count = rows.length / ENCODED_FLOW;
  if (count < TIMESTEPS) {
    const padded = new Float32Array(TIMESTEPS * ENCODED_FLOW);
    for (let t = 0; t < TIMESTEPS; t++) {
      const from = Math.max(0, t - (TIMESTEPS - count)) * ENCODED_FLOW;
      padded.set(rows.subarray(from, from + ENCODED_FLOW), t * ENCODED_FLOW);
    }
    return padded;
  }
  const windows = count - TIMESTEPS + 1;
  const size = TIMESTEPS * ENCODED_FLOW;
  const out = new Float32Array(windows * size);
  for (let w = 0; w < windows; w++) out.set(rows.subarray(w * ENCODED_FLOW, w * ENCODED_FLOW + size), w * size);
  return out;
}

/** Trains on the benign connections of each device, in order. */
export async function trainFlowAutoencoder(
  devices: readonly (readonly FlowPoint[])[],
  { engine, seed, epochs = 40 }: FlowAutoencoderOptions,
): Promise<FlowAutoencoder> {
  const rows = devices.filter((points) => points.length > 0).map(encode);
  const scaler = fitStandardizer(concatenate(rows), ENCODED_FLOW);
  for (const own of rows) standardize(scaler, own);
  const x = concatenate(rows.map(windowsOf));
  const model = lstmAutoencoder({ timesteps: TIMESTEPS, features: ENCODED_FLOW, activation: 'tanh', seed });
  await fit(model, x, x, {
    engine,
    seed,
    epochs,
    batchSize: BATCH,
    clipNorm: 1,
    optimizer: { type: 'Adam', learningRate: 0.003 },
  });
  const predictor = engine.createPredictor(model, BATCH);
  const size = TIMESTEPS * ENCODED_FLOW;
  return {
    model,
    scaler,
    errors(points) {
      const errors = new Float64Array(points.length);
      if (points.length === 0) return errors;
      const own = encode(points);
      standardize(scaler, own);
      const windows = windowsOf(own);
      const count = windows.length / size;
      const output = new Float32Array(BATCH * size);
      const holds = new Float64Array(points.length);
      const padding = Math.max(0, TIMESTEPS - points.length);
      for (let first = 0; first < count; first += BATCH) {
        const batch = Math.min(BATCH, count - first);
        predictor.run(windows, first * size, batch, output, 0);
        for (let w = 0; w < batch; w++) {
          for (let t = padding; t < TIMESTEPS; t++) {
            const point = first + w + t - padding;
            let sum = 0;
            for (let f = 0, at = t * ENCODED_FLOW; f < ENCODED_FLOW; f++, at++) {
              sum += (windows[(first + w) * size + at] - output[w * size + at]) ** 2;
            }
            errors[point] += sum / ENCODED_FLOW;
            holds[point]++;
          }
        }
      }
      return errors.map((error, i) => error / holds[i]);
    },
  };
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}
