import type { Trainer } from './engine.ts';
import type { Floats } from './tensor.ts';

export interface History {
  /** Mean training loss of each epoch, while the weights moved. */
  loss: number[];
  /** Mean loss on the held back samples after each epoch; empty without validation. */
  valLoss: number[];
  /** 0-based, the one whose weights stay. */
  bestEpoch: number;
  seconds: number;
  stopped: 'epochs' | 'patience' | 'aborted';
}

/** A training between two epochs: `fit` with `resume` goes on from it as if nothing had happened. */
export interface Checkpoint {
  /** Finished epochs. */
  epoch: number;
  parameters: Float32Array;
  bestParameters: Float32Array;
  optimizerStep: number;
  optimizerSlots: Float32Array[];
  loss: number[];
  valLoss: number[];
  bestEpoch: number;
}

export function makeCheckpoint(trainer: Trainer, best: Floats, history: History): Checkpoint {
  return {
    epoch: history.loss.length,
    parameters: Float32Array.from(trainer.parameters),
    bestParameters: Float32Array.from(best),
    optimizerStep: trainer.optimizer.step,
    optimizerSlots: trainer.optimizer.slots.map((slot) => Float32Array.from(slot)),
    loss: [...history.loss],
    valLoss: [...history.valLoss],
    bestEpoch: history.bestEpoch,
  };
}

/** Throws a RangeError where the checkpoint is of another network or optimizer. */
export function restoreCheckpoint(from: Checkpoint, trainer: Trainer, best: Floats, history: History): void {
  const { parameters, optimizer } = trainer;
  if (from.parameters.length !== parameters.length || from.optimizerSlots.length !== optimizer.slots.length) {
    throw new RangeError('The checkpoint is of another network or optimizer');
  }
  parameters.set(from.parameters);
  optimizer.step = from.optimizerStep;
  for (const [i, slot] of optimizer.slots.entries()) slot.set(from.optimizerSlots[i]);
  best.set(from.bestParameters);
  history.loss.push(...from.loss);
  history.valLoss.push(...from.valLoss);
  history.bestEpoch = from.bestEpoch;
}
