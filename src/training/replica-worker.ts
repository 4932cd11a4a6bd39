/** One thread of a training: runs nn's fit on its share of every batch; replica 0 reports. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadKernelEngine } from '../model/kernel.ts';
import type { Checkpoint, History } from '../nn/checkpoint.ts';
import { type EpochProgress, type FitOptions, fit, NonFiniteLossError } from '../nn/fit.ts';
import type { LayerConfig } from '../nn/layer/registry.ts';
import { createSequential } from '../nn/sequential.ts';
import type { Shape } from '../nn/tensor.ts';
import { createSum, isStopRequested, type Meeting } from './all-reduce.ts';

export interface ReplicaTask {
  readonly index: number;
  readonly meeting: Meeting;
  readonly inputShape: Shape;
  readonly layers: readonly LayerConfig[];
  readonly parameters: Float32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly options: Omit<FitOptions, 'engine' | 'replica' | 'signal' | 'onEpoch'>;
  /** Every so many epochs the report holds a checkpoint; 0: never. */
  readonly checkpointEvery: number;
}

export type ReplicaMessage =
  | { type: 'epoch'; progress: Omit<EpochProgress, 'checkpoint'>; checkpoint?: Checkpoint }
  | { type: 'done'; history: History; parameters: Float32Array }
  | { type: 'diverged'; epoch: number; batch: number; parameters: Float32Array };

const { index, meeting, inputShape, layers, parameters, x, y, options, checkpointEvery }: ReplicaTask = workerData;
const report = (message: ReplicaMessage) => {
  if (index === 0) parentPort?.postMessage(message);
};

const model = createSequential({ inputShape, layers, parameters: parameters.slice() });
try {
  const history = await fit(model, x, y, {
    ...options,
    engine: loadKernelEngine(),
    replica: { index, count: meeting.count, sum: createSum(meeting, index) },
    // Read by every replica after its batch; fit sums the answers, so all stop at the same one.
    signal: {
      get aborted() {
        return isStopRequested(meeting);
      },
    },
    onEpoch: ({ checkpoint, ...progress }) => {
      const due = checkpointEvery > 0 && progress.epoch % checkpointEvery === 0;
      report({ type: 'epoch', progress, ...(due && { checkpoint: checkpoint() }) });
    },
  });
  report({ type: 'done', history, parameters: model.parameters });
} catch (error) {
  if (!(error instanceof NonFiniteLossError)) throw error;
  report({ type: 'diverged', epoch: error.epoch, batch: error.batch, parameters: model.parameters });
}
