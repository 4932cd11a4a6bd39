import { describe, expect, it } from 'vitest';
import type { Checkpoint } from './checkpoint.ts';
import { NonFiniteLossError, fit as train } from './fit.ts';
import type { LayerConfig } from './layer/registry.ts';
import { predict } from './predict.ts';
import { createRandom } from './random.ts';
import { createSequential } from './sequential.ts';

const layers: LayerConfig[] = [
  { type: 'LSTM', units: 6, returnSequences: true },
  { type: 'Dropout', rate: 0.1 },
  { type: 'TimeDistributed', layer: { type: 'Dense', units: 2 } },
];
const createModel = (seed = 1) => createSequential({ inputShape: [5, 2], layers, seed });

/** Sines of random phase: easy to reconstruct, so the loss must fall. */
function createData(count: number): Float32Array {
  const random = createRandom(9);
  const x = new Float32Array(count * 10);
  for (let n = 0; n < count; n++) {
    const phase = random.uniform() * 6;
    for (let t = 0; t < 5; t++) x.set([Math.sin(phase + t), Math.cos(phase + t)], n * 10 + t * 2);
  }
  return x;
}
const x = createData(50);

describe('fit', () => {
  it('learns', async () => {
    const model = createModel();
    const history = await train(model, x, x, {
      epochs: 60,
      batchSize: 8,
      optimizer: { type: 'Adam', learningRate: 0.02 },
    });
    expect(history.loss.at(-1)!).toBeLessThan(0.2 * history.loss[0]);
    const y = predict(model, x, 50);
    expect(y.reduce((sum, v, i) => sum + (v - x[i]) ** 2, 0) / y.length).toBeLessThan(0.05);
  });

  it('gives the same weights for the same seed, and others for another', async () => {
    const run = async (seed: number) => {
      const model = createModel();
      await train(model, x, x, { epochs: 3, batchSize: 16, seed });
      return model.parameters;
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  it('holds back the last part, stops early and keeps the best weights', async () => {
    const model = createModel();
    // The last fifth contradicts the rest: learning the rest makes it worse.
    const y = x.map((v, i) => (i < 400 ? v : -3 * v));
    const best: Float32Array[] = [];
    const history = await train(model, x, y, {
      epochs: 50,
      batchSize: 10,
      validationSplit: 0.2,
      patience: 3,
      optimizer: { type: 'Adam', learningRate: 0.05 },
      onEpoch: ({ best: isBest, checkpoint }) => void (isBest && best.push(checkpoint().parameters)),
    });
    expect(history.stopped).toBe('patience');
    expect(history.valLoss.length).toBe(history.bestEpoch + 1 + 3);
    expect(Math.min(...history.valLoss)).toBe(history.valLoss[history.bestEpoch]);
    expect(model.parameters).toEqual(best.at(-1));
  });

  it('goes on from a checkpoint as if nothing had happened', async () => {
    const whole = createModel();
    const options = { batchSize: 16, validationSplit: 0.2, epochs: 6 };
    let kept: Checkpoint | undefined;
    const history = await train(whole, x, x, {
      ...options,
      onEpoch: ({ epoch, checkpoint }) => {
        if (epoch === 4) kept = checkpoint();
      },
    });
    const resumed = createModel(77);
    const rest = await train(resumed, x, x, { ...options, resume: kept });
    expect(resumed.parameters).toEqual(whole.parameters);
    expect(rest.loss).toEqual(history.loss);
  });

  it('stops on a signal with the best weights so far', async () => {
    const controller = new AbortController();
    const model = createModel();
    const history = await train(model, x, x, {
      epochs: 1000,
      signal: controller.signal,
      onEpoch: ({ epoch }) => void (epoch === 2 && controller.abort()),
    });
    expect(history).toMatchObject({ stopped: 'aborted' });
    expect(history.loss.length).toBe(2);
    expect(model.parameters).not.toEqual(createModel().parameters);
  });

  it('stops when the loss is not finite, with the last good weights', async () => {
    const model = createModel();
    const bad = x.slice();
    bad[455] = Number.NaN;
    const options = { epochs: 3, batchSize: 10, shuffle: false };
    const error = await train(model, bad, bad, options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NonFiniteLossError);
    expect(error).toMatchObject({ epoch: 1, batch: 5 });
    expect(model.parameters).toEqual(createModel().parameters);

    const exploding = train(model, x, x, { ...options, optimizer: { type: 'SGD', learningRate: 1e30 } });
    await expect(exploding).rejects.toThrow('not finite');
    expect(predict(model, x, 50).every(Number.isFinite)).toBe(true);
  });

  it('clips', async () => {
    const model = createModel();
    const before = model.parameters.slice();
    const optimizer = { type: 'SGD', learningRate: 1 } as const;
    await train(model, x, x, { epochs: 1, batchSize: 50, optimizer, globalClipNorm: 1e-3 });
    expect(Math.hypot(...model.parameters.map((w, i) => w - before[i]))).toBeCloseTo(1e-3, 6);
  });

  it('refuses samples that do not fit', async () => {
    await expect(train(createModel(), x, x.subarray(0, 99))).rejects.toThrow('not the same number');
    await expect(train(createModel(), x, x, { validationSplit: 1 })).rejects.toThrow('leave none');
  });
});
