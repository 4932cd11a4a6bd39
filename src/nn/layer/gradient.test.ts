/** Every layer's backward against central differences of its forward, in double precision, at odd sizes. */
import { describe, expect, it } from 'vitest';
import type { Loss } from '../loss.ts';
import { createRandom } from '../random.ts';
import { createReferenceTrainer } from '../reference-engine.ts';
import { createSequential } from '../sequential.ts';
import { type Shape, sizeOf } from '../tensor.ts';
import type { LayerConfig } from './registry.ts';

const step = 1e-5;

/** Largest difference between backprop and central differences, over the largest gradient. */
function gradientError(inputShape: Shape, layers: LayerConfig[], loss: Loss = 'mse', batch = 3): number {
  const model = createSequential({ inputShape, layers, seed: 3 });
  const random = createRandom(4);
  for (const { data } of model.weights) for (let i = 0; i < data.length; i++) data[i] += 0.3 * random.normal();
  const samples = {
    x: Float64Array.from({ length: batch * sizeOf(inputShape) }, random.normal),
    y: Float64Array.from({ length: batch * sizeOf(model.outputShape) }, random.normal),
  };
  const parameters = Float64Array.from(model.parameters);
  const optimizer = { type: 'SGD', learningRate: 1, momentum: 0 } as const;
  const trainer = createReferenceTrainer(model, { maxBatch: batch, loss, optimizer }, parameters);
  const order = Int32Array.from({ length: batch }, (_, i) => batch - 1 - i);
  // The same seed at every evaluation keeps the dropout masks.
  const lossNow = () => trainer.backprop(samples, order, 0, batch, 1, createRandom(5));

  lossNow();
  const gradients = trainer.gradients.slice();
  let worst = 0;
  let largest = 0;
  for (let i = 0; i < parameters.length; i++) {
    const weight = parameters[i];
    parameters[i] = weight + step;
    const above = lossNow();
    parameters[i] = weight - step;
    const below = lossNow();
    parameters[i] = weight;
    worst = Math.max(worst, Math.abs((above - below) / (2 * step) - gradients[i]));
    largest = Math.max(largest, Math.abs(gradients[i]));
  }
  return worst / largest;
}

// A Dense in front makes every layer's dx count too.
const before: LayerConfig = { type: 'Dense', units: 3, activation: 'tanh' };

describe('backward is the derivative of forward', () => {
  it.each(['linear', 'relu', 'sigmoid', 'tanh'] as const)('Dense %s', (activation) => {
    expect(gradientError([5], [before, { type: 'Dense', units: 7, activation }])).toBeLessThan(1e-6);
  });

  it.each([
    { T: 1, activation: 'tanh', recurrentActivation: 'sigmoid', returnSequences: true },
    { T: 4, activation: 'tanh', recurrentActivation: 'sigmoid', returnSequences: true },
    { T: 4, activation: 'relu', recurrentActivation: 'sigmoid', returnSequences: false },
    { T: 3, activation: 'linear', recurrentActivation: 'tanh', returnSequences: true },
  ] as const)('LSTM $T $activation $recurrentActivation', ({ T, ...config }) => {
    expect(gradientError([T, 5], [before, { type: 'LSTM', units: 5, ...config }])).toBeLessThan(1e-6);
  });

  it.each([
    { T: 1, activation: 'tanh', returnSequences: false },
    { T: 5, activation: 'tanh', returnSequences: true },
    { T: 4, activation: 'relu', returnSequences: false },
  ] as const)('SimpleRNN $T $activation', ({ T, ...config }) => {
    expect(gradientError([T, 5], [before, { type: 'SimpleRNN', units: 5, ...config }])).toBeLessThan(1e-6);
  });

  it('RepeatVector, TimeDistributed and Dropout', () => {
    const layers: LayerConfig[] = [
      before,
      { type: 'LSTM', units: 3 },
      { type: 'RepeatVector', n: 4 },
      { type: 'Dropout', rate: 0.4 },
      { type: 'SimpleRNN', units: 3, returnSequences: true },
      { type: 'TimeDistributed', layer: { type: 'Dense', units: 2, activation: 'tanh' } },
    ];
    expect(gradientError([3, 2], layers)).toBeLessThan(1e-6);
  });

  it.each(['mse', 'mae', 'huber'] as const)('loss %s', (loss) => {
    expect(gradientError([4], [{ type: 'Dense', units: 3 }], loss)).toBeLessThan(1e-6);
  });
});
