import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { integerProducts, type QuantizedNetwork } from '../nn/int8/quantized-network.ts';
import { countParameters, createSequential, type Sequential, type SequentialOptions } from '../nn/sequential.ts';
import { formatVersion, type ModelManifest, manifestSchema } from './manifest.ts';
import { hexDigest, noChecksum } from './save-model.ts';
import { decodeFloats, decodeQuantized, quantizedBytes } from './weights-file.ts';

export interface LoadedModel {
  readonly manifest: ModelManifest;
  /** Of a quantized model: what its integers stand for. */
  readonly model: Sequential;
  /** Where the weights are int8, for createInt8Predictor. */
  readonly quantized?: QuantizedNetwork;
}

/** Far above any network of this product, far below what a small machine has. */
const limits = { manifestBytes: 4 << 20, parameters: 16 << 20, valuesPerLayer: 4 << 20 };

/**
 * Reads a folder that saveModel wrote. Nothing is allocated by what the files declare before it is checked.
 * Throws AppError model_not_found, model_newer, or model_damaged with the cause.
 */
export async function loadModel(directory: string): Promise<LoadedModel> {
  const damaged = (reason: string, cause?: unknown) => new AppError('model_damaged', { directory, reason }, { cause });
  const manifestText = await readLimited(path.join(directory, 'manifest.json'), limits.manifestBytes, directory);
  const manifest = parseManifest(directory, manifestText.toString('utf8'));

  const { network, weights } = manifest;
  const stack = { inputShape: network.inputShape, layers: network.layers };
  let declared: number;
  try {
    declared = countParameters(stack.inputShape, stack.layers, limits.valuesPerLayer);
  } catch (cause) {
    throw damaged((cause as Error).message, cause);
  }
  if (declared > limits.parameters) throw damaged(`a network of ${declared} parameters`);
  if (declared !== network.parameters) {
    throw damaged(`its layers have ${declared} parameters, it declares ${network.parameters}`);
  }
  const expected = expectedBytes(manifest, stack);
  if (expected === undefined) throw damaged('it names integer weights that its network has not');
  if (expected !== weights.bytes) throw damaged(`its weights need ${expected} bytes, it declares ${weights.bytes}`);
  const { columns } = manifest.features;
  const features = network.inputShape.at(-1);
  if (manifest.scaler && (manifest.scaler.offset.length !== features || manifest.scaler.scale.length !== features)) {
    throw damaged(`a scaler of ${manifest.scaler.offset.length} features for a network of ${features}`);
  }
  if (columns.length !== features) throw damaged(`${columns.length} columns for a network of ${features} features`);

  const bytes = await readLimited(path.join(directory, weights.file), weights.bytes, directory);
  if (bytes.length !== weights.bytes) throw damaged(`${weights.file} has ${bytes.length} of ${weights.bytes} bytes`);
  if (hexDigest(bytes) !== weights.sha256) throw damaged(`the checksum of ${weights.file} is wrong`);
  try {
    if (weights.type === 'float32') return { manifest, model: decodeFloats(bytes, stack) };
    const quantized = decodeQuantized(bytes, stack, new Set(weights.integers), new Set(weights.running));
    return { manifest, model: quantized.model, quantized };
  } catch (cause) {
    throw damaged((cause as Error).message, cause);
  }
}

/** Tensors of the layers; undefined where integers are named that cannot be. */
function expectedBytes({ weights }: ModelManifest, stack: SequentialOptions): number | undefined {
  const model = createSequential(stack);
  if (weights.type === 'float32') return model.countParams() * 4;
  const matrices = new Set(model.weights.filter(({ shape }) => shape.length === 2).map(({ name }) => name));
  const integers = new Set(weights.integers);
  const possible = integerProducts(model);
  const fits =
    weights.integers.every((name) => matrices.has(name)) &&
    weights.running.every((name) => integers.has(name) && possible.has(name));
  return fits ? quantizedBytes(model, integers) : undefined;
}

/** Reads at most `limit` bytes: a larger file is damaged, whatever it holds. */
async function readLimited(file: string, limit: number, directory: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > limit) {
      throw new AppError('model_damaged', { directory, reason: `${path.basename(file)} has ${size} bytes` });
    }
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      if (path.basename(file) === 'manifest.json') throw new AppError('model_not_found', { directory }, { cause });
      throw new AppError('model_damaged', { directory, reason: `${path.basename(file)} is missing` }, { cause });
    }
    throw new AppError('file_unreadable', { file, reason: (cause as Error).message }, { cause });
  }
}

function parseManifest(directory: string, text: string): ModelManifest {
  const damaged = (reason: string, cause?: unknown) => new AppError('model_damaged', { directory, reason }, { cause });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw damaged(`manifest.json is not JSON (${(cause as Error).message})`, cause);
  }
  const head = z.looseObject({ version: z.number(), sha256: z.string() }).safeParse(json);
  if (!head.success) throw damaged('manifest.json has no version or checksum', head.error);
  const { version, sha256 } = head.data;
  if (version > formatVersion) throw new AppError('model_newer', { directory, version, supported: formatVersion });
  if (hexDigest(text.replace(sha256, noChecksum)) !== sha256) throw damaged('the checksum of manifest.json is wrong');
  const manifest = manifestSchema.safeParse(json);
  if (!manifest.success) throw damaged(z.prettifyError(manifest.error).replaceAll(/\s+/g, ' '), manifest.error);
  return manifest.data;
}
