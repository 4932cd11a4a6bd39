import { describe, expect, it } from 'vitest';
import { loadKernelEngine } from '../model/kernel.ts';
import type { LayerConfig } from './layer/registry.ts';
import { predict } from './predict.ts';
import { lstmAutoencoder } from './preset/lstm-autoencoder.ts';
import { lstmRnnForecaster } from './preset/lstm-rnn-forecaster.ts';
import { createRandom } from './random.ts';
import { referenceEngine } from './reference-engine.ts';
import { createSequential, type Sequential } from './sequential.ts';
import { createSlots } from './slots.ts';
import { featuresOf } from './tensor.ts';

const random = createRandom(3);
const engines = { reference: referenceEngine, relaxed: loadKernelEngine('relaxed'), plain: loadKernelEngine('plain') };

const odd: LayerConfig[] = [
  { type: 'LSTM', units: 7, activation: 'relu', returnSequences: true },
  { type: 'SimpleRNN', units: 5, activation: 'relu', returnSequences: true },
  { type: 'Dropout', rate: 0.5 },
  { type: 'Dense', units: 3, activation: 'sigmoid' },
];
const networks: Record<string, Sequential> = {
  forecaster: lstmRnnForecaster({ timesteps: 12, seed: 4 }),
  'odd sizes': createSequential({ inputShape: [12, 3], layers: odd, seed: 5 }),
};

describe.each(Object.entries(engines))('stepping on the %s engine', (_, engine) => {
  it.each(Object.keys(networks))('equals the whole window, as streams come and go: %s', (name) => {
    const model = networks[name];
    const [T, F] = model.inputShape;
    const U = featuresOf(model.outputShape);
    const stepper = engine.createStepper(model, 70);
    interface Live {
      stream: number;
      steps: number;
      x: Float32Array;
      expected: Float32Array;
    }
    let live: Live[] = [];
    let finished = 0;
    let most = 0;
    for (let round = 0; round < 60; round++) {
      // One stream in the beginning, then up to all of them, more than one pass takes.
      while (live.length < Math.min(1 + round * 2, 70)) {
        const x = Float32Array.from({ length: T * F }, random.normal);
        live.push({ stream: stepper.start(), steps: 0, x, expected: predict(model, x, 1) });
      }
      most = Math.max(most, stepper.open);
      // Only some have a packet now, in any order.
      const now = live.filter(() => random.uniform() < 0.7).reverse();
      const x = new Float32Array(1 + now.length * F);
      const y = new Float32Array(2 + now.length * U);
      now.forEach(({ x: all, steps }, i) => {
        x.set(all.subarray(steps * F, (steps + 1) * F), 1 + i * F);
      });
      const streams = now.map(({ stream }) => stream);
      stepper.step(streams, now.length, x, 1, y, 2);
      for (const [i, one] of now.entries()) {
        for (let u = 0; u < U; u++) {
          expect(Math.abs(y[2 + i * U + u] - one.expected[one.steps * U + u])).toBeLessThan(1e-5);
        }
        one.steps++;
      }
      for (const { stream } of live.filter(({ steps }) => steps === T)) stepper.end(stream);
      finished += live.filter(({ steps }) => steps === T).length;
      live = live.filter(({ steps }) => steps < T);
      expect(stepper.open).toBe(live.length);
    }
    expect(most).toBe(70);
    expect(finished).toBeGreaterThan(100);
  });

  it('refuses networks that need the whole window', () => {
    expect(() => engine.createStepper(lstmAutoencoder(), 4)).toThrow('lstm_1 cannot run one timestep at a time');
  });
});

describe('slots', () => {
  it('are given once', () => {
    const slots = createSlots(2);
    const first = slots.take();
    const second = slots.take();
    expect(first).not.toBe(second);
    expect(() => slots.take()).toThrow('All 2 streams are taken');
    slots.giveBack(first);
    expect(() => slots.giveBack(first)).toThrow(`Stream ${first} is not open`);
    expect(slots.take()).toBe(first);
  });
});
