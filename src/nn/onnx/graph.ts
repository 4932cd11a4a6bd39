/** ONNX graphs: the field numbers are those of onnx.proto, IR version 8. */
import { bytes, concat, integer, type Message, message, text } from './protobuf.ts';

const types = { float32: 1, int8: 3, int64: 7 } as const;
const attributeTypes = { integer: 2, strings: 8, integers: 7 } as const;

/** Standard operators, and ONNX Runtime's own (DynamicQuantizeLSTM). */
const operatorSets = { '': 14, 'com.microsoft': 1 } as const;

export type AttributeValue = number | readonly number[] | readonly string[];

/** A tensor of constants. */
export interface Constant {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int8Array | BigInt64Array;
}

/** Builds a graph node by node; values are names. */
export interface GraphBuilder {
  constant(name: string, constant: Constant): string;
  /** Adds a node and returns the names of its outputs: `name`, or `name:1` and so on where there are several. */
  node(
    operator: string,
    name: string,
    inputs: readonly string[],
    options?: { attributes?: Record<string, AttributeValue>; outputs?: number; domain?: 'com.microsoft' },
  ): string[];
  /** The file; a dimension that is a string is free. */
  finish(inputs: readonly Value[], outputs: readonly Value[]): Uint8Array;
}

export interface Value {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

export function createGraphBuilder(): GraphBuilder {
  const nodes: Message[] = [];
  const constants: Message[] = [];
  const domains = new Set<keyof typeof operatorSets>(['']);
  return {
    constant: (name, { shape, data }) => {
      const type = data instanceof Float32Array ? types.float32 : data instanceof Int8Array ? types.int8 : types.int64;
      constants.push(
        message(5, ...shape.map((n) => integer(1, n)), integer(2, type), text(8, name), bytes(9, littleEndian(data))),
      );
      return name;
    },
    node: (operator, name, inputs, { attributes = {}, outputs = 1, domain } = {}) => {
      const names = Array.from({ length: outputs }, (_, i) => (outputs === 1 ? name : `${name}:${i}`));
      if (domain) domains.add(domain);
      nodes.push(
        message(
          1,
          ...inputs.map((input) => text(1, input)),
          ...names.map((output) => text(2, output)),
          text(3, name),
          text(4, operator),
          ...Object.entries(attributes).map(([attribute, value]) => message(5, ...attributeFields(attribute, value))),
          ...(domain ? [text(7, domain)] : []),
        ),
      );
      return names;
    },
    finish: (inputs, outputs) => {
      const graph = message(
        7,
        ...nodes,
        text(2, 'network'),
        ...constants,
        ...inputs.map((value) => message(11, ...valueFields(value))),
        ...outputs.map((value) => message(12, ...valueFields(value))),
      );
      const sets = [...domains].map((domain) => message(8, text(1, domain), integer(2, operatorSets[domain])));
      return concat(integer(1, 8), text(2, 'home-iot-guardian'), graph, ...sets);
    },
  };
}

function attributeFields(name: string, value: AttributeValue): Message[] {
  if (typeof value === 'number') return [text(1, name), integer(3, value), integer(20, attributeTypes.integer)];
  const isText = typeof value[0] === 'string';
  return [
    text(1, name),
    ...value.map((one) => (typeof one === 'string' ? text(9, one) : integer(8, one))),
    integer(20, isText ? attributeTypes.strings : attributeTypes.integers),
  ];
}

function valueFields({ name, shape }: Value): Message[] {
  const dimensions = shape.map((n) => message(1, typeof n === 'number' ? integer(1, n) : text(2, n)));
  return [text(1, name), message(2, message(1, integer(1, types.float32), message(2, ...dimensions)))];
}

function littleEndian(data: Constant['data']): Message {
  const result = new Uint8Array(data.byteLength);
  const view = new DataView(result.buffer);
  data.forEach((value: number | bigint, i: number) => {
    if (typeof value === 'bigint') view.setBigInt64(i * 8, value, true);
    else if (data instanceof Float32Array) view.setFloat32(i * 4, value, true);
    else view.setInt8(i, value);
  });
  return result;
}
