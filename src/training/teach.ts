/** Trains the networks of an engine on the lessons that it has gathered, in a thread of their own. */
import type { Engine } from '../detector/engine.ts';
import { finishNetwork, type NetworkPlan, prepareLesson } from '../detector/network/network.ts';
import { loadKernelEngine } from '../model/kernel.ts';
import type { History } from '../nn/checkpoint.ts';
import { type TrainOptions, train } from './train.ts';

export interface TeachOptions {
  seed: number;
  /** Nothing more will be learned: what is left is enough for a lesson. */
  final?: boolean;
  signal?: AbortSignal;
  onEpoch?: (plan: NetworkPlan, progress: Parameters<NonNullable<TrainOptions['onEpoch']>>[0]) => void;
}

export interface Taught {
  plan: NetworkPlan;
  sequences: number;
  history: History;
}

const EPOCHS = 15;

/** Every network that is due. Aborting leaves the networks that are in service. */
export async function teach(engine: Engine, { seed, final, signal, onEpoch }: TeachOptions): Promise<Taught[]> {
  const taught: Taught[] = [];
  for (const gauge of engine.networksDue(final)) {
    const { plan } = gauge.schooling;
    const sequences = gauge.schooling.take();
    const lesson = prepareLesson(plan, sequences);
    const model = plan.build(seed);
    const history = await train(model, lesson.x, lesson.y, {
      epochs: EPOCHS,
      batchSize: 32,
      clipNorm: 1,
      optimizer: { type: 'Adam', learningRate: 0.003 },
      seed,
      signal,
      onEpoch: onEpoch && ((progress) => onEpoch(plan, progress)),
    });
    if (signal?.aborted) break;
    gauge.adopt(finishNetwork(plan, model, lesson, loadKernelEngine()));
    taught.push({ plan, sequences: sequences.length, history });
  }
  return taught;
}
