import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../errors.ts';
import type { QuantizedNetwork } from '../nn/int8/quantized-network.ts';
import type { LayerConfig } from '../nn/layer/registry.ts';
import type { Sequential } from '../nn/sequential.ts';
import { formatVersion, type ModelDetails, type ModelManifest, manifestSchema } from './manifest.ts';
import { encodeFloats, encodeQuantized } from './weights-file.ts';

export const hexDigest = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** The manifest's checksum is taken with this in its place. */
export const noChecksum = '0'.repeat(64);

async function writeDurably(file: string, bytes: Uint8Array | string): Promise<void> {
  const handle = await open(file, 'w', 0o644);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes the model into the folder, over one that is there; a crash at any moment leaves the old or the new one whole,
 * because the manifest changes in one step and names the weights by their content.
 * Throws AppError model_not_writable; a ZodError or RangeError where the details or weights are not finite is a bug.
 */
export function saveModel(directory: string, model: Sequential, details: ModelDetails): Promise<ModelManifest> {
  return save(directory, model, details, { type: 'float32', integers: [], running: [] }, encodeFloats(model));
}

/** saveModel for a quantized network. */
export function saveQuantizedModel(
  directory: string,
  network: QuantizedNetwork,
  details: ModelDetails,
): Promise<ModelManifest> {
  const kept = { type: 'int8' as const, integers: [...network.integers.keys()], running: [...network.running] };
  return save(directory, network.model, details, kept, encodeQuantized(network));
}

async function save(
  directory: string,
  model: Sequential,
  details: ModelDetails,
  kept: Pick<ModelManifest['weights'], 'type' | 'integers' | 'running'>,
  weights: Uint8Array,
): Promise<ModelManifest> {
  if (!model.parameters.every(Number.isFinite)) throw new RangeError('Weights that are not finite are not saved');
  const sha256 = hexDigest(weights);
  const manifest = manifestSchema.parse({
    format: 'home-iot-guardian model',
    version: formatVersion,
    sha256: noChecksum,
    created: new Date().toISOString(),
    ...details,
    network: {
      inputShape: [...model.inputShape],
      layers: model.layers.map(({ config }): LayerConfig => config),
      parameters: model.countParams(),
    },
    weights: { file: `weights-${sha256.slice(0, 16)}.bin`, ...kept, bytes: weights.byteLength, sha256 },
  });
  const text = `${JSON.stringify(manifest)}\n`;
  manifest.sha256 = hexDigest(text);
  try {
    await mkdir(directory, { recursive: true });
    const weightsFile = path.join(directory, manifest.weights.file);
    await writeDurably(`${weightsFile}.new`, weights);
    await rename(`${weightsFile}.new`, weightsFile);
    const manifestFile = path.join(directory, 'manifest.json');
    await writeDurably(`${manifestFile}.new`, text.replace(noChecksum, manifest.sha256));
    await rename(`${manifestFile}.new`, manifestFile);
    for (const name of await readdir(directory)) {
      if (/^weights-[0-9a-f]{16}\.bin(\.new)?$/.test(name) && name !== manifest.weights.file) {
        await rm(path.join(directory, name), { force: true });
      }
    }
  } catch (cause) {
    throw new AppError('model_not_writable', { directory, reason: (cause as Error).message }, { cause });
  }
  return manifest;
}
