import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadKernelEngine } from '../../src/model/kernel.ts';
import type { Checkpoint } from '../../src/nn/checkpoint.ts';
import { fit } from '../../src/nn/fit.ts';
import { predict } from '../../src/nn/predict.ts';
import { lstmAutoencoder } from '../../src/nn/preset/lstm-autoencoder.ts';
import { lstmRnnForecaster } from '../../src/nn/preset/lstm-rnn-forecaster.ts';
import { createRandom } from '../../src/nn/random.ts';
import { loadCheckpoint, saveCheckpoint } from '../../src/training/checkpoint-file.ts';
import { createPredictPool } from '../../src/training/predict-pool.ts';
import { train } from '../../src/training/train.ts';

const windows = 101;
const random = createRandom(1);
const x = Float32Array.from({ length: windows * 40 }, (_, i) => Math.sin(i / 7) + 0.1 * random.normal());
/** Equal arrays have equal digests; a difference prints in one line. */
const bits = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
const createModel = () => lstmAutoencoder({ activation: 'tanh', seed: 2 });
const options = { epochs: 4, batchSize: 16, validationSplit: 0.2 };

describe('train', () => {
  it.each([1, 2, 3])('gives the same weights every time with %i workers', async (workers) => {
    const runs = await Promise.all(
      [0, 1].map(async () => {
        const model = createModel();
        const history = await train(model, x, x, { ...options, workers });
        return { parameters: bits(model.parameters), loss: history.loss };
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0].loss.length).toBe(4);
  });

  it('is fit with one worker, and differs from it by rounding with more', async () => {
    const alone = createModel();
    const history = await fit(alone, x, x, { ...options, engine: loadKernelEngine() });
    const one = createModel();
    await train(one, x, x, { ...options, workers: 1 });
    expect(bits(one.parameters)).toBe(bits(alone.parameters));
    const two = await train(createModel(), x, x, { ...options, workers: 2 });
    for (const [i, loss] of two.valLoss.entries()) expect(loss).toBeCloseTo(history.valLoss[i], 4);
  });

  it('drops with other masks in every worker, the same on every run', async () => {
    const short = x.subarray(0, 600 * 6);
    const run = async () => {
      const model = lstmRnnForecaster({ seed: 1 });
      await train(model, short, short, { epochs: 1, batchSize: 3, workers: 2 });
      return bits(model.parameters);
    };
    expect(await run()).toEqual(await run());
  });

  it('reports progress', async () => {
    const epochs: number[] = [];
    const history = await train(createModel(), x, x, {
      ...options,
      workers: 2,
      onEpoch: ({ epoch, loss, valLoss, secondsLeft }) => {
        epochs.push(epoch);
        expect([loss, valLoss, secondsLeft].every(Number.isFinite)).toBe(true);
      },
    });
    expect(epochs).toEqual([1, 2, 3, 4]);
    expect(history.stopped).toBe('epochs');
  });

  it('stops on a signal, in all workers at once', async () => {
    const controller = new AbortController();
    const history = await train(createModel(), x, x, {
      ...options,
      epochs: 100_000,
      patience: Number.POSITIVE_INFINITY,
      workers: 2,
      signal: controller.signal,
      onEpoch: ({ epoch }) => epoch === 3 && controller.abort(),
    });
    expect(history.stopped).toBe('aborted');
    expect(history.loss.length).toBeGreaterThanOrEqual(3);
    const before = await train(createModel(), x, x, { ...options, signal: AbortSignal.abort() });
    expect(before).toMatchObject({ stopped: 'aborted', loss: [] });
  });

  it('stops when it diverges, with finite weights', async () => {
    const model = createModel();
    const diverging = train(model, x, x, { ...options, workers: 2, optimizer: { type: 'SGD', learningRate: 1e30 } });
    await expect(diverging).rejects.toMatchObject({ name: 'NonFiniteLossError', epoch: 1 });
    expect(model.parameters.every(Number.isFinite)).toBe(true);
  });

  it('fails when a worker fails', async () => {
    const oneSample = x.subarray(0, 40);
    await expect(train(createModel(), oneSample, oneSample, { validationSplit: 1, workers: 2 })).rejects.toThrow(
      'none',
    );
  });
});

describe('checkpoints', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'guardian-checkpoint-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('carry a training over a restart', async () => {
    const file = path.join(directory, 'training');
    const whole = createModel();
    let kept: Checkpoint | undefined;
    const keep = (checkpoint: Checkpoint) => {
      kept ??= checkpoint;
    };
    const history = await train(whole, x, x, { ...options, workers: 2, checkpointEvery: 2, onCheckpoint: keep });
    await saveCheckpoint(file, kept!);
    const resume = await loadCheckpoint(file);
    expect(bits(resume.parameters)).toBe(bits(kept!.parameters));
    expect(resume.optimizerSlots.map(bits)).toEqual(kept!.optimizerSlots.map(bits));

    const model = lstmAutoencoder({ activation: 'tanh', seed: 99 });
    const rest = await train(model, x, x, { ...options, workers: 2, resume });
    expect(bits(model.parameters)).toBe(bits(whole.parameters));
    expect(rest.valLoss).toEqual(history.valLoss);
  });

  it('are refused when damaged', async () => {
    const file = path.join(directory, 'damaged');
    let kept: Checkpoint | undefined;
    await fit(createModel(), x, x, {
      epochs: 1,
      engine: loadKernelEngine(),
      onEpoch: ({ checkpoint }) => {
        kept = checkpoint();
      },
    });
    await saveCheckpoint(file, kept!);
    const content = await readFile(file);
    for (const at of [3, 60, content.length - 5]) {
      const flipped = Buffer.from(content);
      flipped[at] ^= 4;
      await writeFile(file, flipped);
      await expect(loadCheckpoint(file)).rejects.toMatchObject({ code: 'checkpoint_damaged' });
    }
    await writeFile(file, content.subarray(0, content.length - 1));
    await expect(loadCheckpoint(file)).rejects.toMatchObject({ code: 'checkpoint_damaged' });
    await expect(loadCheckpoint(path.join(directory, 'absent'))).rejects.toMatchObject({ code: 'file_not_found' });
  });
});

describe('predict pool', () => {
  it('gives what one thread gives, whatever the number of windows', async () => {
    const model = createModel();
    const pool = createPredictPool(model, 2);
    const engine = loadKernelEngine();
    for (const batch of [0, 1, 33, windows]) {
      expect([...(await pool.predict(x, batch))]).toEqual([...predict(model, x, batch, { engine })]);
    }
    const [first, second] = await Promise.all([pool.predict(x, 5), pool.predict(x.subarray(40), 5)]);
    expect([...first.subarray(40)]).toEqual([...second.subarray(0, 160)]);
    await pool.close();
  });
});
