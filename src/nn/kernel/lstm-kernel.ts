import type { LstmConfig } from '../layer/lstm.ts';
import { padded } from './arena.ts';
import { blockBytes, type CreateKernel, createSignal, inputGradient, type RowOrder, stepBytes } from './signal.ts';

/** LSTM with tanh or relu cells and sigmoid gates; legend in assembly/lstm.ts. */
export const createLstmKernel: CreateKernel<Required<LstmConfig>> = (
  config,
  input,
  [kernel, recurrent, bias],
  arena,
  maxBatch,
  train,
) => {
  const { time: T, features: F } = input;
  const U = config.units;
  const rectified = config.activation === 'relu';
  const order: RowOrder = { rows: 4 * U, panelStep: 1, rowStep: U };
  const v = arena.floats(4 * U * F);
  const w = arena.floats(4 * U * U);
  const packedBias = arena.floats(4 * U);
  const block = padded(U) * maxBatch;

  // Running keeps one step of z and c; where only the last output counts, also one of h, each over the one before.
  const kept = train ? T : 1;
  const z = arena.floats(kept * 4 * U * maxBatch);
  const c = arena.floats(kept * block);
  const zx = input.repeated && !train ? arena.floats(4 * U * maxBatch) : 0;
  const sequence = train || config.returnSequences;
  const h = createSignal(arena, sequence ? T : 1, U, maxBatch, train);
  const output = train && !config.returnSequences ? createSignal(arena, 1, U, maxBatch, true) : h;

  const phi = train ? arena.floats(T * block) : 0;
  const dc = train ? arena.floats(block) : 0;
  const wT = train ? arena.floats(4 * U * padded(U)) : 0;
  const vT = input.gradient ? arena.floats(4 * U * padded(F)) : 0;
  const zeros = input.gradient ? arena.floats(padded(F)) : 0;

  return {
    output,
    pack: (kernels) => {
      const { rows, panelStep, rowStep } = order;
      kernels.pack(v, kernel.at, F, 4 * U, rows, panelStep, rowStep);
      kernels.pack(w, recurrent.at, U, 4 * U, rows, panelStep, rowStep);
      kernels.pack(packedBias, bias.at, 1, 4 * U, rows, panelStep, rowStep);
      if (wT) kernels.packTransposed(wT, recurrent.at, U, 4 * U, rows, panelStep, rowStep);
      if (vT) kernels.packTransposed(vT, kernel.at, F, 4 * U, rows, panelStep, rowStep);
    },
    forward: (kernels, batch) => {
      const xStep = stepBytes(input, batch);
      const hStep = sequence ? blockBytes(h, batch) : 0;
      if (!train) {
        kernels.lstmForward(input.at, xStep, F, v, w, packedBias, z, zx, c, 0, h.at, hStep, T, U, batch, rectified);
        return;
      }
      kernels.lstmForwardKeeping(input.at, xStep, F, v, w, packedBias, z, c, phi, h.at, T, U, batch, rectified);
      if (output !== h) kernels.copy(output.at, h.at + (T - 1) * hStep, hStep);
    },
    backward: (kernels, batch) => {
      const hStep = blockBytes(h, batch);
      const zStep = 16 * U * batch;
      if (output !== h) {
        kernels.clear(h.gradient, (T - 1) * hStep);
        kernels.copy(h.gradient + (T - 1) * hStep, output.gradient, hStep);
      }
      kernels.lstmBackward(z, c, phi, h.gradient, dc, wT, T, U, batch, rectified);
      const { rows, panelStep, rowStep } = order;
      const xStep = stepBytes(input, batch);
      kernels.outer(kernel.gradient, z, zStep, input.at, xStep, T, rows, F, rows, panelStep, rowStep, batch);
      // h_{t-1} meets dz_t, so the first dz has no partner.
      kernels.outer(recurrent.gradient, z + zStep, zStep, h.at, hStep, T - 1, rows, U, rows, panelStep, rowStep, batch);
      kernels.rowSums(bias.gradient, z, zStep, T, rows, panelStep, rowStep, batch);
      inputGradient(kernels, input, vT, zeros, z, zStep, rows, batch);
    },
  };
};
