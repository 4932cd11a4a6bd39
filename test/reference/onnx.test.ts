/** Exported networks run by ONNX Runtime, and what they give beside what we give. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { loadKernelEngine } from '../../src/model/kernel.ts';
import { fit } from '../../src/nn/fit.ts';
import type { LayerConfig } from '../../src/nn/layer/registry.ts';
import { exportOnnx } from '../../src/nn/onnx/export-onnx.ts';
import { predict } from '../../src/nn/predict.ts';
import { lstmAutoencoder } from '../../src/nn/preset/lstm-autoencoder.ts';
import { lstmRnnForecaster } from '../../src/nn/preset/lstm-rnn-forecaster.ts';
import { createRandom } from '../../src/nn/random.ts';
import { createSequential, type Sequential } from '../../src/nn/sequential.ts';
import { sizeOf } from '../../src/nn/tensor.ts';
import { maxError } from './nn-reference.ts';

const random = createRandom(1);
const normals = (length: number) => Float32Array.from({ length }, random.normal);

async function runOnnx(file: Uint8Array, model: Sequential, x: Float32Array, batch: number): Promise<Float32Array> {
  const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
  const { output } = await session.run({ input: new Tensor('float32', x, [batch, ...model.inputShape]) });
  expect(output.dims).toEqual([batch, ...model.outputShape]);
  await session.release();
  return output.data as Float32Array;
}

const everyLayer: LayerConfig[] = [
  { type: 'SimpleRNN', units: 5, activation: 'relu', returnSequences: true },
  { type: 'Dropout', rate: 0.5 },
  { type: 'LSTM', units: 6, activation: 'relu', returnSequences: true },
  { type: 'SimpleRNN', units: 4 },
  { type: 'Dense', units: 5, activation: 'sigmoid' },
  { type: 'RepeatVector', n: 3 },
  { type: 'LSTM', units: 3 },
  { type: 'Dense', units: 2, activation: 'tanh' },
];
const networks: Record<string, Sequential> = {
  'autoencoder, relu': lstmAutoencoder({ activation: 'relu', seed: 1 }),
  'autoencoder, tanh': lstmAutoencoder({ activation: 'tanh', seed: 2 }),
  forecaster: lstmRnnForecaster({ seed: 3 }),
  'every layer': createSequential({ inputShape: [4, 3], layers: everyLayer, seed: 4 }),
  'Dense alone': createSequential({ inputShape: [3], layers: [{ type: 'Dense', units: 2, activation: 'relu' }] }),
};

describe('exportOnnx', () => {
  it.each(Object.keys(networks))('ONNX Runtime gives our outputs within 1e-5: %s', async (name) => {
    const model = networks[name];
    for (const batch of [1, 7]) {
      const x = normals(batch * sizeOf(model.inputShape));
      const theirs = await runOnnx(exportOnnx(model), model, x, batch);
      expect(maxError(theirs, predict(model, x, batch))).toBeLessThan(1e-5);
      expect(maxError(theirs, predict(model, x, batch, { engine: loadKernelEngine() }))).toBeLessThan(1e-5);
    }
  });

  it.each([false, true])('gives one timestep with its states, int8: %s', async (int8) => {
    const model = networks.forecaster;
    const session = await InferenceSession.create(exportOnnx(model, { step: true, int8 }), { logSeverityLevel: 3 });
    const stepper = loadKernelEngine().createStepper(model, 2);
    const streams = [stepper.start(), stepper.start()];
    const widths: Record<string, number> = { lstm: 64, lstm_1: 32, simple_rnn: 32 };
    const feeds: Record<string, Tensor> = {};
    for (const name of session.inputNames.filter((one) => one !== 'input')) {
      const units = widths[name.replace(/_[hc]$/, '')];
      feeds[name] = new Tensor('float32', new Float32Array(2 * units), [1, 2, units]);
    }
    expect(Object.keys(feeds)).toEqual(['lstm_h', 'lstm_c', 'lstm_1_h', 'lstm_1_c', 'simple_rnn_h']);
    for (let step = 0; step < 20; step++) {
      const x = normals(20);
      const y = new Float32Array(20);
      stepper.step(streams, 2, x, 0, y, 0);
      const results = await session.run({ ...feeds, input: new Tensor('float32', x, [2, 10]) });
      expect(maxError(y, results.output.data as Float32Array)).toBeLessThan(int8 ? 0.05 : 1e-5);
      for (const name of Object.keys(feeds)) feeds[name] = results[`${name}_next`] as Tensor;
    }
    await session.release();
    expect(() => exportOnnx(networks['every layer'], { step: true })).toThrow('one timestep');
  });

  it.each(['tanh', 'relu'] as const)('int8: a third of the size, outputs near ours: %s', async (activation) => {
    const model = lstmAutoencoder({ activation, seed: 1 });
    const x = Float32Array.from(
      { length: 200 * 40 },
      (_, i) => Math.sin(i / 7 + Math.floor(i / 40)) + 0.1 * random.normal(),
    );
    await fit(model, x, x, { epochs: 10, engine: loadKernelEngine(), clipNorm: 1 });
    const float = exportOnnx(model);
    const int8 = exportOnnx(model, { int8: true });
    expect(int8.length / float.length).toBeLessThan(0.35);
    const batch = 20;
    const theirs = await runOnnx(int8, model, x.subarray(0, batch * 40), batch);
    const ours = predict(model, x, batch);
    const mean = ours.reduce((sum, v) => sum + v, 0) / ours.length;
    const spread = ours.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    const error = ours.reduce((sum, v, i) => sum + (v - theirs[i]) ** 2, 0);
    expect(Math.sqrt(error / spread)).toBeLessThan(0.05);
  });
});
