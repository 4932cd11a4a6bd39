/** Trains the networks of an engine on the sequences that it has gathered. */
import { finishNetwork, type NetworkPlan, prepareTraining } from '../detector/network/network.ts';
import type { NetworkScorer, NetworkTrainer } from '../detector/network/network-trainer.ts';
import { loadKernelEngine } from '../model/kernel.ts';
import type { History } from '../nn/checkpoint.ts';
import { type EpochProgress, type FitOptions, fitByEpoch } from '../nn/fit.ts';
import { train } from './train.ts';

/** A training that is over, for reports. */
export interface Training {
  plan: NetworkPlan;
  sequences: number;
  history: History;
}

export interface TrainerOptions {
  /** Default 1. */
  seed?: number;
  /** Passes over the data; default 15, after which more does not change what is found. */
  epochs?: number;
  onEpoch?: (plan: NetworkPlan, progress: Omit<EpochProgress, 'checkpoint'>) => void;
  onTrained?: (training: Training) => void;
}

const EPOCHS = 15;

const settings = ({ seed = 1, epochs = EPOCHS }: TrainerOptions) =>
  ({
    epochs,
    seed,
    batchSize: 32,
    clipNorm: 1,
    optimizer: { type: 'Adam', learningRate: 0.003 },
  }) satisfies FitOptions;

/** Trains at once, in the calling thread: the same traffic gives the same networks. */
export function createNetworkTrainer(options: TrainerOptions = {}): NetworkTrainer {
  const numerics = loadKernelEngine();
  return {
    numerics,
    train(scorer) {
      const { plan } = scorer.trained;
      const sequences = scorer.trained.take();
      const data = prepareTraining(plan, sequences);
      const model = plan.build(options.seed ?? 1);
      const epochs = fitByEpoch(model, data.x, data.y, { ...settings(options), engine: numerics });
      let step = epochs.next();
      for (; !step.done; step = epochs.next()) options.onEpoch?.(plan, step.value);
      scorer.adopt(finishNetwork(plan, model, data, numerics));
      options.onTrained?.({ plan, sequences: sequences.length, history: step.value });
    },
  };
}

export interface BackgroundTrainerOptions extends TrainerOptions {
  /** A training that diverged, or a bug. */
  onError: (error: unknown) => void;
}

export interface BackgroundTrainer extends NetworkTrainer {
  /** Ends the running training without its network. */
  close(): Promise<void>;
}

/** Trains in threads of their own, one network after the other; until then the network before stays in service. */
export function createBackgroundTrainer(options: BackgroundTrainerOptions): BackgroundTrainer {
  const numerics = loadKernelEngine();
  const abort = new AbortController();
  const { signal } = abort;
  let last: Promise<void> = Promise.resolve();
  const run = async (scorer: NetworkScorer, sequences: Float32Array[]): Promise<void> => {
    if (signal.aborted) return;
    const { onEpoch } = options;
    const { plan } = scorer.trained;
    const data = prepareTraining(plan, sequences);
    const model = plan.build(options.seed ?? 1);
    const history = await train(model, data.x, data.y, {
      ...settings(options),
      signal,
      onEpoch: onEpoch && ((progress) => onEpoch(plan, progress)),
    });
    if (signal.aborted) return;
    scorer.adopt(finishNetwork(plan, model, data, numerics));
    options.onTrained?.({ plan, sequences: sequences.length, history });
  };
  return {
    numerics,
    train(scorer) {
      const sequences = scorer.trained.take();
      last = last.then(() => run(scorer, sequences)).catch(options.onError);
    },
    close() {
      abort.abort();
      return last;
    },
  };
}
