/**
 * manifest.json of a model folder: all that a network needs to judge traffic as it did when it was trained.
 * Its own checksum is taken over its text with zeros in the checksum's place, so no byte of it can change unseen.
 */
import { z } from 'zod';
import type { ThresholdStrategy } from '../detector/published/threshold.ts';
import type { Scaler } from '../feature/scaler.ts';
import { activations } from '../nn/activation.ts';
import { type LayerConfig, layerTypes } from '../nn/layer/registry.ts';

/** Raised when an older product could misread what a newer one writes. */
export const formatVersion = 1;

const count = z.number().int().min(1);
const finite = z.number();
const activation = z.enum(activations);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const dense = z.strictObject({ type: z.literal('Dense'), units: count, activation });
/** Resolved configurations: a file that relies on a default would change its meaning with the default. */
const layer = z.discriminatedUnion(
  'type',
  [
    dense,
    z.strictObject({ type: z.literal('Dropout'), rate: z.number().min(0).lt(1) }),
    z.strictObject({
      type: z.literal('LSTM'),
      units: count,
      activation,
      recurrentActivation: activation,
      returnSequences: z.boolean(),
    }),
    z.strictObject({ type: z.literal('RepeatVector'), n: count }),
    z.strictObject({ type: z.literal('SimpleRNN'), units: count, activation, returnSequences: z.boolean() }),
    z.strictObject({ type: z.literal('TimeDistributed'), layer: dense }),
  ],
  { error: `not a layer; there are ${layerTypes.join(', ')}` },
) satisfies z.ZodType<LayerConfig>;

const scaler = z.strictObject({
  kind: z.enum(['standard', 'minmax', 'robust']),
  offset: z.array(finite),
  scale: z.array(finite.refine((value) => value !== 0, 'a scale of 0')),
}) satisfies z.ZodType<Scaler>;

const strategy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mean-std'), k: finite }),
  z.strictObject({ kind: z.literal('percentile'), percent: z.number().min(0).max(100) }),
  z.strictObject({ kind: z.literal('fixed'), value: finite }),
]) satisfies z.ZodType<ThresholdStrategy>;
const threshold = z.strictObject({ strategy, value: finite });

const training = z.strictObject({
  /** Training windows, without the held back ones. */
  windows: z.number().int().min(0),
  validationWindows: z.number().int().min(0),
  /** Per epoch. */
  loss: z.array(finite),
  valLoss: z.array(finite),
  /** 0-based, the one whose weights stayed. */
  bestEpoch: z.number().int().min(0),
  stopped: z.enum(['epochs', 'patience', 'aborted']),
  seconds: z.number().min(0),
  seed: finite,
  workers: count,
  /** "kernel" or "reference". */
  engine: z.string(),
});

/** Measurements of `guardian optimize`. */
const optimization = z.strictObject({
  calibrationWindows: count,
  /** Root mean square of the outputs' error, over the standard deviation of the outputs, on windows that were not calibrated on. */
  outputError: z.number().min(0),
  bytesBefore: count,
  bytesAfter: count,
  thresholdBefore: finite,
  aucBefore: finite.optional(),
  aucAfter: finite.optional(),
});

/** Details of a model besides its network. */
const details = z.strictObject({
  /** The detector that it serves: lstm-autoencoder, lstm-rnn, … */
  detector: z.string().min(1),
  features: z.strictObject({ name: z.string().min(1), version: count, columns: z.array(z.string()) }),
  /** Absent where a preset fits it on the scanned file, as the published one does. */
  scaler: scaler.optional(),
  /** The threshold in force. */
  threshold,
  /** Thresholds of the other strategies. */
  alternatives: z.array(threshold).default([]),
  training: training.optional(),
  optimization: optimization.optional(),
  /** Text for people: what it was trained on, by which command. */
  notes: z.string().default(''),
});

export const manifestSchema = details.extend({
  format: z.literal('home-iot-guardian model'),
  version: z.literal(formatVersion),
  sha256,
  /** ISO 8601, UTC. */
  created: z.iso.datetime(),
  network: z.strictObject({
    inputShape: z.array(count).min(1).max(2),
    layers: z.array(layer).min(1).max(64),
    parameters: count,
  }),
  weights: z.strictObject({
    /** Beside the manifest; named by its content, so a new file never overwrites the one that is in use. */
    file: z.string().regex(/^weights-[0-9a-f]{16}\.bin$/),
    /** weights-file.ts says how they lie there. */
    type: z.enum(['float32', 'int8']),
    /** int8 only: weights that are integers there, and those of them whose products run in integers. */
    integers: z.array(z.string()).default([]),
    running: z.array(z.string()).default([]),
    bytes: count,
    sha256,
  }),
});

export type ModelManifest = z.output<typeof manifestSchema>;
export type ModelDetails = z.input<typeof details>;
