/**
 * KitNET (Mirsky, Doitshman, Elovici, Shabtai, NDSS 2018) on our packet features: features that go together share a
 * small autoencoder; another one judges their errors. Built for the comparison, trained in batches.
 * Legend: N packets, F features, G groups.
 */
import { AppError } from '../../errors.ts';
import { loadKernelEngine } from '../../model/kernel.ts';
import type { Engine, Predictor } from '../../nn/engine.ts';
import { fit } from '../../nn/fit.ts';
import { createSequential, type Sequential } from '../../nn/sequential.ts';
import { encodeCapture, guardianSet } from './forecaster.ts';
import type { PacketJudge } from './judge.ts';

/** Features in a group at most, and the share of them that the hidden layer holds: the paper's. */
const GROUP = 10;
const HIDDEN = 0.75;
const EPOCHS = 30;
const ROWS = 512;

/** Scales each column of rows [N, F] by its extremes in training, as the paper does. */
function fitMinMax(rows: Float32Array, features: number) {
  const low = new Float32Array(features).fill(Number.POSITIVE_INFINITY);
  const high = new Float32Array(features).fill(Number.NEGATIVE_INFINITY);
  rows.forEach((value, i) => {
    const f = i % features;
    low[f] = Math.min(low[f], value);
    high[f] = Math.max(high[f], value);
  });
  return (data: Float32Array): Float32Array =>
    data.map((value, i) => (value - low[i % features]) / Math.max(1e-6, high[i % features] - low[i % features]));
}

/** Groups of correlated columns: the two nearest groups that fit together are joined until none are left. */
export function groupFeatures(rows: Float32Array, features: number): number[][] {
  const n = rows.length / features;
  const columns = Array.from({ length: features }, (_, f) => {
    const column = Float64Array.from({ length: n }, (_, i) => rows[i * features + f]);
    const mean = column.reduce((sum, value) => sum + value, 0) / n;
    const centred = column.map((value) => value - mean);
    const norm = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0)) || 1;
    return centred.map((value) => value / norm);
  });
  const distance = columns.map((a) => columns.map((b) => 1 - a.reduce((sum, value, i) => sum + value * b[i], 0)));
  const groups = columns.map((_, f) => [f]);
  for (;;) {
    let best = { gap: Number.POSITIVE_INFINITY, i: 0, j: 0 };
    for (let i = 0; i < groups.length; i++) {
      for (let j = i + 1; j < groups.length; j++) {
        if (groups[i].length + groups[j].length > GROUP) continue;
        const gap = Math.min(...groups[i].flatMap((a) => groups[j].map((b) => distance[a][b])));
        if (gap < best.gap) best = { gap, i, j };
      }
    }
    if (best.gap >= 1) return groups;
    groups[best.i].push(...groups[best.j]);
    groups.splice(best.j, 1);
  }
}

/** An autoencoder of one small hidden layer, trained on rows [N, F] between 0 and 1. */
async function trainAutoencoder(rows: Float32Array, features: number, seed: number, engine: Engine) {
  const model = createSequential({
    inputShape: [1, features],
    seed,
    layers: [
      { type: 'Dense', units: Math.max(1, Math.ceil(HIDDEN * features)), activation: 'sigmoid' },
      { type: 'Dense', units: features, activation: 'sigmoid' },
    ],
  });
  await fit(model, rows, rows, {
    ...{ engine, seed, epochs: EPOCHS, batchSize: 64 },
    optimizer: { type: 'Adam', learningRate: 0.003 },
  });
  return model;
}

/** Root mean squared error of each row's reconstruction [N]. */
function reconstructionErrors(predictor: Predictor, rows: Float32Array, features: number): Float32Array {
  const n = rows.length / features;
  const errors = new Float32Array(n);
  const output = new Float32Array(ROWS * features);
  for (let first = 0; first < n; first += ROWS) {
    const batch = Math.min(ROWS, n - first);
    predictor.run(rows, first * features, batch, output, 0);
    for (let i = 0; i < batch * features; i++) {
      errors[first + Math.floor(i / features)] += (rows[first * features + i] - output[i]) ** 2 / features;
    }
  }
  return errors.map(Math.sqrt);
}

function joinRows(rows: readonly Float32Array[], features: number): Float32Array {
  const joined = new Float32Array(rows.length * features);
  for (const [i, row] of rows.entries()) joined.set(row, i * features);
  return joined;
}

const columnsOf = (rows: Float32Array, features: number, group: readonly number[]): Float32Array => {
  const picked = new Float32Array((rows.length / features) * group.length);
  for (let i = 0; i < picked.length; i++)
    picked[i] = rows[Math.floor(i / group.length) * features + group[i % group.length]];
  return picked;
};

export const kitnetJudge: PacketJudge = {
  name: 'kitnet',
  async train(captures, { seed }) {
    const engine = loadKernelEngine();
    const { size } = guardianSet;
    const taught: Float32Array[] = [];
    for (const frames of captures) encodeCapture(frames, guardianSet, (_, row) => taught.push(row));
    if (taught.length === 0) {
      throw new AppError('no_network_taught', {
        detector: 'kitnet',
        seen: 'no packet',
        needed: 'some hundred packets',
      });
    }
    const raw = joinRows(taught, size);
    const scale = fitMinMax(raw, size);
    const rows = scale(raw);
    const groups = groupFeatures(rows, size);
    const models: Sequential[] = [];
    for (const [g, group] of groups.entries())
      models.push(await trainAutoencoder(columnsOf(rows, size, group), group.length, seed + g, engine));
    const members = models.map((model) => engine.createPredictor(model, ROWS));
    /** [N, G] */
    const judge = (data: Float32Array): Float32Array => {
      const errors = new Float32Array((data.length / size) * groups.length);
      groups.forEach((group, g) => {
        reconstructionErrors(members[g], columnsOf(data, size, group), group.length).forEach((error, i) => {
          errors[i * groups.length + g] = error;
        });
      });
      return errors;
    };
    const taughtErrors = judge(rows);
    const scaleErrors = fitMinMax(taughtErrors, groups.length);
    const last = await trainAutoencoder(scaleErrors(taughtErrors), groups.length, seed, engine);
    const output = engine.createPredictor(last, ROWS);
    return {
      modelBytes: [...models, last].reduce((sum, { parameters }) => sum + parameters.byteLength, 0),
      score(frames) {
        const [watched, indices]: [Float32Array[], number[]] = [[], []];
        encodeCapture(frames, guardianSet, (_, row, index) => {
          watched.push(row);
          indices.push(index);
        });
        const rows = scale(joinRows(watched, size));
        const errors = reconstructionErrors(output, scaleErrors(judge(rows)), groups.length);
        const scores = new Float64Array(frames.length);
        errors.forEach((error, i) => {
          scores[indices[i]] = error;
        });
        return scores;
      },
    };
  },
};
