import type { Stepper } from '../engine.ts';
import type { Sequential } from '../sequential.ts';
import { createSlots } from '../slots.ts';
import { featuresOf } from '../tensor.ts';
import { createArena, padded } from './arena.ts';
import { instantiate } from './exports.ts';
import { createStepLayer, type StepLayer } from './step-layer.ts';

/** Streams of one pass: more do not fill the vectors better. */
const maxBatch = 64;
/** Fewer streams than fill a vector run one by one. */
const worthGathering = 4;

/** Many streams at once with the batch in the vector; few one by one with the units in the vector. */
export function createKernelStepper(module: WebAssembly.Module, model: Sequential, capacity: number): Stepper {
  const F = featuresOf(model.inputShape);
  const U = featuresOf(model.outputShape);
  const arena = createArena();
  const parameters = arena.floats(model.countParams());
  const input = arena.floats(padded(F) * maxBatch);
  const layers: StepLayer[] = [];
  let at = input;
  let stateFloats = 0;
  for (const layer of model.layers) {
    const created = createStepLayer(layer, at, stateFloats, parameters, arena, maxBatch);
    if (!created) continue; // dropout does nothing when running
    layers.push(created);
    at = created.output;
    stateFloats += created.stateFloats;
  }
  const output = at;
  const slotBytes = stateFloats * 4;
  // One slot more than streams: it fills the columns of a batch that no stream has.
  const states = arena.floats(stateFloats * (capacity + 1));
  const numbers = arena.floats(maxBatch);

  const memory = arena.createMemory();
  const kernels = instantiate(module, memory);
  const floats = new Float32Array(memory.buffer);
  const integers = new Int32Array(memory.buffer);
  floats.set(model.parameters, parameters / 4);
  for (const layer of layers) layer.pack(kernels);
  const slots = createSlots(capacity);

  const stepOne = (stream: number, x: ArrayLike<number>, xOffset: number, y: Float32Array, yOffset: number) => {
    for (let f = 0; f < F; f++) floats[input / 4 + f] = x[xOffset + f];
    for (let i = 0; i < layers.length; i++) layers[i].stepOne(kernels, states + stream * slotBytes);
    for (let u = 0; u < U; u++) y[yOffset + u] = floats[output / 4 + u];
  };
  const stepMany = (
    streams: ArrayLike<number>,
    from: number,
    count: number,
    x: ArrayLike<number>,
    xOffset: number,
    y: Float32Array,
    yOffset: number,
  ) => {
    const batch = padded(count);
    for (let b = 0; b < batch; b++) {
      integers[numbers / 4 + b] = b < count ? streams[from + b] : capacity;
      for (let f = 0; f < F; f++) floats[input / 4 + f * batch + b] = b < count ? x[xOffset + b * F + f] : 0;
    }
    for (let i = 0; i < layers.length; i++) layers[i].step(kernels, states, numbers, slotBytes, batch);
    for (let b = 0; b < count; b++) {
      for (let u = 0; u < U; u++) y[yOffset + b * U + u] = floats[output / 4 + u * batch + b];
    }
  };

  return {
    capacity,
    get open() {
      return slots.open;
    },
    start: () => {
      const slot = slots.take();
      const first = states / 4 + slot * stateFloats;
      floats.fill(0, first, first + stateFloats);
      return slot;
    },
    end: (stream) => slots.giveBack(stream),
    step: (streams, count, x, xOffset, y, yOffset) => {
      let done = 0;
      while (count - done >= worthGathering) {
        const part = Math.min(count - done, maxBatch);
        stepMany(streams, done, part, x, xOffset + done * F, y, yOffset + done * U);
        done += part;
      }
      for (; done < count; done++) stepOne(streams[done], x, xOffset + done * F, y, yOffset + done * U);
    },
  };
}
