/** `guardian train` for the engine and its networks: files of ordinary days become a past to watch from. */
import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Engine } from '../detector/engine.ts';
import type { Report } from '../detector/finding.ts';
import type { NetworkPlan } from '../detector/network/network.ts';
import { computeMetrics, labelValue } from '../detector/published/metrics.ts';
import { computeThreshold, publishedStrategies, strategyName } from '../detector/published/threshold.ts';
import { gatherDevices } from '../device/group-by-device.ts';
import { createInventory } from '../device/inventory.ts';
import { ownerOf } from '../device/owner.ts';
import { lookupVendor } from '../device/vendor.ts';
import { AppError } from '../errors.ts';
import { type PastDetails, type PastDetector, partsWithout } from '../model/baseline-model.ts';
import type { EpochProgress } from '../nn/fit.ts';
import { openSource } from '../source/open-source.ts';
import { readConns } from '../source/read-conns.ts';
import { createNetworkTrainer, type Training } from './network-trainer.ts';
import type { StrategyResult } from './train-flow.ts';

export interface TrainPastOptions {
  detector: PastDetector;
  seed: number;
  epochs?: number;
  signal?: AbortSignal;
  onRead?: (file: string, fraction: number) => void;
  /** What a rule calls out in it, which is no part of what is learned. */
  onFinding?: Report;
  onEpoch?: (plan: NetworkPlan, progress: Omit<EpochProgress, 'checkpoint'>) => void;
}

export interface TrainedDevice {
  address: string;
  /** Packets or records that taught. */
  points: number;
  /** Its share of the time that learning took, by points: the networks are trained for the house, not for a device. */
  shareOfSeconds: number;
}

export interface TrainPastResult {
  /** Of Engine.save. */
  state: unknown;
  details: Omit<PastDetails, 'notes'>;
  devices: TrainedDevice[];
  /** False where no address is of a local network: then whoever began benign connections is a device. */
  isLocal: boolean;
  /** Nats that benign connections (of lstm-rnn: packets) had before they were learned. */
  scores: number[];
  /** Empty where no record was scored. */
  strategies: StrategyResult[];
}

/** Least traffic that trains a network alone: 64 sequences that do not overlap, or 64 windows. */
const NEEDED: Partial<Record<PastDetector, string>> = {
  'lstm-autoencoder': 'about eighty connections of devices that have ten of them',
  'lstm-rnn': 'about 4,000 packets of devices that have 61 of them',
};

/** Scores are taken from the later half: earlier ones say how new everything was. */
const settled = (scores: readonly number[]): number[] => scores.slice(scores.length >> 1);

/**
 * Learns from the files in their order, malicious records left out. Throws AppError no_benign_rows, and
 * no_network_taught where one network was to be trained and there is too little for it.
 */
export async function trainBaseline(files: readonly string[], options: TrainPastOptions): Promise<TrainPastResult> {
  const { detector, seed, epochs, signal, onRead, onFinding, onEpoch } = options;
  const started = performance.now();
  const trainings: Training[] = [];
  const trainer = createNetworkTrainer({ seed, epochs, onEpoch, onTrained: (one) => trainings.push(one) });
  const engine = new Engine({ trainer, without: new Set(partsWithout[detector]), report: onFinding });
  const ofPackets = detector === 'lstm-rnn';
  const benign: number[] = [];
  const malicious: number[] = [];
  const inventory = createInventory({ lookupVendor });
  /** Benign records by whose they are. */
  const records = new Map<string, number>();
  let [packets, connections, first, last] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let hours = 0;
  const see = (ts: number): void => {
    first = Math.min(first, ts);
    last = Math.max(last, ts);
  };
  for (const file of files) {
    engine.begin();
    [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const source = await openSource(file, {});
    await readConns(
      source,
      (conn) => {
        connections++;
        see(conn.ts ?? first);
        const isMalicious = labelValue(conn.label) === 1;
        const owner = isMalicious ? null : ownerOf(conn);
        if (owner !== null) records.set(owner, (records.get(owner) ?? 0) + 1);
        const score = engine.conn(conn, !isMalicious);
        if (score !== null && !ofPackets) (isMalicious ? malicious : benign).push(score);
      },
      {
        ignoreChecksums: 'auto',
        signal,
        onProgress: (fraction) => onRead?.(file, fraction),
        onPacket: (packet) => {
          packets++;
          see(packet.ts);
          inventory.packet(packet);
          const score = engine.packet(packet);
          if (score !== null && ofPackets) benign.push(score);
        },
      },
    );
    if (last > first) hours += (last - first) / 3600;
  }
  const learned = engine.devices();
  const isLocal = learned.length > 0;
  const taughtBy = isLocal ? learned : [...records].map(([address, points]) => ({ address, points }));
  const known = gatherDevices(taughtBy, inventory).map((own) => ({
    address: own[0].address,
    points: own.reduce((sum, { points }) => sum + points, 0),
  }));
  if (known.length === 0) {
    let rows = 0;
    for (const count of records.values()) rows += count;
    throw new AppError('no_benign_rows', { rows, needed: 1 });
  }
  if (detector !== 'guardian' && trainings.length === 0) {
    const seen = `${packets} packets, ${connections} connections`;
    throw new AppError('no_network_taught', { detector, seen, needed: NEEDED[detector]! });
  }
  const points = known.reduce((sum, device) => sum + device.points, 0);
  const seconds = (performance.now() - started) / 1000;
  const later = settled(benign);
  return {
    state: engine.save(),
    details: {
      detector,
      training: {
        files: files.map((file) => basename(file)),
        ...{ packets, connections, hours, devices: known.length, seconds, seed },
        networks: trainings.map(({ plan, sequences, history }) => ({
          ...{ name: plan.name, sequences, loss: history.loss, seconds: history.seconds },
        })),
      },
    },
    devices: known.map((device) => ({ ...device, shareOfSeconds: (seconds * device.points) / Math.max(points, 1) })),
    isLocal,
    scores: later,
    strategies: later.length > 0 ? judge(later, malicious) : [],
  };
}

/** The published strategies on nats, against the malicious records where there are some. */
function judge(benign: readonly number[], malicious: readonly number[]): StrategyResult[] {
  const labels = [...benign.map((): 0 => 0), ...malicious.map((): 1 => 1)];
  return publishedStrategies.map((strategy) => {
    const threshold = computeThreshold(benign, strategy);
    const verdicts = [...benign, ...malicious].map((score) => (score > threshold ? 1 : 0));
    return {
      strategy: strategyName(strategy),
      threshold,
      metrics: malicious.length > 0 ? computeMetrics(verdicts, labels) : null,
    };
  });
}
