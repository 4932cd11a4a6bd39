import type { DropoutConfig } from '../layer/dropout.ts';
import type { Random } from '../random.ts';
import { type Arena, padded } from './arena.ts';
import type { Kernels } from './exports.ts';
import { blockBytes, createSignal, type KernelLayer, type Signal, stepBytes } from './signal.ts';

export interface DropoutKernel extends KernelLayer {
  /** New masks for a batch of `samples`, in the reference's order; without `random`, masks of ones. */
  draw(floats: Float32Array, samples: number, batch: number, random: Random | undefined): void;
}

/** Dropout in training: y = x·mask, dx = dy·mask. Running, the network leaves the layer out. */
export function createDropoutKernel(
  config: Required<DropoutConfig>,
  input: Signal,
  arena: Arena,
  maxBatch: number,
): DropoutKernel {
  const { time: T, features: F } = input;
  const kept = 1 / (1 - config.rate);
  const output = createSignal(arena, T, F, maxBatch, true);
  const mask = arena.floats(T * padded(F) * maxBatch);

  /** Applies the mask at every step; where the input stands for all steps, its gradient is their sum. */
  const apply = (kernels: Kernels, batch: number, to: number, toStep: number, from: number, fromStep: number) => {
    const step = blockBytes(output, batch);
    for (let t = 0; t < T; t++) {
      const operate = toStep === 0 && t > 0 ? kernels.addMultiple : kernels.multiply;
      operate(to + t * toStep, from + t * fromStep, mask + t * step, step / 4);
    }
  };
  return {
    output,
    pack: () => {},
    draw: (floats, samples, batch, random) => {
      const at = mask / 4;
      if (random === undefined) {
        floats.fill(1, at, at + T * padded(F) * batch);
        return;
      }
      for (let b = 0; b < samples; b++) {
        for (let t = 0; t < T; t++) {
          for (let f = 0; f < F; f++) {
            floats[at + (t * padded(F) + f) * batch + b] = random.uniform() < config.rate ? 0 : kept;
          }
        }
      }
    },
    forward: (kernels, batch) =>
      apply(kernels, batch, output.at, blockBytes(output, batch), input.at, stepBytes(input, batch)),
    backward: (kernels, batch) => {
      if (input.gradient === 0) return;
      apply(kernels, batch, input.gradient, stepBytes(input, batch), output.gradient, blockBytes(output, batch));
    },
  };
}
