import type { Stepper } from './engine.ts';
import type { Step } from './layer/layer.ts';
import type { LayerConfig } from './layer/registry.ts';
import type { Layer, Sequential } from './sequential.ts';
import { createSlots } from './slots.ts';
import { featuresOf } from './tensor.ts';

/** Throws a RangeError that names the first layer that needs the whole window. */
export function requireSteps(model: Sequential): void {
  for (const { name, config, definition } of model.layers) {
    const onlyLast = (config.type === 'LSTM' || config.type === 'SimpleRNN') && !config.returnSequences;
    if (!definition.step || onlyLast) throw new RangeError(`${name} cannot run one timestep at a time`);
  }
}

/** Plain TypeScript: one stream after the other through the layers' steps. */
export function createReferenceStepper(model: Sequential, capacity: number): Stepper {
  requireSteps(model);
  const x = new Float32Array(featuresOf(model.inputShape));
  let last = x;
  const stages = model.layers.map((layer: Layer) => {
    const { state, scratch } = layer.definition.stepSizes?.(layer.config) ?? { state: 0, scratch: 0 };
    const states = Array.from({ length: capacity }, () => new Float32Array(state));
    const step: Step<LayerConfig> = {
      config: layer.config,
      weights: layer.weights.map(({ data }) => data.slice()),
      x: last,
      y: new Float32Array(featuresOf(layer.outputShape)),
      state: states[0],
      scratch: new Float32Array(scratch),
    };
    last = step.y as Float32Array<ArrayBuffer>;
    return { layer, states, step };
  });
  const output = last;
  const slots = createSlots(capacity);
  return {
    capacity,
    get open() {
      return slots.open;
    },
    start: () => {
      const slot = slots.take();
      for (const { states } of stages) states[slot].fill(0);
      return slot;
    },
    end: (stream) => slots.giveBack(stream),
    step: (streams, count, xs, xOffset, y, yOffset) => {
      for (let n = 0; n < count; n++) {
        for (let f = 0; f < x.length; f++) x[f] = xs[xOffset + n * x.length + f];
        for (const { layer, states, step } of stages) {
          step.state = states[streams[n]];
          layer.definition.step?.(step);
        }
        for (let u = 0; u < output.length; u++) y[yOffset + n * output.length + u] = output[u];
      }
    },
  };
}
