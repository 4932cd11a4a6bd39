/**
 * SimpleRNN (Elman 1990): h_t = φ(x_t·W + h_{t-1}·R + b), h_{-1} = 0.
 *   x [B, T, F]   kernel W [F, U]   recurrent_kernel R [U, U]   bias b [U]
 *   y [B, T, U] with returnSequences, else the last h [B, U]
 */
import { activationDerivative, activationForward } from '../activation.ts';
import { addOuter, addProduct, addProductTransposed, addRow } from '../matmul.ts';
import { defineLayer, type Pass, type RecurrentConfig, recurrentShape, requireUnits, type Step } from './layer.ts';

export interface SimpleRnnConfig extends RecurrentConfig {
  type: 'SimpleRNN';
}

function simpleRnnForward({ config, input, batch, weights, x, y, scratch }: Pass<SimpleRnnConfig>): void {
  const [T, F] = input;
  const U = config.units;
  const [kernel, recurrent, bias] = weights;
  const [h] = scratch; // [B, T, U]
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < T; t++) {
      const at = (b * T + t) * U;
      for (let u = 0; u < U; u++) h[at + u] = bias[u];
      addProduct(x, (b * T + t) * F, kernel, F, U, h, at);
      if (t > 0) addProduct(h, at - U, recurrent, U, U, h, at);
      activationForward(config.activation, h, at, U);
    }
    if (!config.returnSequences) y.set(h.subarray((b * T + T - 1) * U, (b * T + T) * U), b * U);
  }
  if (config.returnSequences) y.set(h.subarray(0, batch * T * U));
}

function simpleRnnBackward(pass: Pass<SimpleRnnConfig>): void {
  const { config, input, batch, weights, gradients, x, dy, dx, scratch } = pass;
  const [T, F] = input;
  const U = config.units;
  const [kernel, recurrent] = weights;
  const [dkernel, drecurrent, dbias] = gradients;
  const [h, dh, dz] = scratch;
  dx.fill(0, 0, batch * T * F);
  for (let b = 0; b < batch; b++) {
    dh.fill(0); // from the later steps
    for (let t = T - 1; t >= 0; t--) {
      const at = (b * T + t) * U;
      if (config.returnSequences) for (let u = 0; u < U; u++) dh[u] += dy[at + u];
      else if (t === T - 1) for (let u = 0; u < U; u++) dh[u] = dy[b * U + u];
      for (let u = 0; u < U; u++) dz[u] = dh[u] * activationDerivative(config.activation, h[at + u]);

      addOuter(x, (b * T + t) * F, dz, 0, F, U, dkernel);
      addRow(dz, 0, U, dbias);
      addProductTransposed(dz, 0, kernel, F, U, dx, (b * T + t) * F);
      dh.fill(0);
      if (t === 0) continue;
      addOuter(h, at - U, dz, 0, U, U, drecurrent);
      addProductTransposed(dz, 0, recurrent, U, U, dh, 0);
    }
  }
}

/** The state is h [U]. */
function simpleRnnStep({ config, weights, x, y, state }: Step<SimpleRnnConfig>): void {
  const U = config.units;
  const [kernel, recurrent, bias] = weights;
  y.set(bias);
  addProduct(x, 0, kernel, x.length, U, y, 0);
  addProduct(state, 0, recurrent, U, U, y, 0);
  activationForward(config.activation, y, 0, U);
  state.set(y);
}

export const simpleRnn = defineLayer<SimpleRnnConfig>({
  type: 'SimpleRNN',
  name: 'simple_rnn',
  resolve: (config) => ({ ...requireUnits(config, 'tanh'), returnSequences: config.returnSequences ?? false }),
  outputShape: recurrentShape,
  weights: ({ units }, input) => [
    { name: 'kernel', shape: [input[1], units], initializer: 'glorot_uniform' },
    { name: 'recurrent_kernel', shape: [units, units], initializer: 'orthogonal' },
    { name: 'bias', shape: [units], initializer: 'zeros' },
  ],
  scratch: ({ units }, input, batch) => [batch * input[0] * units, units, units],
  forward: simpleRnnForward,
  backward: simpleRnnBackward,
  step: simpleRnnStep,
  stepSizes: ({ units }) => ({ state: units, scratch: 0 }),
});
