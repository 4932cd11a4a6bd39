import { describe, expect, it } from 'vitest';
import { computeThreshold } from '../detector/published/threshold.ts';
import { loadKernelEngine } from '../model/kernel.ts';
import type { ModelManifest } from '../model/manifest.ts';
import { fit } from '../nn/fit.ts';
import { predict } from '../nn/predict.ts';
import { lstmAutoencoder } from '../nn/preset/lstm-autoencoder.ts';
import { createRandom } from '../nn/random.ts';
import { optimizeModel, windowErrors } from './optimize-model.ts';

const engine = loadKernelEngine();
const random = createRandom(1);
/** Waves; with `noise` they are not what was trained on. */
function createWindows(count: number, noise: number): Float32Array {
  const x = new Float32Array(count * 40);
  for (let n = 0; n < count; n++) {
    const phase = 6 * random.uniform();
    for (let i = 0; i < 40; i++) x[n * 40 + i] = Math.sin(phase + i / 5) + noise * random.normal();
  }
  return x;
}

describe('optimizeModel', async () => {
  const model = lstmAutoencoder({ activation: 'tanh', seed: 1 });
  const x = createWindows(600, 0.05);
  await fit(model, x, x, { epochs: 25, engine });
  const errors = windowErrors(model, { x, count: 600 }, predict(model, x, 600, { engine }));
  const strategy = { kind: 'mean-std', k: 3 } as const;
  const fixed = { kind: 'fixed', value: 0.5 } as const;
  const median = computeThreshold(errors, { kind: 'percentile', percent: 50 });
  const manifest = {
    detector: 'lstm-autoencoder',
    features: { name: 'waves', version: 1, columns: ['a', 'b', 'c', 'd'] },
    threshold: { strategy, value: computeThreshold(errors, strategy) },
    alternatives: [{ strategy: fixed, value: median }],
    notes: '',
  } as unknown as ModelManifest;

  const strange = createWindows(200, 0.5);
  const mixed = new Float32Array([...createWindows(200, 0.05), ...strange]);
  /** Share of pairs of an ordinary and a strange window where the strange one scores higher. */
  const auc = (scores: Float32Array) => {
    let above = 0;
    for (let i = 0; i < 200; i++) for (let j = 200; j < 400; j++) above += scores[j] > scores[i] ? 1 : 0;
    return above / 40_000;
  };
  const { network, details, report } = optimizeModel(
    { model, manifest },
    { engine, calibration: { x, count: 600 }, evaluation: { x: mixed, count: 400, auc } },
  );

  it('reports size, error, speed and the area under the curve', () => {
    expect(report.bytes.after / report.bytes.before).toBeLessThan(0.29);
    expect(report.outputError).toBeGreaterThan(0);
    expect(report.outputError).toBeLessThan(0.02);
    expect(report.windowsPerSecond.before).toBeGreaterThan(1000);
    expect(report.windowsPerSecond.after).toBeGreaterThan(1000);
    expect(report.auc!.before).toBeGreaterThan(0.9);
    expect(Math.abs(report.auc!.after - report.auc!.before)).toBeLessThan(0.01);
    expect(report.integers).toBe(network.integers.size);
  });

  it('derives every threshold anew from the quantized scores', () => {
    const predictor = engine.createInt8Predictor(network, 600);
    const y = new Float32Array(x.length);
    predictor.run(x, 0, 600, y, 0);
    const scores = windowErrors(model, { x, count: 600 }, y);
    expect(details.threshold.value).toBeCloseTo(computeThreshold(scores, strategy), 6);
    expect(details.threshold.value).not.toBe(manifest.threshold.value);
    // The fixed one stays at its rank.
    const below = scores.filter((score) => score <= details.alternatives![0].value).length;
    expect(Math.abs(below - 300)).toBeLessThanOrEqual(1);
  });

  it('needs some windows', () => {
    expect(() => optimizeModel({ model, manifest }, { engine, calibration: { x, count: 15 } })).toThrow(
      'fewer than 16',
    );
  });
});
