import { activations } from '../activation.ts';
import type { DenseConfig } from '../layer/dense.ts';
import { padded } from './arena.ts';
import { blockBytes, type CreateKernel, createSignal, inputGradient, type RowOrder, stepBytes } from './signal.ts';

/** Dense at every timestep: y_t = φ(V·x_t + b), batch-minor; the gradient of y becomes dz. */
export const createDenseKernel: CreateKernel<Required<DenseConfig>> = (
  config,
  input,
  [kernel, bias],
  arena,
  maxBatch,
  train,
) => {
  const { time: T, features: F } = input;
  const U = config.units;
  const activation = activations.indexOf(config.activation);
  const { rows, panelStep, rowStep }: RowOrder = { rows: U, panelStep: 4, rowStep: 1 };
  const v = arena.floats(padded(U) * F);
  const packedBias = arena.floats(padded(U));
  const output = createSignal(arena, T, U, maxBatch, train);
  const vT = input.gradient ? arena.floats(U * padded(F)) : 0;
  const zeros = input.gradient ? arena.floats(padded(F)) : 0;

  return {
    output,
    pack: (kernels) => {
      kernels.pack(v, kernel.at, F, U, rows, panelStep, rowStep);
      kernels.pack(packedBias, bias.at, 1, U, rows, panelStep, rowStep);
      if (vT) kernels.packTransposed(vT, kernel.at, F, U, rows, panelStep, rowStep);
    },
    forward: (kernels, batch) => {
      const xStep = stepBytes(input, batch);
      const step = blockBytes(output, batch);
      for (let t = 0; t < T; t++) {
        kernels.product(output.at + t * step, packedBias, 0, v, input.at + t * xStep, F, 0, 0, 0, U, batch);
      }
      kernels.activate(output.at, T * padded(U) * batch, activation);
    },
    backward: (kernels, batch) => {
      const dz = output.gradient;
      const step = blockBytes(output, batch);
      kernels.activateBackward(dz, output.at, T * padded(U) * batch, activation);
      const xStep = stepBytes(input, batch);
      kernels.outer(kernel.gradient, dz, step, input.at, xStep, T, rows, F, U, panelStep, rowStep, batch);
      kernels.rowSums(bias.gradient, dz, step, T, rows, panelStep, rowStep, batch);
      inputGradient(kernels, input, vT, zeros, dz, step, rows, batch);
    },
  };
};
