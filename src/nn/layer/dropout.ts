/**
 * Dropout (Srivastava et al. 2014), inverted: in training each value is 0 with probability `rate`, else x / (1 - rate);
 * outside training y = x.
 *   x, y, mask [B, …]
 */
import { sizeOf } from '../tensor.ts';
import { defineLayer, type Pass } from './layer.ts';

export interface DropoutConfig {
  type: 'Dropout';
  /** Share of the values that are dropped, 0 <= rate < 1. */
  rate: number;
}

function dropoutForward({ config, input, batch, x, y, scratch, random }: Pass<DropoutConfig>): void {
  const n = batch * sizeOf(input);
  const [mask] = scratch;
  const kept = 1 / (1 - config.rate);
  for (let i = 0; i < n; i++) {
    mask[i] = random === undefined ? 1 : random.uniform() < config.rate ? 0 : kept;
    y[i] = x[i] * mask[i];
  }
}

function dropoutBackward({ input, batch, dy, dx, scratch }: Pass<DropoutConfig>): void {
  const n = batch * sizeOf(input);
  const [mask] = scratch;
  for (let i = 0; i < n; i++) dx[i] = dy[i] * mask[i];
}

export const dropout = defineLayer<DropoutConfig>({
  type: 'Dropout',
  name: 'dropout',
  resolve: ({ rate }) => {
    if (!(rate >= 0 && rate < 1)) throw new RangeError(`Dropout: rate is ${rate}, not 0 <= rate < 1`);
    return { type: 'Dropout', rate };
  },
  outputShape: (_, input) => input,
  weights: () => [],
  scratch: (_, input, batch) => [batch * sizeOf(input)],
  forward: dropoutForward,
  backward: dropoutBackward,
  step: ({ x, y }) => y.set(x),
  stepSizes: () => ({ state: 0, scratch: 0 }),
});
