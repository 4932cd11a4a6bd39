/** Trains the networks of an engine on the lessons that it has gathered. */
import { finishNetwork, type NetworkPlan, prepareLesson } from '../detector/network/network.ts';
import type { NetworkScorer, NetworkTrainer } from '../detector/network/network-trainer.ts';
import { loadKernelEngine } from '../model/kernel.ts';
import type { History } from '../nn/checkpoint.ts';
import { type EpochProgress, type FitOptions, fitByEpoch } from '../nn/fit.ts';
import { train } from './train.ts';

/** What was taught, for reports. */
export interface Taught {
  plan: NetworkPlan;
  sequences: number;
  history: History;
}

export interface TeacherOptions {
  /** Default 1. */
  seed?: number;
  /** Passes over a lesson; default 15, after which more does not change what is found. */
  epochs?: number;
  onEpoch?: (plan: NetworkPlan, progress: Omit<EpochProgress, 'checkpoint'>) => void;
  onTaught?: (taught: Taught) => void;
}

const EPOCHS = 15;

const settings = ({ seed = 1, epochs = EPOCHS }: TeacherOptions) =>
  ({
    epochs,
    seed,
    batchSize: 32,
    clipNorm: 1,
    optimizer: { type: 'Adam', learningRate: 0.003 },
  }) satisfies FitOptions;

/** Teaches at once, in the calling thread: the same traffic gives the same networks. */
export function createTeacher(options: TeacherOptions = {}): NetworkTrainer {
  const numerics = loadKernelEngine();
  return {
    numerics,
    teach(gauge) {
      const { plan } = gauge.schooling;
      const sequences = gauge.schooling.take();
      const lesson = prepareLesson(plan, sequences);
      const model = plan.build(options.seed ?? 1);
      const epochs = fitByEpoch(model, lesson.x, lesson.y, { ...settings(options), engine: numerics });
      let step = epochs.next();
      for (; !step.done; step = epochs.next()) options.onEpoch?.(plan, step.value);
      gauge.adopt(finishNetwork(plan, model, lesson, numerics));
      options.onTaught?.({ plan, sequences: sequences.length, history: step.value });
    },
  };
}

export interface BackgroundTeacherOptions extends TeacherOptions {
  /** A training that diverged, or a bug. */
  onError: (error: unknown) => void;
}

export interface BackgroundTeacher extends NetworkTrainer {
  /** Ends the running lesson without its network. */
  close(): Promise<void>;
}

/** Teaches in threads of their own, one lesson after the other; until then the network before stays in service. */
export function createBackgroundTeacher(options: BackgroundTeacherOptions): BackgroundTeacher {
  const numerics = loadKernelEngine();
  const abort = new AbortController();
  const { signal } = abort;
  let last: Promise<void> = Promise.resolve();
  const teach = async (gauge: NetworkScorer, sequences: Float32Array[]): Promise<void> => {
    if (signal.aborted) return;
    const { onEpoch } = options;
    const { plan } = gauge.schooling;
    const lesson = prepareLesson(plan, sequences);
    const model = plan.build(options.seed ?? 1);
    const history = await train(model, lesson.x, lesson.y, {
      ...settings(options),
      signal,
      onEpoch: onEpoch && ((progress) => onEpoch(plan, progress)),
    });
    if (signal.aborted) return;
    gauge.adopt(finishNetwork(plan, model, lesson, numerics));
    options.onTaught?.({ plan, sequences: sequences.length, history });
  };
  return {
    numerics,
    teach(gauge) {
      const sequences = gauge.schooling.take();
      last = last.then(() => teach(gauge, sequences)).catch(options.onError);
    },
    close() {
      abort.abort();
      return last;
    },
  };
}
