import { describe, expect, it } from 'vitest';
import { loadKernelEngine } from '../../src/model/kernel.ts';
import type { Engine } from '../../src/nn/engine.ts';
import { resolveOptimizer } from '../../src/nn/optimizer.ts';
import { predict } from '../../src/nn/predict.ts';
import { createReferenceTrainer, referenceEngine } from '../../src/nn/reference-engine.ts';
import { describeWith } from '../needs.ts';
import { loadNetworkReference, maxError, missingReferences, referenceNames, relativeError } from './nn-reference.ts';

const engines: [string, Engine][] = [
  ['reference', referenceEngine],
  ['relaxed kernel', loadKernelEngine('relaxed')],
  ['plain kernel', loadKernelEngine('plain')],
];

describeWith(missingReferences, 'the saved networks', () => {
  for (const [title, engine] of engines) {
    describe.each(referenceNames)(`%s on the ${title}`, (name) => {
      const { saved, x, y, createModel } = loadNetworkReference(name);
      const model = createModel();
      const trainer = engine.createTrainer(model, {
        maxBatch: saved.batch,
        loss: 'mse',
        optimizer: resolveOptimizer({ type: 'Adam' }),
      });
      const order = Int32Array.from({ length: saved.batch }, (_, i) => i);
      const backprop = () => trainer.backprop({ x, y }, order, 0, saved.batch, y.length, undefined) / y.length;

      it('has as many parameters', () => {
        expect(model.countParams()).toBe(saved.parameters);
      });

      it('gives the outputs within 1e-5', () => {
        expect(maxError(predict(model, x, saved.batch, { engine }), saved.output.data)).toBeLessThan(1e-5);
      });

      it('gives the loss and every gradient within 1e-4', () => {
        expect(relativeError([backprop()], [saved.loss])).toBeLessThan(1e-5);
        for (const [i, weight] of model.weights.entries()) {
          const gradient = trainer.gradients.subarray(weight.offset, weight.offset + weight.data.length);
          expect(relativeError(gradient, saved.gradients[i].data), weight.name).toBeLessThan(1e-4);
        }
      });

      it('gives ten Adam losses within 1e-5', () => {
        for (const expected of saved.adam_losses) {
          expect(relativeError([backprop()], [expected])).toBeLessThan(1e-5);
          trainer.update();
        }
      });
    });
  }

  // In single precision a relu that sits on its corner may fall to either side, and Adam makes a whole step of it.
  it.each(referenceNames)('%s has the saved weights after ten steps in double precision', (name) => {
    const { saved, createModel } = loadNetworkReference(name);
    const model = createModel();
    const samples = { x: Float64Array.from(saved.input.data), y: Float64Array.from(saved.target_data.data) };
    const parameters = Float64Array.from(saved.weights.flatMap(({ data }) => data));
    const optimizer = resolveOptimizer({ type: 'Adam' });
    const trainer = createReferenceTrainer(model, { maxBatch: saved.batch, loss: 'mse', optimizer }, parameters);
    const order = Int32Array.from({ length: saved.batch }, (_, i) => i);
    for (const expected of saved.adam_losses) {
      const loss = trainer.backprop(samples, order, 0, saved.batch, samples.y.length, undefined) / samples.y.length;
      expect(relativeError([loss], [expected])).toBeLessThan(1e-9);
      trainer.update();
    }
    for (const [i, weight] of model.weights.entries()) {
      const after = Array.from(parameters.subarray(weight.offset, weight.offset + weight.data.length));
      const sum = after.reduce((total, w) => total + w, 0);
      const squares = after.reduce((total, w) => total + w * w, 0);
      const expected = saved.weights_after_10_steps_checksum[i];
      expect(sum, weight.name).toBeCloseTo(expected.sum, 6);
      expect(squares, weight.name).toBeCloseTo(expected.sumsq, 6);
    }
  });
});
