/**
 * The numeric engine: scoring, training and stepping, each beside ONNX Runtime or PyTorch in the same run, with tanh
 * cells and, as -relu, with the published relu cells.
 */
import { readFileSync } from 'node:fs';
import { loadKernelEngine } from '../../src/model/kernel.ts';
import { encodeFloats, encodeQuantized } from '../../src/model/weights-file.ts';
import type { Predictor } from '../../src/nn/engine.ts';
import { fit } from '../../src/nn/fit.ts';
import { quantize } from '../../src/nn/int8/quantize.ts';
import { resolveOptimizer } from '../../src/nn/optimizer.ts';
import { lstmAutoencoder } from '../../src/nn/preset/lstm-autoencoder.ts';
import { lstmRnnForecaster } from '../../src/nn/preset/lstm-rnn-forecaster.ts';
import { createRandom } from '../../src/nn/random.ts';
import { createPredictPool } from '../../src/training/predict-pool.ts';
import { type Benchmark, compare, fact, type Row, type Work } from '../bench.ts';
import { onnxSteps, onnxWork, sgemmPeak } from './onnx.ts';
import { epochWindows, startTorch } from './torch.ts';

const windows = 4096;
const batch = 32;
const size = 40;
/** Multiplications and additions of one window: what its products need, cells not counted. */
const windowFlops = 2 * 10 * (54 * 200 + 70 * 80 + 40 * 80 + 70 * 200 + 50 * 4);
const engine = loadKernelEngine();
const { version } = JSON.parse(
  readFileSync(new URL('../../node_modules/onnxruntime-node/package.json', import.meta.url), 'utf8'),
);
const onnx = (threads: number) => `ONNX Runtime ${version}, fp32, ${threads} thread${threads > 1 ? 's' : ''}`;

/** Waves of random phase and loudness, with noise. */
function createWindows(count: number): Float32Array {
  const random = createRandom(1);
  const x = new Float32Array(new SharedArrayBuffer(count * size * 4));
  for (let n = 0; n < count; n++) {
    for (let f = 0; f < 4; f++) {
      const phase = 6 * random.uniform();
      const loud = 2 * random.uniform();
      for (let t = 0; t < 10; t++) {
        x[n * size + t * 4 + f] = loud * Math.sin(phase + t * (0.5 + f)) + 0.1 * random.normal();
      }
    }
  }
  return x;
}

const x = createWindows(windows);
const y = new Float32Array(windows * size);

/** Scores all windows once. */
const scoring = (predictor: Predictor): Work => {
  return () => {
    for (let at = 0; at < windows; at += batch) predictor.run(x, at * size, batch, y, at * size);
    return windows;
  };
};

const run: Benchmark = async (_files, note) => {
  const rows: Row[] = [];
  const add = (row: Row) => {
    rows.push(row);
    note(`${row.name} ${row.value.toPrecision(4)} ${row.unit}`);
  };
  const torch = await startTorch();
  if (!torch) note('PyTorch is not installed (Debian: python3-torch): training runs without a peer');
  for (const activation of ['tanh', 'relu'] as const) {
    const suffix = activation === 'relu' ? '-relu' : '';
    const model = lstmAutoencoder({ activation, seed: 1 });
    const trained = x.subarray(0, 1024 * size);
    await fit(model, trained, trained, { epochs: 15, engine, clipNorm: 1 });
    const network = quantize(model, trained, 300);
    const float = engine.createPredictor(model, batch);
    const int8 = engine.createInt8Predictor(network, batch);
    const peer = { name: onnx(1), work: await onnxWork(model, x, windows, 1) };

    add(await compare(`autoencoder-fp32${suffix}`, 'windows/s', scoring(float), peer));
    const speed = rows[rows.length - 1].value;
    if (!suffix) {
      const peak = (await compare('sgemm', 'GFLOP/s', await sgemmPeak())).value;
      const own = (speed * windowFlops) / 1e9;
      add(
        fact('autoencoder-fp32-gflops', own, 'GFLOP/s', { name: `sgemm peak, ONNX Runtime ${version}`, value: peak }),
      );
    }
    add(await compare(`autoencoder-int8${suffix}`, 'windows/s', scoring(int8), peer));
    add(fact(`autoencoder-int8-over-fp32${suffix}`, rows[rows.length - 1].value / speed, 'x'));
    add(fact(`autoencoder-int8-error${suffix}`, 100 * outputError(float, int8), '% of the spread'));
    const share = encodeQuantized(network).length / encodeFloats(model).length;
    add(fact(`autoencoder-int8-size${suffix}`, 100 * share, '% of fp32'));

    const pool = createPredictPool(model, 2);
    const onePool = createPredictPool(model, 1);
    const repeated = async (work: () => Promise<unknown>) => {
      for (let i = 0; i < 4; i++) await work();
      return 4 * windows;
    };
    const both = () => repeated(() => pool.predict(x, windows));
    const one = { name: 'ours, 1 thread', work: () => repeated(() => onePool.predict(x, windows)) };
    const twoPeer = { name: onnx(2), work: await onnxWork(model, x, windows, 2) };
    add(await compare(`autoencoder-fp32-2-threads${suffix}`, 'windows/s', both, twoPeer));
    add(await compare(`autoencoder-fp32-2-over-1-threads${suffix}`, 'windows/s', both, one));
    await Promise.all([pool.close(), onePool.close()]);

    add(await compare(`autoencoder-train${suffix}`, 'windows/s', training(activation), suffix ? undefined : torch));
    const epochs = x.subarray(0, epochWindows * size);
    const fresh = lstmAutoencoder({ activation, seed: 2 });
    const { seconds } = await fit(fresh, epochs, epochs, { epochs: 50, patience: 50, engine });
    add(fact(`autoencoder-train-50-epochs${suffix}`, seconds, 's'));

    const forecaster = lstmRnnForecaster({ activation, seed: 1 });
    for (const streams of [1, 16, 64]) {
      const steps = 4000 / Math.sqrt(streams);
      const work = stepping(forecaster, streams, steps);
      const stepPeer = { name: onnx(1), work: await onnxSteps(forecaster, streams, steps / 4) };
      add(await compare(`forecaster-stateful-${streams}${suffix}`, 'packets/s', work, stepPeer));
    }
  }
  torch?.close();
  return rows;
};

export default run;

/** One epoch of batches of 32 in random order, with Adam. */
function training(activation: 'tanh' | 'relu'): Work {
  const model = lstmAutoencoder({ activation, seed: 1 });
  const optimizer = resolveOptimizer({ type: 'Adam' });
  const trainer = engine.createTrainer(model, { maxBatch: batch, loss: 'mse', optimizer });
  const random = createRandom(1);
  const order = Int32Array.from({ length: epochWindows }, (_, i) => i);
  const samples = { x, y: x };
  return () => {
    random.shuffle(order);
    for (let from = 0; from < epochWindows; from += batch) {
      const to = Math.min(from + batch, epochWindows);
      trainer.backprop(samples, order, from, to, (to - from) * size, undefined);
      trainer.update();
    }
    return epochWindows;
  };
}

function stepping(model: ReturnType<typeof lstmRnnForecaster>, streams: number, steps: number): Work {
  const stepper = engine.createStepper(model, streams);
  const numbers = Int32Array.from({ length: streams }, () => stepper.start());
  const packets = new Float32Array(streams * 10).fill(0.1);
  const predicted = new Float32Array(streams * 10);
  return () => {
    for (let step = 0; step < steps; step++) stepper.step(numbers, streams, packets, 0, predicted, 0);
    return Math.ceil(steps) * streams;
  };
}

/** Root mean square of the difference over the standard deviation of fp32's outputs, on windows not calibrated on. */
function outputError(float: Predictor, int8: Predictor): number {
  const [from, count] = [2048, 1024];
  const outputs = [float, int8].map((predictor) => {
    const result = new Float32Array(count * size);
    for (let n = 0; n < count; n += batch) predictor.run(x, (from + n) * size, batch, result, n * size);
    return result;
  });
  const mean = outputs[0].reduce((sum, v) => sum + v, 0) / outputs[0].length;
  const spread = outputs[0].reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return Math.sqrt(outputs[1].reduce((sum, v, i) => sum + (v - outputs[0][i]) ** 2, 0) / spread);
}
