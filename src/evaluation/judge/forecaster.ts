/** The LSTM+RNN forecaster alone: with the published ten features, and with ours. */

import { getOrCreate } from '../../detector/keyed.ts';
import { ENCODED_PACKET, encodePacket } from '../../detector/network/encode-packet.ts';
import { ForecasterRun, meanSquared, trainForecaster } from '../../detector/network/packet-forecaster.ts';
import { fitStandardizer, standardize } from '../../detector/network/standardize.ts';
import { ownerOf } from '../../detector/owner.ts';
import { AppError } from '../../errors.ts';
import { PACKET_FEATURES, packetContext, packetFeatures } from '../../feature/guardian-packet.ts';
import { LinkTracker, type Step } from '../../feature/link-tracker.ts';
import { PUBLISHED_PACKET_FEATURES, PublishedPacketWindow } from '../../feature/published-packet.ts';
import { fitScaler, transform } from '../../feature/scaler.ts';
import { loadKernelEngine } from '../../model/kernel.ts';
import type { Packet } from '../../packet/packet.ts';
import { type Frame, play } from '../traffic.ts';
import type { PacketJudge } from './judge.ts';

/** Packets of a device that one window and its forecast need. */
const FEWEST = 61;

/** A packet as numbers; keeps what it must know of the device. */
type Encode = (packet: Packet, step: Step, out: Float32Array) => void;

export interface FeatureSet {
  size: number;
  /** For a new device. */
  create: () => Encode;
  /** Scaled rows from raw ones [N, F], by a scaler that is fitted to the training rows. */
  fit: (training: Float32Array) => (rows: Float32Array) => Float32Array;
}

export const guardianSet: FeatureSet = {
  size: ENCODED_PACKET,
  create: () => {
    const vector = new Float32Array(PACKET_FEATURES);
    let last = Number.NaN;
    return (packet, step, out) => {
      packetFeatures(packet, step, vector);
      encodePacket(vector, packetContext(packet, step), Number.isNaN(last) ? 0 : packet.ts - last, out);
      last = packet.ts;
    };
  },
  fit(training) {
    const scaler = fitStandardizer(training, ENCODED_PACKET);
    return (rows) => {
      const scaled = rows.slice();
      standardize(scaler, scaled);
      return scaled;
    };
  },
};

const publishedSet: FeatureSet = {
  size: PUBLISHED_PACKET_FEATURES,
  create: () => {
    const window = new PublishedPacketWindow();
    return (packet, step, out) => window.encode(packet, step, out);
  },
  fit(training) {
    const scaler = fitScaler('minmax', training, PUBLISHED_PACKET_FEATURES);
    return (rows) => transform(scaler, rows);
  },
};

/** The packets of a capture as rows, with the device that each belongs to. */
export function encodeCapture(
  frames: readonly Frame[],
  set: FeatureSet,
  take: (device: string, row: Float32Array, index: number) => void,
) {
  const tracker = new LinkTracker();
  const encoders = new Map<string, Encode>();
  play(frames, (packet, index) => {
    const step = tracker.update(packet);
    if (step === null) return;
    const { orig, resp } = step.link.channel;
    const device = ownerOf(orig, resp).address;
    const row = new Float32Array(set.size);
    getOrCreate(encoders, device, set.create)(packet, step, row);
    take(device, row, index);
  });
}

const forecasterJudge = (name: string, set: FeatureSet): PacketJudge => ({
  name,
  async train(captures, { seed }) {
    const engine = loadKernelEngine();
    const sequences: Float32Array[][] = [];
    for (const frames of captures) {
      // A device begins anew in every capture: no window spans the gap between two.
      const devices = new Map<string, Float32Array[]>();
      encodeCapture(frames, set, (device, row) => getOrCreate(devices, device, (): Float32Array[] => []).push(row));
      sequences.push(...devices.values());
    }
    if (!sequences.some((rows) => rows.length >= FEWEST)) {
      const packets = sequences.reduce((sum, rows) => sum + rows.length, 0);
      const needed = `${FEWEST} packets of one device`;
      throw new AppError('no_network_taught', { detector: name, seen: `${packets} packets`, needed });
    }
    const blocks = sequences.map((rows) => Float32Array.from(rows.flatMap((row) => [...row])));
    const scale = set.fit(Float32Array.from(blocks.flatMap((block) => [...block])));
    const { model } = await trainForecaster(blocks.map(scale), set.size, { engine, seed });
    return {
      modelBytes: model.parameters.byteLength,
      score(frames) {
        const run = new ForecasterRun(model, engine, set.size);
        const scores = new Float64Array(frames.length);
        encodeCapture(frames, set, (device, row, index) => {
          const scaled = scale(row);
          const forecast = run.step(device, scaled);
          scores[index] = forecast ? meanSquared(scaled, forecast) : 0;
        });
        return scores;
      },
    };
  },
});

export const lstmRnnJudge = forecasterJudge('lstm-rnn', guardianSet);
export const publishedPacketJudge = forecasterJudge('published-packet', publishedSet);
