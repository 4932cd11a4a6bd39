/** `guardian train`: the published flow autoencoder from benign traffic, with its thresholds and a report. */

import { createPublishedFlowScan, type PublishedFlowScan } from '../detector/published/flow-scan.ts';
import type { Metrics } from '../detector/published/metrics.ts';
import { computeMetrics, labelValue } from '../detector/published/metrics.ts';
import {
  computeThreshold,
  publishedStrategies,
  strategyName,
  type ThresholdStrategy,
} from '../detector/published/threshold.ts';
import { ownerOf } from '../device/owner.ts';
import { AppError } from '../errors.ts';
import { publishedFlowFeatures } from '../feature/published-flow.ts';
import type { Conn } from '../flow/conn.ts';
import { createReconstruct } from '../model/flow-model.ts';
import { loadKernelEngine } from '../model/kernel.ts';
import type { ModelDetails } from '../model/manifest.ts';
import type { Activation } from '../nn/activation.ts';
import { NonFiniteLossError } from '../nn/fit.ts';
import { lstmAutoencoder } from '../nn/preset/lstm-autoencoder.ts';
import type { Sequential } from '../nn/sequential.ts';
import { openSource } from '../source/open-source.ts';
import { namesDevices, readConns } from '../source/read-conns.ts';
import { type TrainOptions as TrainingOptions, train } from './train.ts';

export interface TrainOptions {
  epochs: number;
  timesteps: number;
  seed: number;
  activation: Activation;
  strategy: ThresholdStrategy;
  learningRate: number;
  signal?: AbortSignal;
  onRead?: (file: string, fraction: number) => void;
  onEpoch?: TrainingOptions['onEpoch'];
}

/** One row of the published `optimize_threshold` table. */
export interface StrategyResult {
  strategy: string;
  threshold: number;
  /** Null where the files have no labels. */
  metrics: Metrics | null;
}

export interface TrainResult {
  model: Sequential;
  details: ModelDetails;
  strategies: StrategyResult[];
  /** Flows, or packets. */
  flows: number;
  windows: number;
  /** Of the windows trained on. */
  errors: ArrayLike<number>;
}

/** Held back from training to see whether it still learns: the published share. */
const VALIDATION_SPLIT = 0.2;

async function collect(
  files: string[],
  options: TrainOptions,
): Promise<{ benign: PublishedFlowScan; all: PublishedFlowScan }> {
  const benign = createPublishedFlowScan(options.timesteps);
  const all = createPublishedFlowScan(options.timesteps);
  for (const file of files) {
    const source = await openSource(file, {});
    const perDevice = namesDevices(source);
    const onConn = (conn: Conn): void => {
      // The same device in two files is one stream; the files of one CSV each are streams of their own.
      const stream = (perDevice ? ownerOf(conn) : null) ?? file;
      all.push(conn, stream);
      if (labelValue(conn.label) !== 1) benign.push(conn, stream);
    };
    await readConns(source, onConn, {
      ignoreChecksums: 'auto',
      signal: options.signal,
      onProgress: (fraction) => options.onRead?.(file, fraction),
    });
  }
  return { benign, all };
}

/** All windows of a scan, scaled as the preset does, in one block. */
export function gatherWindows(scan: PublishedFlowScan): { values: Float32Array; count: number } {
  const chunks = scan.rows > 0 ? [...scan.windows(scan.fitScaler())] : [];
  const values = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.values.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    values.set(chunk.values, offset);
    offset += chunk.values.length;
  }
  return { values, count: chunks.reduce((sum, { count }) => sum + count, 0) };
}

/**
 * Trains on the benign and unlabelled flows of the files; malicious ones are left out before windows are made.
 * Throws AppError no_benign_rows or diverged.
 */
export async function trainFlowModel(files: string[], options: TrainOptions): Promise<TrainResult> {
  const { timesteps, epochs, seed, activation, strategy, learningRate, signal } = options;
  const engine = loadKernelEngine();
  const { benign, all } = await collect(files, options);
  const { values, count } = gatherWindows(benign);
  if (count < 2) throw new AppError('no_benign_rows', { rows: benign.rows, needed: timesteps + 2 });

  const model = lstmAutoencoder({ timesteps, activation, seed });
  const history = await train(model, values, values, {
    epochs,
    batchSize: 32,
    validationSplit: VALIDATION_SPLIT,
    optimizer: { type: 'Adam', learningRate },
    // Relu cells have no upper bound: one outlier can otherwise throw the weights away in a single step.
    clipNorm: 1,
    seed,
    signal,
    onEpoch: options.onEpoch,
  }).catch((cause: unknown) => {
    if (cause instanceof NonFiniteLossError) throw new AppError('diverged', { epoch: cause.epoch }, { cause });
    throw cause;
  });

  const reconstruct = createReconstruct({ model }, engine);
  const errors = reconstruct(values, count);
  const scored = [...all.score(reconstruct)];
  const labels = scored.map(({ label }) => label);
  const judge = (threshold: number): Metrics =>
    computeMetrics(
      scored.map(({ error }) => (error > threshold ? 1 : 0)),
      labels,
    );
  const known = publishedStrategies.filter((one) => strategyName(one) !== strategyName(strategy));
  const thresholds = [strategy, ...known].map((one) => ({ strategy: one, value: computeThreshold(errors, one) }));
  const details: ModelDetails = {
    detector: 'published-flow',
    features: {
      name: publishedFlowFeatures.name,
      version: publishedFlowFeatures.version,
      columns: [...publishedFlowFeatures.columns],
    },
    // No scaler: as its guide says, the preset fits it on the scanned file.
    threshold: thresholds[0],
    alternatives: thresholds.slice(1),
    training: {
      windows: Math.floor(count * (1 - VALIDATION_SPLIT)),
      validationWindows: count - Math.floor(count * (1 - VALIDATION_SPLIT)),
      loss: history.loss,
      valLoss: history.valLoss,
      bestEpoch: history.bestEpoch,
      stopped: history.stopped,
      seconds: history.seconds,
      seed,
      workers: 1,
      engine: engine.name,
    },
  };
  const labelled = labels.includes(1) && labels.includes(0);
  return {
    model,
    details,
    strategies: thresholds.map(({ strategy: one, value }) => ({
      strategy: strategyName(one),
      threshold: value,
      metrics: labelled ? judge(value) : null,
    })),
    flows: benign.rows,
    windows: count,
    errors,
  };
}
