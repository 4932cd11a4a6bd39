/** The autoencoder of the published flow preset, loaded and ready to judge windows. */
import path from 'node:path';
import type { Reconstruct } from '../detector/published/flow-scan.ts';
import { parseStrategy, strategyName, strategyOption } from '../detector/published/threshold.ts';
import { AppError } from '../errors.ts';
import { publishedFlowFeatures } from '../feature/published-flow.ts';
import type { Engine } from '../nn/engine.ts';
import { isBaselineModel, type LoadedBaseline, loadBaselineModel } from './baseline-model.ts';
import { loadKernelEngine } from './kernel.ts';
import { type LoadedModel, loadModel } from './load-model.ts';
import type { ModelManifest } from './manifest.ts';
import type { Preset } from './preset.ts';
import { currentVersion, readVersions } from './versions.ts';

export interface FlowModel {
  timesteps: number;
  threshold: number;
  preset: Preset;
  reconstruct: Reconstruct;
  manifest: ModelManifest;
  /** The learned baseline of this network; null: nothing is known of its devices. */
  past: LoadedBaseline | null;
  /** A version of the past that is on trial, and the folder of its versions. */
  trial: { past: LoadedBaseline; directory: string } | null;
}

export interface FlowModelOptions {
  /** Folder of the model; empty for the one that comes with the product. */
  model: string;
  /** Threshold strategy as text; empty for the preset's. */
  threshold: string;
  /** guardian: the strategy that the model was trained with; published: mean + 3*std. */
  preset: Preset;
  /** Default: the fast kernels. */
  engine?: Engine;
}

/** The model that comes with the product: beside src/ and dist/ alike. */
export const shippedModel = path.join(import.meta.dirname, '../../models/published-flow');

/** Windows that one call of the network takes; more do not fill it better. */
const BATCH = 32;

/** Mean squared error of each window's reconstruction, over its timesteps and features. */
export function createReconstruct(
  { model, quantized }: Pick<LoadedModel, 'model' | 'quantized'>,
  engine: Engine,
): Reconstruct {
  const predictor = quantized ? engine.createInt8Predictor(quantized, BATCH) : engine.createPredictor(model, BATCH);
  const size = model.inputShape[0] * model.inputShape[1];
  const output = new Float32Array(BATCH * size);
  return (windows, count) => {
    const errors = new Float32Array(count);
    for (let first = 0; first < count; first += BATCH) {
      const batch = Math.min(BATCH, count - first);
      predictor.run(windows, first * size, batch, output, 0);
      for (let i = 0; i < batch; i++) {
        let sum = 0;
        for (let j = 0; j < size; j++) sum += (windows[(first + i) * size + j] - output[i * size + j]) ** 2;
        errors[first + i] = sum / size;
      }
    }
    return errors;
  };
}

/** The threshold that the owner asked for: a number, or a strategy that was measured when the model was trained. */
function chooseThreshold(manifest: ModelManifest, text: string): number {
  if (text === '') return manifest.threshold.value;
  const strategy = parseStrategy(text);
  if (strategy?.kind === 'fixed') return strategy.value;
  const measured = [manifest.threshold, ...manifest.alternatives];
  const found = strategy && measured.find((one) => strategyName(one.strategy) === strategyName(strategy));
  if (found) return found.value;
  const expected = `Choose one of ${measured.map((one) => strategyOption(one.strategy)).join(', ')}, or a number above 0.`;
  throw new AppError('bad_option', { option: '--threshold', value: text, expected });
}

/** Loads the model; AppError where it is damaged or made for other features. */
export async function loadFlowModel(options: FlowModelOptions): Promise<FlowModel> {
  const chosen = currentVersion(options.model || shippedModel);
  const past = isBaselineModel(chosen) ? await loadBaselineModel(chosen) : null;
  const directory = past ? shippedModel : chosen;
  const loaded = await loadModel(directory);
  const { manifest } = loaded;
  const { name, version } = manifest.features;
  if (name !== publishedFlowFeatures.name || version !== publishedFlowFeatures.version) {
    const reason = `it was trained on the features ${name} ${version}, not ${publishedFlowFeatures.name} ${publishedFlowFeatures.version}`;
    throw new AppError('model_unfit', { directory, reason });
  }
  return {
    timesteps: manifest.network.inputShape[0],
    threshold: chooseThreshold(manifest, options.threshold || (options.preset === 'published' ? 'mean+3std' : '')),
    preset: options.preset,
    reconstruct: createReconstruct(loaded, options.engine ?? loadKernelEngine()),
    manifest,
    past,
    trial: past && (await loadTrial(options.model)),
  };
}

async function loadTrial(directory: string): Promise<FlowModel['trial']> {
  const shadow = readVersions(directory)?.shadow;
  return shadow ? { past: await loadBaselineModel(path.join(directory, shadow)), directory } : null;
}
