import { type DenseConfig, dense } from './dense.ts';
import { type DropoutConfig, dropout } from './dropout.ts';
import type { LayerDefinition } from './layer.ts';
import { type LstmConfig, lstm } from './lstm.ts';
import { type RepeatVectorConfig, repeatVector } from './repeat-vector.ts';
import { type SimpleRnnConfig, simpleRnn } from './simple-rnn.ts';
import { type TimeDistributedConfig, timeDistributed } from './time-distributed.ts';

export type LayerConfig =
  | DenseConfig
  | DropoutConfig
  | LstmConfig
  | RepeatVectorConfig
  | SimpleRnnConfig
  | TimeDistributedConfig;

/** Every kind of layer: a new one is its file and a line here and above. */
export const layerDefinitions = [dense, dropout, lstm, repeatVector, simpleRnn, timeDistributed] as const;

export const layerTypes: readonly string[] = layerDefinitions.map(({ type }) => type);

/** The definition of a type; throws a RangeError that lists the valid ones. */
export function layerDefinition(type: string): LayerDefinition<LayerConfig> {
  const found = layerDefinitions.find((definition) => definition.type === type);
  if (!found) throw new RangeError(`There is no layer "${type}"; there are ${layerTypes.join(', ')}`);
  // A definition only ever meets configurations of its own type, which the union cannot say.
  return found as unknown as LayerDefinition<LayerConfig>;
}
