/** TimeDistributed(Dense): the same Dense at every timestep; time is folded into the batch. x [B, T, F] → y [B, T, U] */
import { type DenseConfig, dense } from './dense.ts';
import { defineLayer, type Pass, requireSequence } from './layer.ts';

export interface TimeDistributedConfig {
  type: 'TimeDistributed';
  layer: DenseConfig;
}

const fold = (pass: Pass<TimeDistributedConfig>): Pass<DenseConfig> => ({
  ...pass,
  config: dense.resolve(pass.config.layer),
  input: [pass.input[1]],
  output: [pass.output[1]],
  batch: pass.batch * pass.input[0],
});

export const timeDistributed = defineLayer<TimeDistributedConfig>({
  type: 'TimeDistributed',
  name: 'time_distributed',
  resolve: ({ layer }) => ({ type: 'TimeDistributed', layer: dense.resolve(layer) }),
  outputShape: ({ layer }, input) => {
    const [T] = requireSequence('TimeDistributed', input);
    return [T, layer.units];
  },
  weights: ({ layer }, input) => dense.weights(dense.resolve(layer), [input[1]]),
  scratch: ({ layer }) => [layer.units],
  forward: (pass) => dense.forward(fold(pass)),
  backward: (pass) => dense.backward(fold(pass)),
  step: (step) => dense.step?.({ ...step, config: dense.resolve(step.config.layer) }),
  stepSizes: () => ({ state: 0, scratch: 0 }),
});
