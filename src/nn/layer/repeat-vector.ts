/** RepeatVector: x [B, F] → y [B, n, F], the same vector at every timestep. */
import { defineLayer, type Pass, requireCount } from './layer.ts';

export interface RepeatVectorConfig {
  type: 'RepeatVector';
  n: number;
}

function repeatVectorForward({ config, input, batch, x, y }: Pass<RepeatVectorConfig>): void {
  const [F] = input;
  for (let b = 0; b < batch; b++) {
    const row = x.subarray(b * F, (b + 1) * F);
    for (let t = 0; t < config.n; t++) y.set(row, (b * config.n + t) * F);
  }
}

function repeatVectorBackward({ config, input, batch, dy, dx }: Pass<RepeatVectorConfig>): void {
  const [F] = input;
  dx.fill(0, 0, batch * F);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < config.n; t++) {
      for (let k = 0; k < F; k++) dx[b * F + k] += dy[(b * config.n + t) * F + k];
    }
  }
}

export const repeatVector = defineLayer<RepeatVectorConfig>({
  type: 'RepeatVector',
  name: 'repeat_vector',
  resolve: (config) => {
    requireCount('RepeatVector', 'n', config.n);
    return { type: 'RepeatVector', n: config.n };
  },
  outputShape: ({ n }, input) => {
    if (input.length !== 1) throw new RangeError(`RepeatVector needs a vector [F], and gets [${input}]`);
    return [n, input[0]];
  },
  weights: () => [],
  scratch: () => [],
  forward: repeatVectorForward,
  backward: repeatVectorBackward,
});
