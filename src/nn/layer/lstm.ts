/**
 * LSTM (Hochreiter & Schmidhuber 1997; forget gate Gers et al. 2000) in Keras' layout: gates i, f, c, o.
 *   x [B, T, F]   kernel W [F, 4U]   recurrent_kernel R [U, 4U]   bias b [4U]
 *   z = x_t·W + h_{t-1}·R + b
 *   i = σ(z_i)   f = σ(z_f)   g = φ(z_c)   o = σ(z_o)
 *   c_t = f·c_{t-1} + i·g     h_t = o·φ(c_t)     c_{-1} = h_{-1} = 0
 *   y [B, T, U] with returnSequences, else the last h [B, U]
 */
import { type Activation, activationDerivative, activationForward, requireActivation } from '../activation.ts';
import { addOuter, addProduct, addProductTransposed, addRow } from '../matmul.ts';
import { defineLayer, type Pass, type RecurrentConfig, recurrentShape, requireUnits, type Step } from './layer.ts';

export interface LstmConfig extends RecurrentConfig {
  type: 'LSTM';
  /** σ of the gates. Default sigmoid. */
  recurrentActivation?: Activation;
}

function lstmForward({ config, input, batch, weights, x, y, scratch }: Pass<LstmConfig>): void {
  const [T, F] = input;
  const U = config.units;
  const [kernel, recurrent, bias] = weights;
  const [gates, c, phi, h] = scratch; // [B, T, 4U], then three [B, T, U]
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < T; t++) {
      const step = b * T + t;
      const z = step * 4 * U;
      const at = step * U;
      for (let j = 0; j < 4 * U; j++) gates[z + j] = bias[j];
      addProduct(x, step * F, kernel, F, 4 * U, gates, z);
      if (t > 0) addProduct(h, at - U, recurrent, U, 4 * U, gates, z);
      activationForward(config.recurrentActivation, gates, z, 2 * U);
      activationForward(config.activation, gates, z + 2 * U, U);
      activationForward(config.recurrentActivation, gates, z + 3 * U, U);
      for (let u = 0; u < U; u++) {
        const kept = t > 0 ? gates[z + U + u] * c[at - U + u] : 0;
        c[at + u] = kept + gates[z + u] * gates[z + 2 * U + u];
        phi[at + u] = c[at + u];
      }
      activationForward(config.activation, phi, at, U);
      for (let u = 0; u < U; u++) h[at + u] = gates[z + 3 * U + u] * phi[at + u];
    }
    if (!config.returnSequences) y.set(h.subarray((b * T + T - 1) * U, (b * T + T) * U), b * U);
  }
  if (config.returnSequences) y.set(h.subarray(0, batch * T * U));
}

function lstmBackward(pass: Pass<LstmConfig>): void {
  const { config, input, batch, weights, gradients, x, dy, dx, scratch } = pass;
  const { activation, recurrentActivation } = config;
  const [T, F] = input;
  const U = config.units;
  const [kernel, recurrent] = weights;
  const [dkernel, drecurrent, dbias] = gradients;
  const [gates, c, phi, h, dh, dc, dz] = scratch;
  dx.fill(0, 0, batch * T * F);
  for (let b = 0; b < batch; b++) {
    dh.fill(0); // from the later steps
    dc.fill(0);
    for (let t = T - 1; t >= 0; t--) {
      const step = b * T + t;
      const z = step * 4 * U;
      const at = step * U;
      if (config.returnSequences) for (let u = 0; u < U; u++) dh[u] += dy[at + u];
      else if (t === T - 1) for (let u = 0; u < U; u++) dh[u] = dy[b * U + u];
      for (let u = 0; u < U; u++) {
        const i = gates[z + u];
        const f = gates[z + U + u];
        const g = gates[z + 2 * U + u];
        const o = gates[z + 3 * U + u];
        const before = t > 0 ? c[at - U + u] : 0;
        dc[u] += dh[u] * o * activationDerivative(activation, phi[at + u]);
        dz[u] = dc[u] * g * activationDerivative(recurrentActivation, i);
        dz[U + u] = dc[u] * before * activationDerivative(recurrentActivation, f);
        dz[2 * U + u] = dc[u] * i * activationDerivative(activation, g);
        dz[3 * U + u] = dh[u] * phi[at + u] * activationDerivative(recurrentActivation, o);
        dc[u] *= f;
      }

      addOuter(x, step * F, dz, 0, F, 4 * U, dkernel);
      addRow(dz, 0, 4 * U, dbias);
      addProductTransposed(dz, 0, kernel, F, 4 * U, dx, step * F);
      dh.fill(0);
      if (t === 0) continue;
      addOuter(h, at - U, dz, 0, U, 4 * U, drecurrent);
      addProductTransposed(dz, 0, recurrent, U, 4 * U, dh, 0);
    }
  }
}

/** The state is h [U], then c [U]. */
function lstmStep({ config, weights, x, y, state, scratch: gates }: Step<LstmConfig>): void {
  const { activation, recurrentActivation, units: U } = config;
  const [kernel, recurrent, bias] = weights;
  gates.set(bias);
  addProduct(x, 0, kernel, x.length, 4 * U, gates, 0);
  addProduct(state, 0, recurrent, U, 4 * U, gates, 0);
  activationForward(recurrentActivation, gates, 0, 2 * U);
  activationForward(activation, gates, 2 * U, U);
  activationForward(recurrentActivation, gates, 3 * U, U);
  for (let u = 0; u < U; u++) {
    state[U + u] = gates[U + u] * state[U + u] + gates[u] * gates[2 * U + u];
    y[u] = state[U + u];
  }
  activationForward(activation, y, 0, U);
  for (let u = 0; u < U; u++) {
    y[u] *= gates[3 * U + u];
    state[u] = y[u];
  }
}

export const lstm = defineLayer<LstmConfig>({
  type: 'LSTM',
  name: 'lstm',
  resolve: (config) => {
    return {
      ...requireUnits(config, 'tanh'),
      recurrentActivation: requireActivation('LSTM', config.recurrentActivation ?? 'sigmoid'),
      returnSequences: config.returnSequences ?? false,
    };
  },
  outputShape: recurrentShape,
  weights: ({ units }, input) => [
    { name: 'kernel', shape: [input[1], 4 * units], initializer: 'glorot_uniform' },
    { name: 'recurrent_kernel', shape: [units, 4 * units], initializer: 'orthogonal' },
    { name: 'bias', shape: [4 * units], initializer: 'lstm_bias' },
  ],
  scratch: ({ units: U }, input, batch) => {
    const steps = batch * input[0];
    return [steps * 4 * U, steps * U, steps * U, steps * U, U, U, 4 * U];
  },
  forward: lstmForward,
  backward: lstmBackward,
  step: lstmStep,
  stepSizes: ({ units }) => ({ state: 2 * units, scratch: 4 * units }),
});
