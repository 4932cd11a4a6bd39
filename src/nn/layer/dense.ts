/**
 * Dense: y = φ(x·W + b), on the last axis, as in Keras.
 *   x [B, …, F]   kernel W [F, U]   bias b [U]   y [B, …, U]
 */
import { type Activation, activationDerivative, activationForward } from '../activation.ts';
import { addOuter, addProduct, addProductTransposed, addRow } from '../matmul.ts';
import { featuresOf, timeOf } from '../tensor.ts';
import { defineLayer, type Pass, requireUnits, type Step } from './layer.ts';

export interface DenseConfig {
  type: 'Dense';
  units: number;
  /** Default linear. */
  activation?: Activation;
}

function denseForward({ config, input, batch, weights, x, y }: Pass<DenseConfig>): void {
  const rows = batch * timeOf(input);
  const F = featuresOf(input);
  const U = config.units;
  const [kernel, bias] = weights;
  for (let r = 0; r < rows; r++) {
    for (let u = 0; u < U; u++) y[r * U + u] = bias[u];
    addProduct(x, r * F, kernel, F, U, y, r * U);
  }
  activationForward(config.activation, y, 0, rows * U);
}

function denseBackward({ config, input, batch, weights, gradients, x, y, dy, dx, scratch }: Pass<DenseConfig>): void {
  const rows = batch * timeOf(input);
  const F = featuresOf(input);
  const U = config.units;
  const [kernel] = weights;
  const [dkernel, dbias] = gradients;
  const [dz] = scratch;
  dx.fill(0, 0, rows * F);
  for (let r = 0; r < rows; r++) {
    for (let u = 0; u < U; u++) dz[u] = dy[r * U + u] * activationDerivative(config.activation, y[r * U + u]);
    addOuter(x, r * F, dz, 0, F, U, dkernel);
    addRow(dz, 0, U, dbias);
    addProductTransposed(dz, 0, kernel, F, U, dx, r * F);
  }
}

function denseStep({ config, weights, x, y }: Step<DenseConfig>): void {
  const [kernel, bias] = weights;
  y.set(bias);
  addProduct(x, 0, kernel, x.length, config.units, y, 0);
  activationForward(config.activation, y, 0, config.units);
}

export const dense = defineLayer<DenseConfig>({
  type: 'Dense',
  name: 'dense',
  resolve: (config) => requireUnits(config, 'linear'),
  outputShape: ({ units }, input) => [...input.slice(0, -1), units],
  weights: ({ units }, input) => [
    { name: 'kernel', shape: [featuresOf(input), units], initializer: 'glorot_uniform' },
    { name: 'bias', shape: [units], initializer: 'zeros' },
  ],
  scratch: ({ units }) => [units],
  forward: denseForward,
  backward: denseBackward,
  step: denseStep,
  stepSizes: () => ({ state: 0, scratch: 0 }),
});
