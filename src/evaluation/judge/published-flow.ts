/**
 * The published flow application, on the same terms: four raw columns, windows of ten in file order, scaler fitted on
 * the file that is judged, relu cells, mean + 3·std. A flow gets the mean error of the windows that hold it.
 */
import { performance } from 'node:perf_hooks';
import { createPublishedFlowScan, type PublishedFlowScan } from '../../detector/published/flow-scan.ts';
import { computeThreshold } from '../../detector/published/threshold.ts';
import { AppError } from '../../errors.ts';
import type { Conn } from '../../flow/conn.ts';
import { loadKernelEngine } from '../../model/kernel.ts';
import { fit } from '../../nn/fit.ts';
import { lstmAutoencoder } from '../../nn/preset/lstm-autoencoder.ts';
import type { FlowJudge } from './judge.ts';

const TIMESTEPS = 10;
const EPOCHS = 50;
const BATCH = 32;

function scanOf(conns: readonly Conn[]): PublishedFlowScan {
  const scan = createPublishedFlowScan(TIMESTEPS);
  for (const conn of conns) scan.push(conn, 'file');
  return scan;
}

export const publishedFlowJudge: FlowJudge = {
  name: 'published-flow',
  async judge(training, watched, { seed }) {
    const started = performance.now();
    const engine = loadKernelEngine();
    const benign = scanOf(training.filter(({ learn }) => learn).map(({ conn }) => conn));
    const chunks = [...benign.windows(benign.fitScaler())];
    const x = Float32Array.from(chunks.flatMap(({ values }) => [...values]));
    if (x.length < 2 * TIMESTEPS * 4) {
      const needed = `${TIMESTEPS + 2} of them`;
      throw new AppError('no_network_taught', {
        detector: 'published-flow',
        seen: `${benign.rows} benign flows`,
        needed,
      });
    }
    const model = lstmAutoencoder({ timesteps: TIMESTEPS, seed });
    await fit(model, x, x, { engine, seed, epochs: EPOCHS, batchSize: BATCH, validationSplit: 0.2, clipNorm: 1 });
    const predictor = engine.createPredictor(model, BATCH);
    const size = TIMESTEPS * 4;
    const output = new Float32Array(BATCH * size);
    const reconstruct = (windows: Float32Array, count: number): Float32Array => {
      const errors = new Float32Array(count);
      for (let first = 0; first < count; first += BATCH) {
        const batch = Math.min(BATCH, count - first);
        predictor.run(windows, first * size, batch, output, 0);
        for (let w = 0; w < batch; w++) {
          for (let i = 0; i < size; i++)
            errors[first + w] += (windows[(first + w) * size + i] - output[w * size + i]) ** 2 / size;
        }
      }
      return errors;
    };
    const threshold = computeThreshold(
      [...benign.score(reconstruct)].map(({ error }) => error),
      { kind: 'mean-std', k: 3 },
    );
    const trained = performance.now();
    const sums = new Float64Array(watched.length);
    const holds = new Float64Array(watched.length);
    // A record without packet counts is no row of the published table.
    const rows = watched.map((_, i) => i).filter((i) => watched[i].orig_pkts !== null && watched[i].resp_pkts !== null);
    for (const { row, error } of scanOf(watched).score(reconstruct)) {
      for (let t = 0; t < TIMESTEPS; t++) {
        sums[rows[row + t]] += error;
        holds[rows[row + t]]++;
      }
    }
    return {
      scores: sums.map((sum, i) => (holds[i] > 0 ? sum / holds[i] : 0)),
      threshold,
      trainSeconds: (trained - started) / 1000,
      scoreSeconds: (performance.now() - trained) / 1000,
      modelBytes: model.parameters.byteLength,
    };
  },
};
