/** `guardian train` for the engine and its networks: files of ordinary days become a past to watch from. */
import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Engine } from '../detector/engine.ts';
import { computeMetrics, labelValue } from '../detector/metrics.ts';
import type { NetworkPlan } from '../detector/network/network.ts';
import { computeThreshold, publishedStrategies, strategyName } from '../detector/threshold.ts';
import { AppError } from '../errors.ts';
import { type PastDetails, type PastDetector, partsWithout } from '../model/past-model.ts';
import type { EpochProgress } from '../nn/fit.ts';
import { openSource } from '../source/open-source.ts';
import { createTeacher, type Taught } from '../training/teacher.ts';
import { readConns } from './read-conns.ts';
import type { StrategyResult } from './train.ts';

export interface TrainPastOptions {
  detector: PastDetector;
  seed: number;
  epochs?: number;
  signal?: AbortSignal;
  onRead?: (file: string, fraction: number) => void;
  onEpoch?: (plan: NetworkPlan, progress: Omit<EpochProgress, 'checkpoint'>) => void;
}

export interface TrainedDevice {
  address: string;
  /** Packets or records that taught. */
  points: number;
  /** Its share of the time that learning took, by points. */
  seconds: number;
}

export interface TrainPastResult {
  /** Of Engine.save. */
  state: unknown;
  details: Omit<PastDetails, 'notes'>;
  devices: TrainedDevice[];
  /** Nats that benign connections (of lstm-rnn: packets) had before they were learned. */
  scores: number[];
  /** Empty where no record was scored. */
  strategies: StrategyResult[];
}

/** Who has no address yet. */
const NOBODY = new Set(['0.0.0.0', '::']);

/** Scores are taken from the later half: earlier ones say how new everything was. */
const settled = (scores: readonly number[]): number[] => scores.slice(scores.length >> 1);

/** Learns from the files in their order, malicious records left out. Throws AppError no_benign_rows. */
export async function trainPast(files: readonly string[], options: TrainPastOptions): Promise<TrainPastResult> {
  const { detector, seed, epochs, signal, onRead, onEpoch } = options;
  const started = performance.now();
  const taught: Taught[] = [];
  const teacher = createTeacher({ seed, epochs, onEpoch, onTaught: (one) => taught.push(one) });
  const engine = new Engine({ teacher, without: new Set(partsWithout[detector]) });
  const ofPackets = detector === 'lstm-rnn';
  const benign: number[] = [];
  const malicious: number[] = [];
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
          const score = engine.packet(packet);
          if (score !== null && ofPackets) benign.push(score);
        },
      },
    );
    if (last > first) hours += (last - first) / 3600;
  }
  const known = engine.devices().filter(({ address }) => !NOBODY.has(address));
  const points = known.reduce((sum, device) => sum + device.points, 0);
  if (known.length === 0) throw new AppError('no_benign_rows', { rows: connections, needed: 1 });
  const seconds = (performance.now() - started) / 1000;
  const later = settled(benign);
  return {
    state: engine.save(),
    details: {
      detector,
      training: {
        files: files.map((file) => basename(file)),
        ...{ packets, connections, hours, devices: known.length, seconds, seed },
        networks: taught.map(({ plan, sequences, history }) => ({
          ...{ name: plan.name, sequences, loss: history.loss, seconds: history.seconds },
        })),
      },
    },
    devices: known.map((device) => ({
      address: device.address,
      points: device.points,
      seconds: (seconds * device.points) / Math.max(points, 1),
    })),
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
