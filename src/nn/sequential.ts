import { initialize } from './initializer.ts';
import type { LayerDefinition, WeightSpec } from './layer/layer.ts';
import { type LayerConfig, layerDefinition } from './layer/registry.ts';
import { createRandom } from './random.ts';
import { type Shape, sizeOf } from './tensor.ts';

export interface Weight {
  /** Keras' path: `lstm_1/recurrent_kernel`. */
  readonly name: string;
  readonly shape: Shape;
  /** Where it starts in the model's parameters. */
  readonly offset: number;
  /** A view into the model's parameters. */
  readonly data: Float32Array;
}

export interface Layer {
  readonly name: string;
  /** Every default written out. */
  readonly config: Required<LayerConfig>;
  readonly definition: LayerDefinition<LayerConfig>;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly weights: readonly Weight[];
}

/** A stack of layers, as Keras' Sequential; plain data, which engines run. */
export interface Sequential {
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly layers: readonly Layer[];
  readonly weights: readonly Weight[];
  /** All weights, one after the other. */
  readonly parameters: Float32Array;
  countParams(): number;
}

export interface SequentialOptions {
  /** [T, F] or [F]; the batch is left out. */
  inputShape: Shape;
  layers: readonly LayerConfig[];
  /** Of the initial weights. Default 0. */
  seed?: number;
  /** Existing weights, which are used and not copied, instead of initial ones. */
  parameters?: Float32Array;
}

interface Planned extends Omit<Layer, 'weights'> {
  readonly specs: readonly WeightSpec[];
}

/** Names and shapes without memory: refuses impossible stacks before anything is allocated. */
function plan(inputShape: Shape, configs: readonly LayerConfig[]): Planned[] {
  if (inputShape.length < 1 || inputShape.length > 2 || !inputShape.every((n) => Number.isInteger(n) && n >= 1)) {
    throw new RangeError(`The input shape is [${inputShape}], not [T, F] or [F]`);
  }
  if (configs.length === 0) throw new RangeError('A network needs at least one layer');
  const seen = new Map<string, number>();
  let shape = inputShape;
  return configs.map((given) => {
    const definition = layerDefinition(given.type);
    const config = definition.resolve(given);
    const count = seen.get(definition.name) ?? 0;
    seen.set(definition.name, count + 1);
    const layer = {
      name: count === 0 ? definition.name : `${definition.name}_${count}`,
      config,
      definition,
      inputShape: shape,
      outputShape: definition.outputShape(config, shape),
      specs: definition.weights(config, shape),
    };
    shape = layer.outputShape;
    return layer;
  });
}

/** Parameters of a stack, without building it; throws a RangeError where a sample has more values than `limit`. */
export function countParameters(
  inputShape: Shape,
  layers: readonly LayerConfig[],
  limit = Number.POSITIVE_INFINITY,
): number {
  let total = 0;
  for (const layer of plan(inputShape, layers)) {
    for (const shape of [layer.inputShape, layer.outputShape]) {
      if (sizeOf(shape) > limit) throw new RangeError(`${layer.name} is too large: [${shape}]`);
    }
    for (const { shape } of layer.specs) total += sizeOf(shape);
  }
  return total;
}

/** Throws a RangeError that names the layer and the argument that cannot be. */
export function createSequential(options: SequentialOptions): Sequential {
  const planned = plan(options.inputShape, options.layers);
  const total = countParameters(options.inputShape, options.layers);
  const parameters = options.parameters ?? new Float32Array(total);
  if (parameters.length !== total) {
    throw new RangeError(`The network has ${total} parameters, and ${parameters.length} are given`);
  }
  const random = createRandom(options.seed ?? 0);
  let offset = 0;
  const layers = planned.map(({ specs, ...layer }): Layer => {
    const weights = specs.map((spec): Weight => {
      const data = parameters.subarray(offset, offset + sizeOf(spec.shape));
      if (!options.parameters) initialize(spec.initializer, data, spec.shape, random);
      const weight = { name: `${layer.name}/${spec.name}`, shape: spec.shape, offset, data };
      offset += data.length;
      return weight;
    });
    return { ...layer, weights };
  });
  return {
    inputShape: options.inputShape,
    outputShape: layers[layers.length - 1].outputShape,
    layers,
    weights: layers.flatMap((layer) => layer.weights),
    parameters,
    countParams: () => total,
  };
}
