/** The LSTM autoencoder in our own features, alone. */
import { performance } from 'node:perf_hooks';
import { trainFlowAutoencoder } from '../../detector/network/flow-autoencoder.ts';
import { computeThreshold } from '../../detector/published/threshold.ts';
import { FlowFeatures, type FlowPoint } from '../../feature/guardian-flow.ts';
import { loadKernelEngine } from '../../model/kernel.ts';
import type { FlowJudge } from './judge.ts';

/** The points of each device in order, and where each came from. */
interface Sequence {
  points: FlowPoint[];
  indices: number[];
}

export const lstmAutoencoderJudge: FlowJudge = {
  name: 'lstm-autoencoder',
  async judge(training, watched, { seed }) {
    const started = performance.now();
    const learned = new Map<string, Sequence>();
    const features = new FlowFeatures();
    for (const { conn, learn } of training) {
      const point = features.point(conn);
      if (point && learn) add(learned, point, 0);
    }
    const sequences = [...learned.values()].map(({ points }) => points);
    const network = await trainFlowAutoencoder(sequences, { engine: loadKernelEngine(), seed });
    const threshold = computeThreshold(
      sequences.flatMap((points) => [...network.errors(points)]),
      { kind: 'percentile', percent: 99 },
    );
    const trained = performance.now();
    const seen = new Map<string, Sequence>();
    const watching = new FlowFeatures();
    watched.forEach((conn, i) => {
      const point = watching.point(conn);
      if (point) add(seen, point, i);
    });
    const scores = new Float64Array(watched.length);
    for (const { points, indices } of seen.values()) {
      const errors = network.errors(points);
      indices.forEach((index, i) => {
        scores[index] = errors[i];
      });
    }
    return {
      scores,
      threshold,
      trainSeconds: (trained - started) / 1000,
      scoreSeconds: (performance.now() - trained) / 1000,
      modelBytes: network.model.parameters.byteLength,
    };
  },
};

function add(sequences: Map<string, Sequence>, point: FlowPoint, index: number): void {
  const own = sequences.get(point.device.address) ?? { points: [], indices: [] };
  own.points.push(point);
  own.indices.push(index);
  sequences.set(point.device.address, own);
}
