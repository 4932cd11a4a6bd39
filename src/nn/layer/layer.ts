import { type Activation, requireActivation } from '../activation.ts';
import type { Initializer } from '../initializer.ts';
import type { Random } from '../random.ts';
import type { Floats, Shape } from '../tensor.ts';

/** A weight that a layer asks for. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
}

/** Buffers of one layer; they belong to the caller and are reused from batch to batch. */
export interface Pass<C> {
  readonly config: Required<C>;
  readonly input: Shape;
  readonly output: Shape;
  /** B: at most the batch that the buffers were made for. */
  batch: number;
  readonly weights: readonly Floats[];
  /** Backward adds to these. */
  readonly gradients: readonly Floats[];
  readonly x: Floats;
  readonly y: Floats;
  readonly dy: Floats;
  /** Backward overwrites it. */
  readonly dx: Floats;
  /** Kept by forward for backward. */
  readonly scratch: readonly Floats[];
  /** Given in training only. */
  random?: Random;
}

/** One timestep of one stream, when running. */
export interface Step<C> {
  readonly config: Required<C>;
  readonly weights: readonly Floats[];
  readonly x: Floats;
  readonly y: Floats;
  /** State of the stream between steps; zeros at its start. */
  state: Floats;
  readonly scratch: Floats;
}

/** One kind of layer: its configuration in Keras' names, its weights, forward beside backward. */
export interface LayerDefinition<C extends { type: string }> {
  readonly type: C['type'];
  /** Keras' name of an unnamed layer: lstm, lstm_1, … */
  readonly name: string;
  /** The configuration with every default written out; throws a RangeError that names a wrong argument. */
  resolve(config: C): Required<C>;
  /** Throws a RangeError where the layer cannot follow an input of this shape. */
  outputShape(config: Required<C>, input: Shape): Shape;
  weights(config: Required<C>, input: Shape): WeightSpec[];
  /** Lengths of the scratch buffers. */
  scratch(config: Required<C>, input: Shape, batch: number): number[];
  forward(pass: Pass<C>): void;
  backward(pass: Pass<C>): void;
  /** y from x, one timestep; absent where the layer needs the whole window. */
  step?(step: Step<C>): void;
  /** Floats of a stream's state and of a step's scratch. */
  stepSizes?(config: Required<C>): { state: number; scratch: number };
}

export const defineLayer = <C extends { type: string }>(definition: LayerDefinition<C>): LayerDefinition<C> =>
  definition;

/** A sequence [T, F]; anything else is refused by name. */
export function requireSequence(type: string, input: Shape): readonly [number, number] {
  if (input.length !== 2) throw new RangeError(`${type} needs a sequence [T, F], and gets [${input}]`);
  return [input[0], input[1]];
}

/** The units and the activation of a layer, checked; Keras' default where none is named. */
export function requireUnits<Type extends string>(
  { type, units, activation }: { type: Type; units: number; activation?: Activation },
  usual: Activation,
): { type: Type; units: number; activation: Activation } {
  requireCount(type, 'units', units);
  return { type, units, activation: requireActivation(type, activation ?? usual) };
}

export interface RecurrentConfig {
  units: number;
  /** Of the cell's input and output. Default tanh; the published networks use relu. */
  activation?: Activation;
  /** Default false: only the last output. */
  returnSequences?: boolean;
}

/** [T, U] with `returnSequences`, else the last step alone. */
export function recurrentShape(
  { type, units, returnSequences }: RecurrentConfig & { type: string },
  input: Shape,
): Shape {
  const [T] = requireSequence(type, input);
  return returnSequences ? [T, units] : [units];
}

export function requireCount(type: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`${type}: ${name} is ${value}, not a whole number >= 1`);
}
