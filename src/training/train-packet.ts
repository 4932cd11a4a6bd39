/** `guardian train --detector published-packet`: the published packet forecaster on its ten features. */

import { getOrCreate } from '../detector/keyed.ts';
import { ForecasterRun, meanSquared, trainForecaster } from '../detector/network/packet-forecaster.ts';
import { ownerOf } from '../detector/owner.ts';
import {
  computeThreshold,
  publishedStrategies,
  strategyName,
  type ThresholdStrategy,
} from '../detector/published/threshold.ts';
import { AppError } from '../errors.ts';
import { LinkTracker } from '../feature/link-tracker.ts';
import {
  PUBLISHED_PACKET_FEATURES,
  PublishedPacketWindow,
  publishedPacketFeatures,
} from '../feature/published-packet.ts';
import { fitScaler, transform } from '../feature/scaler.ts';
import { loadKernelEngine } from '../model/kernel.ts';
import type { EpochProgress } from '../nn/fit.ts';
import { openSource } from '../source/open-source.ts';
import { readConns } from '../source/read-conns.ts';
import type { TrainResult } from './train-flow.ts';

export interface TrainPacketOptions {
  epochs: number;
  seed: number;
  strategy: ThresholdStrategy;
  signal?: AbortSignal;
  onRead?: (file: string, fraction: number) => void;
  onEpoch?: (progress: EpochProgress) => void;
}

/** Packets of a device that one window and its forecast need. */
const FEWEST = 61;

/** Rows [N, 10] of each device in each capture, in order. */
async function readRows(files: readonly string[], { signal, onRead }: TrainPacketOptions): Promise<Float32Array[]> {
  const sequences: Float32Array[] = [];
  for (const file of files) {
    const tracker = new LinkTracker();
    const windows = new Map<string, PublishedPacketWindow>();
    const rows = new Map<string, number[]>();
    const row = new Float32Array(PUBLISHED_PACKET_FEATURES);
    const source = await openSource(file, {});
    await readConns(source, () => {}, {
      ...{ ignoreChecksums: 'auto', signal },
      onProgress: (fraction) => onRead?.(file, fraction),
      onPacket(packet) {
        const step = tracker.update(packet);
        if (step === null) return;
        const { orig, resp } = step.link.channel;
        const { address } = ownerOf(orig, resp);
        getOrCreate(windows, address, () => new PublishedPacketWindow()).encode(packet, step, row);
        getOrCreate(rows, address, (): number[] => []).push(...row);
      },
    });
    for (const own of rows.values()) sequences.push(Float32Array.from(own));
  }
  return sequences;
}

/** Throws AppError no_benign_rows where no device has 61 packets. */
export async function trainPacketModel(files: readonly string[], options: TrainPacketOptions): Promise<TrainResult> {
  const { epochs, seed, strategy, signal, onEpoch } = options;
  const engine = loadKernelEngine();
  const raw = await readRows(files, options);
  const packets = raw.reduce((sum, rows) => sum + rows.length / PUBLISHED_PACKET_FEATURES, 0);
  const usable = raw.filter((rows) => rows.length >= FEWEST * PUBLISHED_PACKET_FEATURES);
  if (usable.length === 0) throw new AppError('no_benign_rows', { rows: packets, needed: FEWEST });
  const all = new Float32Array(packets * PUBLISHED_PACKET_FEATURES);
  let offset = 0;
  for (const rows of raw) {
    all.set(rows, offset);
    offset += rows.length;
  }
  const scaler = fitScaler('minmax', all, PUBLISHED_PACKET_FEATURES);
  const scaled = usable.map((rows) => transform(scaler, rows));
  const { model, history, windows } = await trainForecaster(scaled, PUBLISHED_PACKET_FEATURES, {
    ...{ engine, seed, epochs, signal, onEpoch },
  });
  const errors: number[] = [];
  const run = new ForecasterRun(model, engine, PUBLISHED_PACKET_FEATURES, scaled.length);
  for (const [device, rows] of scaled.entries()) {
    for (let at = 0; at < rows.length; at += PUBLISHED_PACKET_FEATURES) {
      const row = rows.subarray(at, at + PUBLISHED_PACKET_FEATURES);
      const forecast = run.step(String(device), row);
      if (forecast) errors.push(meanSquared(row, forecast));
    }
  }
  const known = publishedStrategies.filter((one) => strategyName(one) !== strategyName(strategy));
  const thresholds = [strategy, ...known].map((one) => ({ strategy: one, value: computeThreshold(errors, one) }));
  const { name, version, features } = publishedPacketFeatures;
  return {
    model,
    details: {
      detector: 'published-packet',
      features: { name, version, columns: features.map((feature) => feature.name) },
      scaler,
      threshold: thresholds[0],
      alternatives: thresholds.slice(1),
      training: {
        ...{ windows, validationWindows: 0, workers: 1, engine: engine.name, seed },
        ...{ loss: history.loss, valLoss: [], bestEpoch: history.bestEpoch },
        ...{ stopped: history.stopped, seconds: history.seconds },
      },
    },
    strategies: thresholds.map(({ strategy: one, value }) => ({
      strategy: strategyName(one),
      threshold: value,
      metrics: null,
    })),
    flows: packets,
    windows,
    errors,
  };
}
