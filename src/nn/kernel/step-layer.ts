import { activations } from '../activation.ts';
import { dense } from '../layer/dense.ts';
import type { Layer } from '../sequential.ts';
import { featuresOf } from '../tensor.ts';
import { type Arena, padded } from './arena.ts';
import type { Kernels } from './exports.ts';

/** One layer, one timestep at a time. Its state lies in every stream's slot, from `state` floats on. */
export interface StepLayer {
  readonly output: number;
  readonly stateFloats: number;
  pack(kernels: Kernels): void;
  /** Batch-minor, for the streams whose numbers lie at `slots`. */
  step(kernels: Kernels, states: number, slots: number, slotBytes: number, batch: number): void;
  /** For the one stream whose slot begins at `slot`. */
  stepOne(kernels: Kernels, slot: number): void;
}

/** Undefined for a layer that does nothing when running. Legends: assembly/stream.ts, assembly/lstm.ts. */
export function createStepLayer(
  layer: Layer,
  input: number,
  state: number,
  parameters: number,
  arena: Arena,
  maxBatch: number,
): StepLayer | undefined {
  const { config } = layer;
  const F = featuresOf(layer.inputShape);
  const weights = layer.weights.map(({ offset }) => parameters + offset * 4);
  switch (config.type) {
    case 'LSTM':
      return createLstmStep(config.units, config.activation === 'relu', F, input, state, weights, arena, maxBatch);
    case 'SimpleRNN': {
      const activation = activations.indexOf(config.activation);
      return createSimpleRnnStep(config.units, activation, F, input, state, weights, arena, maxBatch);
    }
    case 'Dense':
    case 'TimeDistributed': {
      const inner = dense.resolve(config.type === 'Dense' ? config : config.layer);
      const activation = activations.indexOf(inner.activation);
      return createDenseStep(inner.units, activation, F, input, weights, arena, maxBatch);
    }
    default:
      return undefined;
  }
}

/** State: h, then c, each padded. */
function createLstmStep(
  U: number,
  rectified: boolean,
  F: number,
  input: number,
  state: number,
  [kernel, recurrent, bias]: number[],
  arena: Arena,
  maxBatch: number,
): StepLayer {
  const P = padded(U);
  const v = arena.floats(4 * U * F);
  const w = arena.floats(4 * U * U);
  const packedBias = arena.floats(4 * U);
  const z = arena.floats(4 * P * maxBatch);
  const h = arena.floats(P * maxBatch);
  const c = arena.floats(P * maxBatch);
  return {
    output: h,
    stateFloats: 2 * P,
    pack: (kernels) => {
      kernels.pack(v, kernel, F, 4 * U, 4 * U, 1, U);
      kernels.pack(w, recurrent, U, 4 * U, 4 * U, 1, U);
      kernels.pack(packedBias, bias, 1, 4 * U, 4 * U, 1, U);
    },
    step: (kernels, states, slots, slotBytes, batch) => {
      const hState = states + state * 4;
      const cState = hState + P * 4;
      kernels.gather(h, hState, slots, slotBytes, P, batch);
      kernels.gather(c, cState, slots, slotBytes, P, batch);
      // h may lie over the one before: the product has read all of it before the cells write.
      kernels.lstmForward(input, 0, F, v, w, packedBias, z, 0, c, h, h, 0, 1, U, batch, rectified);
      kernels.scatter(h, hState, slots, slotBytes, P, batch);
      kernels.scatter(c, cState, slots, slotBytes, P, batch);
    },
    stepOne: (kernels, slot) => {
      const hState = slot + state * 4;
      kernels.lstmOne(input, F, v, w, packedBias, z, hState, hState + P * 4, U, rectified);
      kernels.copy(h, hState, P * 4);
    },
  };
}

/** State: h, padded. */
function createSimpleRnnStep(
  U: number,
  activation: number,
  F: number,
  input: number,
  state: number,
  [kernel, recurrent, bias]: number[],
  arena: Arena,
  maxBatch: number,
): StepLayer {
  const P = padded(U);
  const v = arena.floats(P * F);
  const w = arena.floats(P * U);
  const packedBias = arena.floats(P);
  const before = arena.floats(P * maxBatch);
  const h = arena.floats(P * maxBatch);
  return {
    output: h,
    stateFloats: P,
    pack: (kernels) => {
      kernels.pack(v, kernel, F, U, U, 4, 1);
      kernels.pack(w, recurrent, U, U, U, 4, 1);
      kernels.pack(packedBias, bias, 1, U, U, 4, 1);
    },
    step: (kernels, states, slots, slotBytes, batch) => {
      const hState = states + state * 4;
      kernels.gather(before, hState, slots, slotBytes, P, batch);
      kernels.product(h, packedBias, 0, v, input, F, w, before, U, U, batch);
      kernels.activate(h, P * batch, activation);
      kernels.scatter(h, hState, slots, slotBytes, P, batch);
    },
    stepOne: (kernels, slot) => {
      const hState = slot + state * 4;
      kernels.productOne(h, packedBias, v, input, F, w, hState, U, U);
      kernels.activate(h, P, activation);
      kernels.copy(hState, h, P * 4);
    },
  };
}

function createDenseStep(
  U: number,
  activation: number,
  F: number,
  input: number,
  [kernel, bias]: number[],
  arena: Arena,
  maxBatch: number,
): StepLayer {
  const P = padded(U);
  const v = arena.floats(P * F);
  const packedBias = arena.floats(P);
  const y = arena.floats(P * maxBatch);
  return {
    output: y,
    stateFloats: 0,
    pack: (kernels) => {
      kernels.pack(v, kernel, F, U, U, 4, 1);
      kernels.pack(packedBias, bias, 1, U, U, 4, 1);
    },
    step: (kernels, _states, _slots, _slotBytes, batch) => {
      kernels.product(y, packedBias, 0, v, input, F, 0, 0, 0, U, batch);
      kernels.activate(y, P * batch, activation);
    },
    stepOne: (kernels) => {
      kernels.productOne(y, packedBias, v, input, F, 0, 0, 0, U);
      kernels.activate(y, P, activation);
    },
  };
}
