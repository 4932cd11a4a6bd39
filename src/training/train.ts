import { Worker } from 'node:worker_threads';
import type { Checkpoint, History } from '../nn/checkpoint.ts';
import { type EpochProgress, type FitOptions, NonFiniteLossError } from '../nn/fit.ts';
import type { Sequential } from '../nn/sequential.ts';
import { breakMeeting, createMeeting, requestStop } from './all-reduce.ts';
import type { ReplicaMessage, ReplicaTask } from './replica-worker.ts';

export interface TrainOptions extends Omit<FitOptions, 'engine' | 'replica' | 'onEpoch' | 'signal'> {
  /** Ends the training after the running batch; the best weights so far stay. */
  signal?: AbortSignal;
  /** Threads that share every batch. The same number and seed give the same weights. Default 1. */
  workers?: number;
  onEpoch?: (progress: Omit<EpochProgress, 'checkpoint'>) => void;
  /** Called with all that `resume` needs, every `checkpointEvery` epochs. */
  onCheckpoint?: (checkpoint: Checkpoint) => void;
  /** Default 5. */
  checkpointEvery?: number;
}

const workerUrl = new URL(`./replica-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

/** Into memory that all threads see, unless it is there already. */
function share(values: Float32Array): Float32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

/**
 * nn's fit in threads of their own, on the kernels: trains `model` in place, the calling thread stays free.
 * Aborting resolves, with `stopped: 'aborted'` and the best weights so far. Rejects with NonFiniteLossError when the
 * training diverges; the model then holds the last good weights.
 */
export async function train(
  model: Sequential,
  x: Float32Array,
  y: Float32Array,
  { workers: count = 1, signal, onEpoch, onCheckpoint, checkpointEvery = 5, ...options }: TrainOptions = {},
): Promise<History> {
  const meeting = createMeeting(count, model.countParams());
  const shared = { x: share(x), y: y === x ? undefined : share(y) };
  const stop = () => requestStop(meeting);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);

  const threads = Array.from({ length: count }, (_, index) => {
    const task: ReplicaTask = {
      index,
      meeting,
      inputShape: model.inputShape,
      layers: model.layers.map(({ config }) => config),
      parameters: model.parameters,
      x: shared.x,
      y: shared.y ?? shared.x,
      options,
      checkpointEvery: onCheckpoint ? checkpointEvery : 0,
    };
    return new Worker(workerUrl, { workerData: task });
  });
  try {
    return await new Promise<History>((resolve, reject) => {
      for (const thread of threads) thread.on('error', reject);
      // The others may end before the first one's result is here.
      threads[0].on('exit', (code) => reject(new Error(`The training thread ended with exit code ${code}`)));
      threads[0].on('message', (message: ReplicaMessage) => {
        if (message.type === 'epoch') {
          onEpoch?.(message.progress);
          if (message.checkpoint) onCheckpoint?.(message.checkpoint);
          return;
        }
        model.parameters.set(message.parameters);
        if (message.type === 'done') resolve(message.history);
        else reject(new NonFiniteLossError(message.epoch, message.batch));
      });
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    breakMeeting(meeting);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}
