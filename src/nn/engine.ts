import type { ClipOptions } from './clipping.ts';
import type { QuantizedNetwork } from './int8/quantized-network.ts';
import type { Loss } from './loss.ts';
import type { OptimizerConfig, OptimizerState } from './optimizer.ts';
import type { Random } from './random.ts';
import type { Sequential } from './sequential.ts';
import type { Floats } from './tensor.ts';

/** Runs networks: the reference in TypeScript, or the kernels. */
export interface Engine {
  readonly name: string;
  /** Keeps the weights as they are now; buffers are made here and reused by every call. */
  createPredictor(model: Sequential, maxBatch: number): Predictor;
  /** As createPredictor, for a quantized network. */
  createInt8Predictor(network: QuantizedNetwork, maxBatch: number): Predictor;
  createTrainer(model: Sequential, options: TrainerOptions): Trainer;
  /** Throws a RangeError where a layer needs the whole window. */
  createStepper(model: Sequential, capacity: number): Stepper;
}

export interface Predictor {
  readonly maxBatch: number;
  /** y[yOffset…] = model(x[xOffset…]) for `batch` <= maxBatch samples, row-major; allocates nothing. */
  run(x: Float32Array, xOffset: number, batch: number, y: Float32Array, yOffset: number): void;
}

/**
 * Runs a network one timestep at a time for many independent streams: after the same steps a stream's output is that
 * of the whole sequence, to 1e-5.
 */
export interface Stepper {
  /** Streams that can be open at once. */
  readonly capacity: number;
  /** Streams that are open. */
  readonly open: number;
  /** A new stream at rest; throws a RangeError where all slots are taken. */
  start(): number;
  /** The stream is gone; its number may come back from start. */
  end(stream: number): void;
  /**
   * One timestep of `count` different streams: x [count, F] from xOffset, y [count, U] from yOffset, row-major.
   * Allocates nothing.
   */
  step(
    streams: ArrayLike<number>,
    count: number,
    x: ArrayLike<number>,
    xOffset: number,
    y: Float32Array,
    yOffset: number,
  ): void;
}

export interface TrainerOptions extends ClipOptions {
  maxBatch: number;
  loss: Loss;
  optimizer: Required<OptimizerConfig>;
}

/** Samples by row: sample n is x[n · size(inputShape) …] with the target y[n · size(outputShape) …]. */
export interface Samples {
  readonly x: Floats;
  readonly y: Floats;
}

/** One network in training. */
export interface Trainer {
  /** The current weights. */
  readonly parameters: Floats;
  /** Flat like the parameters; written by backprop, read by update. */
  readonly gradients: Floats;
  readonly optimizer: OptimizerState;
  /**
   * Sum of the loss over the elements of samples indices[from, to), at most maxBatch of them;
   * gradients = d(sum / divisor)/d parameters. With `random`, as in training (dropout), else as in running.
   */
  backprop(
    samples: Samples,
    indices: Int32Array,
    from: number,
    to: number,
    divisor: number,
    random: Random | undefined,
  ): number;
  /** Sum of the loss over the elements of samples [from, to), of any number. */
  evaluate(samples: Samples, from: number, to: number): number;
  /** Clips the gradients and moves the parameters. */
  update(): void;
}
