/**
 * Writes a network as an ONNX file: input [batch, T, F] or [batch, F], output alike. Inside, as ONNX has it, time comes
 * first: [T, batch, F], and a vector is a sequence of one.
 * Gates: ours (Keras) are i, f, c, o; those of ONNX i, o, f, c.
 */
import type { Activation } from '../activation.ts';
import { dense } from '../layer/dense.ts';
import type { LstmConfig } from '../layer/lstm.ts';
import type { SimpleRnnConfig } from '../layer/simple-rnn.ts';
import { requireSteps } from '../reference-stepper.ts';
import type { Layer, Sequential } from '../sequential.ts';
import { type AttributeValue, createGraphBuilder, type GraphBuilder, type Value } from './graph.ts';

const operators: Record<Activation, string> = { linear: 'Affine', relu: 'Relu', sigmoid: 'Sigmoid', tanh: 'Tanh' };
/** Our column of each gate, in ONNX' order. */
const gateOrder = [0, 3, 1, 2];

export interface ExportOptions {
  /** LSTMs become ONNX Runtime's DynamicQuantizeLSTM, with one scale per column; the others stay as they are. */
  int8?: boolean;
  /**
   * One timestep [batch, F] instead of the window, for a network that can run step by step: the states come in as
   * `lstm_h`, `lstm_c`, … [1, batch, U] and go out as `lstm_h_next`, ….
   */
  step?: boolean;
}

interface Context extends Required<ExportOptions> {
  readonly graph: GraphBuilder;
  /** Of a step: every state and its width. */
  readonly states: { name: string; units: number }[];
}

/** Throws a RangeError where `step` is asked of a network that needs the whole window. */
export function exportOnnx(model: Sequential, { int8 = false, step = false }: ExportOptions = {}): Uint8Array {
  if (step) requireSteps(model);
  const graph = createGraphBuilder();
  const context: Context = { graph, int8, step, states: [] };
  const inputShape = step ? model.inputShape.slice(1) : model.inputShape;
  const outputShape = step ? model.outputShape.slice(1) : model.outputShape;
  let value =
    inputShape.length === 2
      ? graph.node('Transpose', 'time_first', ['input'], { attributes: { perm: [1, 0, 2] } })[0]
      : graph.node('Unsqueeze', 'time_first', ['input', axes(graph, 'time_first', 0)])[0];
  for (const layer of model.layers) value = addLayer(context, layer, value);
  if (outputShape.length === 2) graph.node('Transpose', 'output', [value], { attributes: { perm: [1, 0, 2] } });
  else graph.node('Squeeze', 'output', [value, axes(graph, 'output', 0)]);
  const states = (suffix: string): Value[] =>
    context.states.map(({ name, units }) => ({ name: name + suffix, shape: [1, 'batch', units] }));
  return graph.finish(
    [{ name: 'input', shape: ['batch', ...inputShape] }, ...states('')],
    [{ name: 'output', shape: ['batch', ...outputShape] }, ...states('_next')],
  );
}

const axes = (graph: GraphBuilder, name: string, axis: number): string =>
  graph.constant(`${name}/axes`, { shape: [1], data: BigInt64Array.of(BigInt(axis)) });

function addLayer(context: Context, layer: Layer, input: string): string {
  const { graph } = context;
  const { config, name } = layer;
  switch (config.type) {
    case 'LSTM':
      return addLstm(context, layer, config, input);
    case 'SimpleRNN':
      return addSimpleRnn(context, layer, config, input);
    case 'Dense':
      return addDense(graph, layer, dense.resolve(config).activation, input);
    case 'TimeDistributed':
      return addDense(graph, layer, dense.resolve(config.layer).activation, input);
    case 'RepeatVector': {
      const repeats = { shape: [3], data: BigInt64Array.of(BigInt(config.n), 1n, 1n) };
      return graph.node('Tile', name, [input, graph.constant(`${name}/repeats`, repeats)])[0];
    }
    case 'Dropout':
      return input; // does nothing when running
  }
}

function addDense(graph: GraphBuilder, layer: Layer, activation: Activation, input: string): string {
  const { name } = layer;
  const [kernel, bias] = layer.weights;
  const [product] = graph.node('MatMul', `${name}/product`, [input, graph.constant(kernel.name, kernel)]);
  const [sum] = graph.node('Add', `${name}/sum`, [product, graph.constant(bias.name, bias)]);
  return activation === 'linear' ? sum : graph.node(operators[activation], name, [sum])[0];
}

function addSimpleRnn(context: Context, layer: Layer, config: SimpleRnnConfig, input: string): string {
  const { graph } = context;
  const { name } = layer;
  const U = config.units;
  const [kernel, recurrent, bias] = layer.weights;
  const W = { shape: [1, U, kernel.shape[0]], data: transposed(kernel.data, kernel.shape[0], U, [0]) };
  const R = { shape: [1, U, U], data: transposed(recurrent.data, U, U, [0]) };
  const B = { shape: [1, 2 * U], data: Float32Array.of(...bias.data, ...new Float32Array(U)) };
  const inputs = [
    input,
    graph.constant(kernel.name, W),
    graph.constant(recurrent.name, R),
    graph.constant(bias.name, B),
  ];
  const attributes = { hidden_size: U, activations: [operators[config.activation ?? 'tanh']] };
  return addStates(context, layer, 'RNN', inputs, [`${name}_h`], attributes);
}

function addLstm(context: Context, layer: Layer, config: LstmConfig, input: string): string {
  const { graph, int8 } = context;
  const { name } = layer;
  const U = config.units;
  const [kernel, recurrent, bias] = layer.weights;
  const F = kernel.shape[0];
  const cell = operators[config.activation ?? 'tanh'];
  const attributes = {
    hidden_size: U,
    activations: [operators[config.recurrentActivation ?? 'sigmoid'], cell, cell],
  };
  const gates = gateOrder.flatMap((gate) => Array.from(bias.data.subarray(gate * U, (gate + 1) * U)));
  const B = graph.constant(bias.name, {
    shape: [1, 8 * U],
    data: Float32Array.of(...gates, ...new Float32Array(4 * U)),
  });
  const own = [`${name}_h`, `${name}_c`];
  if (int8) {
    const W = addColumns(graph, kernel.name, kernel.data, F, U);
    const R = addColumns(graph, recurrent.name, recurrent.data, U, U);
    // Lengths and peepholes are left out.
    const initial = context.step ? own : ['', ''];
    const inputs = [input, W.integers, R.integers, B, '', ...initial, '', W.scale, W.zero, R.scale, R.zero];
    return addStates(context, layer, 'DynamicQuantizeLSTM', inputs, own, attributes);
  }
  const W = { shape: [1, 4 * U, F], data: transposed(kernel.data, F, U, gateOrder) };
  const R = { shape: [1, 4 * U, U], data: transposed(recurrent.data, U, U, gateOrder) };
  const inputs = [input, graph.constant(kernel.name, W), graph.constant(recurrent.name, R), B];
  return addStates(context, layer, 'LSTM', inputs, own, attributes);
}

/** A recurrent node, what it returns, and in a step its states. */
function addStates(
  { graph, step, states }: Context,
  { name, config }: Layer,
  operator: string,
  inputs: readonly string[],
  own: readonly string[],
  attributes: Record<string, AttributeValue>,
): string {
  const quantized = operator === 'DynamicQuantizeLSTM';
  const all = step && !quantized ? [...inputs, '', ...own] : inputs;
  const options = { attributes, outputs: 1 + own.length, domain: quantized ? ('com.microsoft' as const) : undefined };
  const [sequence, ...last] = graph.node(operator, `${name}/states`, all, options);
  if (step) {
    for (const [i, state] of own.entries()) {
      states.push({ name: state, units: (config as LstmConfig).units });
      graph.node('Identity', `${state}_next`, [last[i]]);
    }
  }
  const isSequence = (config as LstmConfig).returnSequences;
  return isSequence ? graph.node('Squeeze', name, [sequence, axes(graph, name, 1)])[0] : last[0];
}

/** [K, G·U] with our gates → [G·U, K] with the gates in another order. */
function transposed(data: Float32Array, K: number, U: number, order: readonly number[]): Float32Array {
  const columns = order.length * U;
  const result = new Float32Array(columns * K);
  for (const [to, gate] of order.entries()) {
    for (let u = 0; u < U; u++) {
      for (let k = 0; k < K; k++) result[(to * U + u) * K + k] = data[k * columns + gate * U + u];
    }
  }
  return result;
}

/**
 * Largest integer of a weight: seven bits. Processors without VNNI add pairs of u8 · s8 products in 16 bits, which
 * saturate: 2 · 255 · 127 is beyond 32,767, and 2 · 255 · 63 is not (ONNX Runtime calls it `reduce_range`).
 */
const LARGEST_WEIGHT = 63;

/** [1, K, 4U] in eight bits with one scale per column, and the gates in ONNX' order. */
function addColumns(graph: GraphBuilder, name: string, data: Float32Array, K: number, U: number) {
  const C = 4 * U;
  const integers = new Int8Array(K * C);
  const scale = new Float32Array(C);
  for (const [to, gate] of gateOrder.entries()) {
    for (let u = 0; u < U; u++) {
      const column = gate * U + u;
      let largest = 0;
      for (let k = 0; k < K; k++) largest = Math.max(largest, Math.abs(data[k * C + column]));
      scale[to * U + u] = largest / LARGEST_WEIGHT || 1;
      for (let k = 0; k < K; k++) {
        integers[k * C + to * U + u] = Math.round(data[k * C + column] / scale[to * U + u]);
      }
    }
  }
  return {
    integers: graph.constant(name, { shape: [1, K, C], data: integers }),
    scale: graph.constant(`${name}/scale`, { shape: [1, C], data: scale }),
    zero: graph.constant(`${name}/zero`, { shape: [1, C], data: new Int8Array(C) }),
  };
}
