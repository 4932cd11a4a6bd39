import type { Arena } from './arena.ts';
import { padded } from './arena.ts';
import type { Kernels } from './exports.ts';

/** The values between two layers, batch-minor: [T, F, B], rows padded. */
export interface Signal {
  readonly at: number;
  /** dL/d(signal), of the same layout; 0 where nobody wants it. */
  readonly gradient: number;
  readonly time: number;
  readonly features: number;
  /** One block [F, B] that stands for every timestep. */
  readonly repeated: boolean;
}

/** Bytes of one timestep at this (padded) batch. */
export const blockBytes = (signal: Signal, batch: number): number => padded(signal.features) * batch * 4;

/** From one timestep to the next. */
export const stepBytes = (signal: Signal, batch: number): number => (signal.repeated ? 0 : blockBytes(signal, batch));

/** Timesteps that are really there. */
export const stepsOf = (signal: Signal): number => (signal.repeated ? 1 : signal.time);

export function createSignal(arena: Arena, time: number, features: number, maxBatch: number, train: boolean): Signal {
  const count = time * padded(features) * maxBatch;
  const at = arena.floats(count);
  return { at, gradient: train ? arena.floats(count) : 0, time, features, repeated: false };
}

/** Where a weight of the layer lies, in Keras' layout, and where its gradient goes. */
export interface WeightPlace {
  readonly at: number;
  /** 0 when running. */
  readonly gradient: number;
}

/** One layer on the kernels, its buffers laid out for the largest batch. */
export interface KernelLayer {
  readonly output: Signal;
  /** Brings changed weights into the order of the kernels. */
  pack(kernels: Kernels): void;
  forward(kernels: Kernels, batch: number): void;
  /** From the gradient of the output: those of the weights, and of the input where it is wanted. */
  backward(kernels: Kernels, batch: number): void;
}

/** Lays a layer out behind its input, for the largest batch. */
export type CreateKernel<Config> = (
  config: Config,
  input: Signal,
  weights: readonly WeightPlace[],
  arena: Arena,
  maxBatch: number,
  train: boolean,
) => KernelLayer;

/** How rows of z are columns of a weight in Keras' layout (assembly/outer.ts). */
export interface RowOrder {
  readonly rows: number;
  readonly panelStep: number;
  readonly rowStep: number;
}

/** dx_t = Vᵀ·dz_t into the input's gradient; `zeros` has as many floats as the input has (padded) features. */
export function inputGradient(
  kernels: Kernels,
  input: Signal,
  vT: number,
  zeros: number,
  dz: number,
  dzStep: number,
  rows: number,
  batch: number,
): void {
  if (input.gradient === 0) return;
  for (let t = 0; t < input.time; t++) {
    const dx = input.gradient + t * stepBytes(input, batch);
    const adds = input.repeated && t > 0;
    kernels.product(dx, adds ? 0 : zeros, dx, vT, dz + t * dzStep, rows, 0, 0, 0, input.features, batch);
  }
}
