import { describe, expect, it } from 'vitest';
import { loadKernelEngine } from '../../../src/model/kernel.ts';
import { quantize } from '../../../src/nn/int8/quantize.ts';
import { lstmAutoencoder } from '../../../src/nn/preset/lstm-autoencoder.ts';
import { lstmRnnForecaster } from '../../../src/nn/preset/lstm-rnn-forecaster.ts';

const calls = 2_000;

/** Bytes of heap that a call takes, in several rounds from the least to the most. */
function roundsOf(call: () => void): number[] {
  for (let i = 0; i < calls; i++) call();
  const rounds = Array.from({ length: 7 }, () => {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < calls; i++) call();
    return Math.abs(process.memoryUsage().heapUsed - before) / calls;
  });
  return rounds.sort((a, b) => a - b);
}

/** The least of them: the compiler and the collector come in between, and only ever disturb. */
const bytesPerCall = (call: () => void): number => roundsOf(call)[0];

describe('after warm-up nothing is allocated', () => {
  const engine = loadKernelEngine();

  it('by the measure itself a small object is seen', () => {
    const kept: object[] = [];
    // The collector may hide what one round took, not what most of them did.
    expect(roundsOf(() => void kept.push({ a: kept.length }))[3]).toBeGreaterThan(8);
  });

  it('per batch of windows', () => {
    const predictor = engine.createPredictor(lstmAutoencoder(), 4);
    const x = new Float32Array(160);
    const y = new Float32Array(160);
    expect(bytesPerCall(() => predictor.run(x, 0, 4, y, 0))).toBeLessThan(4);
  });

  it('per batch of windows in int8', () => {
    const model = lstmAutoencoder();
    const windows = Float32Array.from({ length: 640 }, (_, i) => Math.sin(i));
    const predictor = engine.createInt8Predictor(quantize(model, windows, 16), 4);
    const y = new Float32Array(160);
    expect(bytesPerCall(() => predictor.run(windows, 0, 4, y, 0))).toBeLessThan(4);
  });

  it.each([1, 4])('per step of %i streams', (count) => {
    const stepper = engine.createStepper(lstmRnnForecaster(), count);
    const streams = Int32Array.from({ length: count }, () => stepper.start());
    const x = new Float32Array(count * 10);
    const y = new Float32Array(count * 10);
    expect(bytesPerCall(() => stepper.step(streams, count, x, 0, y, 0))).toBeLessThan(4);
  });
});
