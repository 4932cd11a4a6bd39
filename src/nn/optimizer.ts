import { type Floats, zerosLike } from './tensor.ts';

export interface AdamConfig {
  type: 'Adam';
  /** Default 0.001. */
  learningRate?: number;
  /** Default 0.9. */
  beta1?: number;
  /** Default 0.999. */
  beta2?: number;
  /** Default 1e-7 (Keras), outside the root. */
  epsilon?: number;
}

export interface SgdConfig {
  type: 'SGD';
  /** Default 0.01. */
  learningRate?: number;
  /** Default 0. */
  momentum?: number;
}

export type OptimizerConfig = AdamConfig | SgdConfig;

export const resolveOptimizer = (config: OptimizerConfig): Required<OptimizerConfig> =>
  config.type === 'Adam'
    ? {
        type: 'Adam',
        learningRate: config.learningRate ?? 0.001,
        beta1: config.beta1 ?? 0.9,
        beta2: config.beta2 ?? 0.999,
        epsilon: config.epsilon ?? 1e-7,
      }
    : { type: 'SGD', learningRate: config.learningRate ?? 0.01, momentum: config.momentum ?? 0 };

/** State of an optimizer: the updates so far, and per parameter Adam's two moments or SGD's velocity. */
export interface OptimizerState {
  step: number;
  readonly slots: readonly Floats[];
}

export const createOptimizerState = (config: OptimizerConfig, parameters: Floats): OptimizerState => ({
  step: 0,
  slots: Array.from({ length: config.type === 'Adam' ? 2 : 1 }, () => zerosLike(parameters, parameters.length)),
});

/** Adam's step size with the correction of both moments' bias at the (1-based) step. */
export const adamRate = ({ learningRate, beta1, beta2 }: Required<AdamConfig>, step: number): number =>
  (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);

/** One update of all parameters, in place. */
export function optimizerUpdate(
  config: Required<OptimizerConfig>,
  state: OptimizerState,
  parameters: Floats,
  gradients: Floats,
): void {
  state.step++;
  if (config.type === 'Adam') adamUpdate(config, state, parameters, gradients);
  else sgdUpdate(config, state, parameters, gradients);
}

/** Kingma & Ba 2015, section 2 (the efficient order), as in Keras. */
function adamUpdate(config: Required<AdamConfig>, state: OptimizerState, parameters: Floats, gradients: Floats): void {
  const { beta1, beta2, epsilon } = config;
  const [m, v] = state.slots;
  const rate = adamRate(config, state.step);
  for (let i = 0; i < parameters.length; i++) {
    const gradient = gradients[i];
    m[i] += (1 - beta1) * (gradient - m[i]);
    v[i] += (1 - beta2) * (gradient * gradient - v[i]);
    parameters[i] -= (rate * m[i]) / (Math.sqrt(v[i]) + epsilon);
  }
}

/** Plain descent, with Polyak's momentum. */
function sgdUpdate(config: Required<SgdConfig>, state: OptimizerState, parameters: Floats, gradients: Floats): void {
  const [velocity] = state.slots;
  for (let i = 0; i < parameters.length; i++) {
    velocity[i] = config.momentum * velocity[i] - config.learningRate * gradients[i];
    parameters[i] += velocity[i];
  }
}
