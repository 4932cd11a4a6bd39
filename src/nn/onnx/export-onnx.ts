/**
 * Writes a network as an ONNX file: input [batch, T, F] or [batch, F], output alike. Inside, as ONNX has it, time comes
 * first: [T, batch, F], and a vector is a sequence of one.
 * Gates: ours (Keras) are i, f, c, o; those of ONNX i, o, f, c.
 */
import type { Activation } from '../activation.ts';
import { dense } from '../layer/dense.ts';
import type { LstmConfig } from '../layer/lstm.ts';
import type { SimpleRnnConfig } from '../layer/simple-rnn.ts';
import type { Layer, Sequential } from '../sequential.ts';
import { createGraphBuilder, type GraphBuilder } from './graph.ts';

const operators: Record<Activation, string> = { linear: 'Affine', relu: 'Relu', sigmoid: 'Sigmoid', tanh: 'Tanh' };
/** Our column of each gate, in ONNX' order. */
const gateOrder = [0, 3, 1, 2];

/** `int8`: LSTMs become ONNX Runtime's DynamicQuantizeLSTM, with one scale per column; the others stay as they are. */
export interface ExportOptions {
  int8?: boolean;
}

export function exportOnnx(model: Sequential, { int8 = false }: ExportOptions = {}): Uint8Array {
  const graph = createGraphBuilder();
  const isSequence = model.inputShape.length === 2;
  let value = isSequence
    ? graph.node('Transpose', 'time_first', ['input'], { attributes: { perm: [1, 0, 2] } })[0]
    : graph.node('Unsqueeze', 'time_first', ['input', axes(graph, 'time_first', 0)])[0];
  for (const layer of model.layers) value = addLayer(graph, layer, value, int8);
  if (model.outputShape.length === 2) graph.node('Transpose', 'output', [value], { attributes: { perm: [1, 0, 2] } });
  else graph.node('Squeeze', 'output', [value, axes(graph, 'output', 0)]);
  return graph.finish(
    { name: 'input', shape: ['batch', ...model.inputShape] },
    { name: 'output', shape: ['batch', ...model.outputShape] },
  );
}

const axes = (graph: GraphBuilder, name: string, axis: number): string =>
  graph.constant(`${name}/axes`, { shape: [1], data: BigInt64Array.of(BigInt(axis)) });

function addLayer(graph: GraphBuilder, layer: Layer, input: string, int8: boolean): string {
  const { config, name } = layer;
  switch (config.type) {
    case 'LSTM':
      return addLstm(graph, layer, config, input, int8);
    case 'SimpleRNN':
      return addSimpleRnn(graph, layer, config, input);
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

function addSimpleRnn(graph: GraphBuilder, layer: Layer, config: SimpleRnnConfig, input: string): string {
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
  const [sequence, last] = graph.node('RNN', `${name}/states`, inputs, { attributes, outputs: 2 });
  return config.returnSequences ? graph.node('Squeeze', name, [sequence, axes(graph, name, 1)])[0] : last;
}

function addLstm(graph: GraphBuilder, layer: Layer, config: LstmConfig, input: string, int8: boolean): string {
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
  let states: string[];
  if (int8) {
    const W = addColumns(graph, kernel.name, kernel.data, F, U);
    const R = addColumns(graph, recurrent.name, recurrent.data, U, U);
    // Lengths, initial states and peepholes are left out.
    const inputs = [input, W.integers, R.integers, B, '', '', '', '', W.scale, W.zero, R.scale, R.zero];
    const options = { attributes, outputs: 2, domain: 'com.microsoft' } as const;
    states = graph.node('DynamicQuantizeLSTM', `${name}/states`, inputs, options);
  } else {
    const W = { shape: [1, 4 * U, F], data: transposed(kernel.data, F, U, gateOrder) };
    const R = { shape: [1, 4 * U, U], data: transposed(recurrent.data, U, U, gateOrder) };
    const inputs = [input, graph.constant(kernel.name, W), graph.constant(recurrent.name, R), B];
    states = graph.node('LSTM', `${name}/states`, inputs, { attributes, outputs: 2 });
  }
  const [sequence, last] = states;
  return config.returnSequences ? graph.node('Squeeze', name, [sequence, axes(graph, name, 1)])[0] : last;
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
      scale[to * U + u] = largest / 127 || 1;
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
