/** The kernels against the reference, at sizes that fill no vector, in both builds. */
import { describe, expect, it } from 'vitest';
import { loadKernelEngine } from '../../model/kernel.ts';
import { fit } from '../fit.ts';
import type { LayerConfig } from '../layer/registry.ts';
import { type OptimizerConfig, resolveOptimizer } from '../optimizer.ts';
import { predict } from '../predict.ts';
import { lstmAutoencoder } from '../preset/lstm-autoencoder.ts';
import { createRandom } from '../random.ts';
import { referenceEngine } from '../reference-engine.ts';
import { createSequential, type Sequential } from '../sequential.ts';
import { type Shape, sizeOf } from '../tensor.ts';

const random = createRandom(2);
const normals = (length: number) => Float32Array.from({ length }, random.normal);

function createModel(inputShape: Shape, layers: LayerConfig[]): Sequential {
  const model = createSequential({ inputShape, layers, seed: 6 });
  for (const { data } of model.weights) for (let i = 0; i < data.length; i++) data[i] += 0.2 * random.normal();
  return model;
}

const networks: Record<string, Sequential> = {
  'one unit, one timestep': createModel([1, 1], [{ type: 'LSTM', units: 1 }]),
  'tanh cells of odd sizes': createModel(
    [3, 5],
    [
      { type: 'LSTM', units: 7, returnSequences: true },
      { type: 'LSTM', units: 6 },
      { type: 'RepeatVector', n: 4 },
      { type: 'LSTM', units: 3, returnSequences: true },
      { type: 'TimeDistributed', layer: { type: 'Dense', units: 5, activation: 'sigmoid' } },
    ],
  ),
  'relu cells of odd sizes': createModel(
    [4, 2],
    [
      { type: 'LSTM', units: 9, activation: 'relu', returnSequences: true },
      { type: 'LSTM', units: 5, activation: 'relu' },
      { type: 'Dense', units: 3, activation: 'tanh' },
    ],
  ),
  'SimpleRNN and Dense': createModel(
    [6, 3],
    [
      { type: 'SimpleRNN', units: 5, returnSequences: true },
      { type: 'Dropout', rate: 0.3 },
      { type: 'SimpleRNN', units: 6, activation: 'relu', returnSequences: true },
      { type: 'SimpleRNN', units: 7, activation: 'sigmoid' },
      { type: 'RepeatVector', n: 2 },
      { type: 'Dropout', rate: 0.5 },
      { type: 'TimeDistributed', layer: { type: 'Dense', units: 9, activation: 'relu' } },
      { type: 'Dense', units: 3 },
    ],
  ),
  'Dense alone': createModel(
    [5],
    [
      { type: 'Dense', units: 6, activation: 'tanh' },
      { type: 'Dense', units: 1 },
    ],
  ),
};

/** Largest difference over the largest value. */
function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let worst = 0;
  let largest = 1e-6;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return worst / largest;
}

describe.each(['relaxed', 'plain'] as const)('the %s build', (build) => {
  const engine = loadKernelEngine(build);

  describe.each(Object.keys(networks))('%s', (name) => {
    const model = networks[name];
    const inputSize = sizeOf(model.inputShape);
    const outputSize = sizeOf(model.outputShape);

    it('predicts within 1e-5 at every batch from 1 to 33', () => {
      const predictor = engine.createPredictor(model, 33);
      for (let batch = 1; batch <= 33; batch++) {
        const x = normals(batch * inputSize);
        const y = new Float32Array(batch * outputSize);
        predictor.run(x, 0, batch, y, 0);
        expect(difference(y, predict(model, x, batch)), `batch ${batch}`).toBeLessThan(1e-5);
      }
    });

    it.each([1, 3, 4, 8, 31, 33])('gives gradients within 1e-4 for a batch of %i', (batch) => {
      const options = { maxBatch: batch, loss: 'huber', optimizer: resolveOptimizer({ type: 'Adam' }) } as const;
      const samples = { x: normals(batch * inputSize), y: normals(batch * outputSize) };
      const order = Int32Array.from({ length: batch }, (_, i) => batch - 1 - i);
      const [ours, reference] = [engine, referenceEngine].map((one) => {
        const trainer = one.createTrainer(model, options);
        const sum = trainer.backprop(samples, order, 0, batch, batch * outputSize, createRandom(8));
        return { sum, trainer, gradients: trainer.gradients.slice() };
      });
      expect(Math.abs(ours.sum - reference.sum)).toBeLessThan(1e-5 * (1 + reference.sum));
      for (const { name, offset, data } of model.weights) {
        const part = (all: ArrayLike<number>) => Array.from(all).slice(offset, offset + data.length);
        expect(difference(part(ours.gradients), part(reference.gradients)), name).toBeLessThan(1e-4);
      }
      const running = ours.trainer.evaluate(samples, 0, batch);
      expect(Math.abs(running - reference.trainer.evaluate(samples, 0, batch))).toBeLessThan(1e-5 * (1 + running));
    });
  });

  it.each<OptimizerConfig>([{ type: 'Adam' }, { type: 'SGD', momentum: 0.9 }])(
    'updates as the reference: $type',
    (config) => {
      const model = networks['tanh cells of odd sizes'];
      const options = { maxBatch: 4, loss: 'mse', optimizer: resolveOptimizer(config), globalClipNorm: 0.5 } as const;
      const trainers = [engine, referenceEngine].map((one) => one.createTrainer(model, options));
      for (let step = 0; step < 20; step++) {
        const gradients = normals(model.countParams());
        for (const trainer of trainers) {
          trainer.gradients.set(gradients);
          trainer.update();
        }
      }
      expect(difference(trainers[0].parameters, trainers[1].parameters)).toBeLessThan(1e-6);
    },
  );

  it('trains as the reference does', async () => {
    const x = normals(40 * 40).map((v) => 0.5 * v);
    const [ours, reference] = await Promise.all(
      [engine, referenceEngine].map((one) => {
        const model = lstmAutoencoder({ activation: 'tanh', seed: 3 });
        return fit(model, x, x, { epochs: 2, batchSize: 16, validationSplit: 0.2, engine: one });
      }),
    );
    expect(difference(ours.loss, reference.loss)).toBeLessThan(1e-5);
    expect(difference(ours.valLoss, reference.valLoss)).toBeLessThan(1e-5);
  });

  it('keeps NaN and infinity visible', () => {
    const model = networks['tanh cells of odd sizes'];
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const x = normals(15);
      x[4] = bad;
      const y = predict(model, x, 1, { engine });
      expect(Number.isFinite(y[0])).toBe(Number.isFinite(predict(model, x, 1)[0]));
    }
  });

  it('runs on the reference what has no kernel', () => {
    const model = createModel([2, 3], [{ type: 'LSTM', units: 2, activation: 'sigmoid' }]);
    const x = normals(6);
    expect(predict(model, x, 1, { engine })).toEqual(predict(model, x, 1));
  });
});
