/** ONNX Runtime as the peer: the same weights, the same windows. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { exportOnnx } from '../../src/nn/onnx/export-onnx.ts';
import { createGraphBuilder } from '../../src/nn/onnx/graph.ts';
import type { Sequential } from '../../src/nn/sequential.ts';
import { sizeOf } from '../../src/nn/tensor.ts';
import type { Work } from '../bench.ts';

/** Windows of one call; the fastest for ONNX Runtime among 32 to 1024. */
const batch = 256;

export const createSession = (file: Uint8Array, threads: number): Promise<InferenceSession> =>
  InferenceSession.create(file, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });

/** All windows once. */
export async function onnxWork(model: Sequential, x: Float32Array, count: number, threads: number): Promise<Work> {
  const session = await createSession(exportOnnx(model), threads);
  const size = sizeOf(model.inputShape);
  return async () => {
    for (let from = 0; from < count; from += batch) {
      const part = Math.min(batch, count - from);
      const input = x.subarray(from * size, (from + part) * size);
      await session.run({ input: new Tensor('float32', input, [part, ...model.inputShape]) });
    }
    return count;
  };
}

/** GFLOP/s of a large single precision product on one thread: what the machine can do. */
export async function sgemmPeak(): Promise<Work> {
  const n = 512;
  const graph = createGraphBuilder();
  const weights = graph.constant('w', { shape: [n, n], data: new Float32Array(n * n).fill(0.5) });
  graph.node('MatMul', 'output', ['input', weights]);
  const shape = [n, n];
  const session = await createSession(graph.finish([{ name: 'input', shape }], [{ name: 'output', shape }]), 1);
  const input = new Tensor('float32', new Float32Array(n * n).fill(0.25), shape);
  return async () => {
    const times = 8;
    for (let i = 0; i < times; i++) await session.run({ input });
    return (times * 2 * n ** 3) / 1e9;
  };
}

/** One timestep for `streams` streams per call; the states go out and in again. */
export async function onnxSteps(model: Sequential, streams: number, steps: number): Promise<Work> {
  const session = await createSession(exportOnnx(model, { step: true }), 1);
  const F = model.inputShape[1];
  const states: Record<string, Tensor> = {};
  for (const { name, config } of model.layers) {
    if (config.type !== 'LSTM' && config.type !== 'SimpleRNN') continue;
    for (const state of config.type === 'LSTM' ? [`${name}_h`, `${name}_c`] : [`${name}_h`]) {
      states[state] = new Tensor('float32', new Float32Array(streams * config.units), [1, streams, config.units]);
    }
  }
  const names = Object.keys(states);
  const x = new Float32Array(streams * F).fill(0.1);
  return async () => {
    for (let step = 0; step < steps; step++) {
      const results = await session.run({ ...states, input: new Tensor('float32', x, [streams, F]) });
      for (const name of names) states[name] = results[`${name}_next`] as Tensor;
    }
    return steps * streams;
  };
}
