import { activations } from '../activation.ts';
import type { SimpleRnnConfig } from '../layer/simple-rnn.ts';
import { padded } from './arena.ts';
import { blockBytes, type CreateKernel, createSignal, inputGradient, type RowOrder, stepBytes } from './signal.ts';

/** SimpleRNN: h_t = φ(V·x_t + W·h_{t-1} + b), batch-minor; the gradient of h becomes dz. */
export const createSimpleRnnKernel: CreateKernel<Required<SimpleRnnConfig>> = (
  config,
  input,
  [kernel, recurrent, bias],
  arena,
  maxBatch,
  train,
) => {
  const { time: T, features: F } = input;
  const U = config.units;
  const activation = activations.indexOf(config.activation);
  const { rows, panelStep, rowStep }: RowOrder = { rows: U, panelStep: 4, rowStep: 1 };
  const v = arena.floats(padded(U) * F);
  const w = arena.floats(padded(U) * U);
  const packedBias = arena.floats(padded(U));
  // The product reads all of h while it writes the next, so a step cannot lie over the one before.
  const h = createSignal(arena, T, U, maxBatch, train);
  const output = config.returnSequences ? h : createSignal(arena, 1, U, maxBatch, train);
  const wT = train ? arena.floats(U * padded(U)) : 0;
  const vT = input.gradient ? arena.floats(U * padded(F)) : 0;
  const zeros = input.gradient ? arena.floats(padded(F)) : 0;

  return {
    output,
    pack: (kernels) => {
      kernels.pack(v, kernel.at, F, U, rows, panelStep, rowStep);
      kernels.pack(w, recurrent.at, U, U, rows, panelStep, rowStep);
      kernels.pack(packedBias, bias.at, 1, U, rows, panelStep, rowStep);
      if (wT) kernels.packTransposed(wT, recurrent.at, U, U, rows, panelStep, rowStep);
      if (vT) kernels.packTransposed(vT, kernel.at, F, U, rows, panelStep, rowStep);
    },
    forward: (kernels, batch) => {
      const xStep = stepBytes(input, batch);
      const step = blockBytes(h, batch);
      for (let t = 0; t < T; t++) {
        const to = h.at + t * step;
        kernels.product(to, packedBias, 0, v, input.at + t * xStep, F, w, to - step, t > 0 ? U : 0, U, batch);
        kernels.activate(to, padded(U) * batch, activation);
      }
      if (output !== h) kernels.copy(output.at, h.at + (T - 1) * step, step);
    },
    backward: (kernels, batch) => {
      const step = blockBytes(h, batch);
      if (output !== h) {
        kernels.clear(h.gradient, (T - 1) * step);
        kernels.copy(h.gradient + (T - 1) * step, output.gradient, step);
      }
      const dz = h.gradient;
      for (let t = T - 1; t >= 0; t--) {
        const at = dz + t * step;
        kernels.activateBackward(at, h.at + t * step, padded(U) * batch, activation);
        if (t > 0) kernels.product(at - step, 0, at - step, wT, at, U, 0, 0, 0, U, batch);
      }
      const xStep = stepBytes(input, batch);
      kernels.outer(kernel.gradient, dz, step, input.at, xStep, T, rows, F, U, panelStep, rowStep, batch);
      kernels.outer(recurrent.gradient, dz + step, step, h.at, step, T - 1, rows, U, U, panelStep, rowStep, batch);
      kernels.rowSums(bias.gradient, dz, step, T, rows, panelStep, rowStep, batch);
      inputGradient(kernels, input, vT, zeros, dz, step, rows, batch);
    },
  };
};
