import { type Checkpoint, type History, makeCheckpoint, restoreCheckpoint } from './checkpoint.ts';
import type { ClipOptions } from './clipping.ts';
import type { Engine, Samples } from './engine.ts';
import type { Loss } from './loss.ts';
import { type OptimizerConfig, resolveOptimizer } from './optimizer.ts';
import { createRandom } from './random.ts';
import { referenceEngine } from './reference-engine.ts';
import type { Sequential } from './sequential.ts';
import { type Floats, sizeOf } from './tensor.ts';

export interface FitOptions extends ClipOptions {
  /** Default 50. */
  epochs?: number;
  /** Default 32. */
  batchSize?: number;
  /** Share at the end that is held back, before any shuffling, as in Keras. Default 0. */
  validationSplit?: number;
  /** A new order of the training samples for every epoch. Default true. */
  shuffle?: boolean;
  /** Default Adam with Keras' settings. */
  optimizer?: OptimizerConfig;
  /** Default mse. */
  loss?: Loss;
  /** Epochs without a better val_loss (or loss, without validation) until it stops; Infinity never stops. Default 10. */
  patience?: number;
  /** Default true: the weights of the best epoch stay, not those of the last. */
  restoreBestWeights?: boolean;
  /** Of shuffling and dropout. Default 0. */
  seed?: number;
  onEpoch?: (progress: EpochProgress) => void | Promise<void>;
  /** Ends the training after the running batch; the best weights so far stay. */
  signal?: Pick<AbortSignal, 'aborted'>;
  /** Default: the reference. */
  engine?: Engine;
  /** Goes on where a checkpoint was made; the other options must be the same. */
  resume?: Checkpoint;
  /** This training's place among equal ones that share every batch. */
  replica?: Replica;
}

/** Data-parallel training: every replica holds all samples and runs the same loop on its share of each batch. */
export interface Replica {
  readonly index: number;
  readonly count: number;
  /** Replaces the values by their sum over all replicas, which is bitwise the same in each. */
  sum(values: Floats): void;
}

export interface EpochProgress {
  /** 1-based. */
  epoch: number;
  epochs: number;
  loss: number;
  valLoss: number | undefined;
  /** True where this epoch is the best so far. */
  best: boolean;
  /** Estimate, if no early stopping comes between. */
  secondsLeft: number;
  /** All that is needed to go on from here. */
  checkpoint(): Checkpoint;
}

/** The loss or a weight became NaN or infinite; the model holds the last weights whose loss was finite. */
export class NonFiniteLossError extends Error {
  override readonly name = 'NonFiniteLossError';
  readonly epoch: number;
  readonly batch: number;

  /** Both 1-based. */
  constructor(epoch: number, batch: number) {
    super(`The loss is not finite in epoch ${epoch}, batch ${batch}`);
    this.epoch = epoch;
    this.batch = batch;
  }
}

const single: Replica = { index: 0, count: 1, sum: () => {} };

/** Lets timers and abort signals of the same thread in. */
const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));
const breathMs = 50;

/**
 * Trains `model` in place on samples x [N, …inputShape] with targets y [N, …outputShape], row-major.
 * The same seed gives the same weights. Rejects with NonFiniteLossError when the training diverges.
 */
export async function fit(
  model: Sequential,
  x: Float32Array,
  y: Float32Array,
  { onEpoch, ...options }: FitOptions = {},
): Promise<History> {
  const epochs = fitByEpoch(model, x, y, options);
  let breathedAt = performance.now();
  for (;;) {
    const { done, value } = epochs.next();
    if (done) return value;
    await onEpoch?.(value);
    if (performance.now() - breathedAt > breathMs) {
      await breathe();
      breathedAt = performance.now();
    }
  }
}

/** `fit` at the pace of the caller, who gets every epoch and at last the history; the model is trained then. */
export function* fitByEpoch(
  model: Sequential,
  x: Float32Array,
  y: Float32Array,
  options: Omit<FitOptions, 'onEpoch'> = {},
): Generator<EpochProgress, History, void> {
  const { epochs = 50, batchSize = 32, validationSplit = 0, patience = 10, seed = 0, replica = single } = options;
  const outputSize = sizeOf(model.outputShape);
  const count = y.length / outputSize;
  if (x.length !== count * sizeOf(model.inputShape) || !Number.isInteger(count)) {
    throw new RangeError(`x has ${x.length} values and y ${y.length}: not the same number of samples`);
  }
  const trained = Math.floor(count * (1 - validationSplit));
  if (trained < 1) throw new RangeError(`${count} samples with a validation split of ${validationSplit} leave none`);

  const samples: Samples = { x, y };
  const trainer = (options.engine ?? referenceEngine).createTrainer(model, {
    ...options,
    maxBatch: Math.ceil(Math.min(batchSize, trained) / replica.count),
    loss: options.loss ?? 'mse',
    optimizer: resolveOptimizer(options.optimizer ?? { type: 'Adam' }),
  });
  const best = trainer.parameters.slice();
  const lastGood = trainer.parameters.slice();
  const history: History = { loss: [], valLoss: [], bestEpoch: 0, seconds: 0, stopped: 'epochs' };
  const order = new Int32Array(trained);
  if (options.resume) restoreCheckpoint(options.resume, trainer, best, history);
  const firstEpoch = history.loss.length;
  const startedAt = performance.now();
  // A replica's share of the loss, and whether anybody wants to stop: one sum serves both.
  const tally = new Float64Array(2);

  for (let epoch = firstEpoch; epoch < epochs && history.stopped === 'epochs'; epoch++) {
    for (let i = 0; i < trained; i++) order[i] = i;
    if (options.shuffle ?? true) createRandom(seed, epoch).shuffle(order);
    let epochLoss = 0;
    for (let start = 0, batch = 0; start < trained; start += batchSize, batch++) {
      const end = Math.min(start + batchSize, trained);
      const [from, to] = share(start, end, replica);
      const random = createRandom(seed, epoch, batch, replica.index);
      tally[0] = trainer.backprop(samples, order, from, to, (end - start) * outputSize, random);
      tally[1] = options.signal?.aborted ? 1 : 0;
      replica.sum(tally);
      if (tally[1] > 0) {
        history.stopped = 'aborted';
        break;
      }
      if (!Number.isFinite(tally[0])) {
        model.parameters.set(lastGood);
        throw new NonFiniteLossError(epoch + 1, batch + 1);
      }
      if (batch === 0) lastGood.set(trainer.parameters);
      replica.sum(trainer.gradients);
      trainer.update();
      epochLoss += tally[0];
    }
    if (history.stopped === 'aborted') break;

    history.loss.push(epochLoss / (trained * outputSize));
    if (trained < count) {
      const [from, to] = share(trained, count, replica);
      tally[0] = trainer.evaluate(samples, from, to);
      tally[1] = 0;
      replica.sum(tally);
      history.valLoss.push(tally[0] / ((count - trained) * outputSize));
    }
    const watched = trained < count ? history.valLoss : history.loss;
    if (!Number.isFinite(watched[epoch]) || !trainer.parameters.every(Number.isFinite)) {
      model.parameters.set(lastGood);
      throw new NonFiniteLossError(epoch + 1, Math.ceil(trained / batchSize));
    }
    const isBest = epoch === 0 || watched[epoch] < watched[history.bestEpoch];
    if (isBest) {
      history.bestEpoch = epoch;
      best.set(trainer.parameters);
    }
    if (epoch - history.bestEpoch >= patience) history.stopped = 'patience';
    const perEpoch = (performance.now() - startedAt) / 1000 / (epoch + 1 - firstEpoch);
    yield {
      epoch: epoch + 1,
      epochs,
      loss: history.loss[epoch],
      valLoss: history.valLoss[epoch],
      best: isBest,
      secondsLeft: history.stopped === 'patience' ? 0 : perEpoch * (epochs - epoch - 1),
      checkpoint: () => makeCheckpoint(trainer, best, history),
    };
  }
  model.parameters.set((options.restoreBestWeights ?? true) && history.loss.length > 0 ? best : trainer.parameters);
  history.seconds = (performance.now() - startedAt) / 1000;
  return history;
}

/** The replica's part of samples [start, end): parts differ by one sample at most. */
const share = (start: number, end: number, { index, count }: Replica): [number, number] => [
  start + Math.floor(((end - start) * index) / count),
  start + Math.floor(((end - start) * (index + 1)) / count),
];
