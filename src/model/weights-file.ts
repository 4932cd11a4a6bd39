/**
 * The weights of a model folder, little-endian, in the order of the layers.
 *   float32: every weight [n] as single precision.
 *   int8: a weight that is kept in integers as its scales [columns] in half precision, then its bytes [rows, columns];
 *         any other as half precision [n]; after all of them each LSTM's smoothing [units] in half precision.
 */
import { fromHalf, toHalf } from '../nn/int8/half.ts';
import { type IntegerTensor, type QuantizedNetwork, withIntegerWeights } from '../nn/int8/quantized-network.ts';
import { createSequential, type Sequential, type SequentialOptions } from '../nn/sequential.ts';

export function encodeFloats({ parameters }: Sequential): Uint8Array {
  const bytes = new Uint8Array(parameters.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < parameters.length; i++) view.setFloat32(i * 4, parameters[i], true);
  return bytes;
}

/** Throws a RangeError that names the first weight that is not finite. */
export function decodeFloats(bytes: Uint8Array, network: SequentialOptions): Sequential {
  const parameters = new Float32Array(bytes.length / 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i < parameters.length; i++) parameters[i] = finite(view.getFloat32(i * 4, true), `weight ${i}`);
  return createSequential({ ...network, parameters });
}

/** Bytes of a quantized network's file. */
export function quantizedBytes(model: Sequential, integers: ReadonlySet<string>): number {
  let bytes = 0;
  for (const { name, shape, data } of model.weights) {
    bytes += integers.has(name) ? 2 * shape[1] + data.length : 2 * data.length;
  }
  for (const { config } of model.layers) if (config.type === 'LSTM') bytes += 2 * config.units;
  return bytes;
}

export function encodeQuantized({ model, integers, smoothing }: QuantizedNetwork): Uint8Array {
  const bytes = new Uint8Array(quantizedBytes(model, new Set(integers.keys())));
  const view = new DataView(bytes.buffer);
  let at = 0;
  const putHalves = (values: Float32Array) => {
    for (const value of values) {
      view.setUint16(at, toHalf(value), true);
      at += 2;
    }
  };
  for (const { name, data } of model.weights) {
    const tensor = integers.get(name);
    putHalves(tensor ? tensor.scale : data);
    if (!tensor) continue;
    bytes.set(new Uint8Array(tensor.integers.buffer, tensor.integers.byteOffset, tensor.integers.length), at);
    at += tensor.integers.length;
  }
  for (const layer of model.layers) if (layer.config.type === 'LSTM') putHalves(smoothing.get(layer.name)!);
  return bytes;
}

/** Throws a RangeError that names the first number that is not finite or not above zero where it must be. */
export function decodeQuantized(
  bytes: Uint8Array,
  network: SequentialOptions,
  integerNames: ReadonlySet<string>,
  running: ReadonlySet<string>,
): QuantizedNetwork {
  const model = createSequential({ ...network, seed: 0 });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const takeHalves = (length: number, what: string) => {
    const values = new Float32Array(length);
    for (let i = 0; i < length; i++, at += 2) values[i] = finite(fromHalf(view.getUint16(at, true)), `${what}[${i}]`);
    return values;
  };
  const integers = new Map<string, IntegerTensor>();
  for (const { name, shape, data } of model.weights) {
    if (integerNames.has(name)) {
      const scale = takeHalves(shape[1], `the scale of ${name}`);
      integers.set(name, { scale, integers: new Int8Array(bytes.buffer, bytes.byteOffset + at, data.length).slice() });
      at += data.length;
    } else {
      data.set(takeHalves(data.length, name));
    }
  }
  const smoothing = new Map<string, Float32Array>();
  for (const { name, config } of model.layers) {
    if (config.type !== 'LSTM') continue;
    const values = takeHalves(config.units, `the smoothing of ${name}`);
    if (!values.every((value) => value > 0)) throw new RangeError(`the smoothing of ${name} is not above 0`);
    smoothing.set(name, values);
  }
  const parts = { integers, running, smoothing };
  return { model: withIntegerWeights(model, model.parameters, parts), ...parts };
}

function finite(value: number, what: string): number {
  if (!Number.isFinite(value)) throw new RangeError(`${what} is ${value}`);
  return value;
}
