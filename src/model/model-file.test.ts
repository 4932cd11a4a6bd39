import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInt8Reference } from '../nn/int8/int8-reference.ts';
import { quantize } from '../nn/int8/quantize.ts';
import { lstmAutoencoder } from '../nn/preset/lstm-autoencoder.ts';
import { createRandom } from '../nn/random.ts';
import { createSequential } from '../nn/sequential.ts';
import { loadModel } from './load-model.ts';
import type { ModelDetails } from './manifest.ts';
import { hexDigest, noChecksum, saveModel, saveQuantizedModel } from './save-model.ts';

const model = createSequential({
  inputShape: [3, 2],
  layers: [
    { type: 'LSTM', units: 3, activation: 'relu', returnSequences: true },
    { type: 'Dropout', rate: 0.2 },
    { type: 'TimeDistributed', layer: { type: 'Dense', units: 2 } },
  ],
  seed: 5,
});
const details: ModelDetails = {
  detector: 'lstm-autoencoder',
  features: { name: 'published-flow', version: 1, columns: ['orig_pkts', 'resp_pkts'] },
  scaler: { kind: 'standard', offset: [1, 2], scale: [3, 4] },
  threshold: { strategy: { kind: 'mean-std', k: 3 }, value: 0.14 },
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'guardian-model-'));
});
afterAll(() => rm(directory, { recursive: true }));

const manifestFile = () => path.join(directory, 'manifest.json');
/** Equal arrays have equal digests; a difference prints in one line. */
const bits = (values: Float32Array) => hexDigest(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));

/** A manifest that somebody wrote with care: one field changed (`a.b.0.c`), and its checksum right. */
async function rewrite(field: string, value: unknown): Promise<void> {
  const manifest = JSON.parse(await readFile(manifestFile(), 'utf8'));
  const keys = field.split('.');
  const owner = keys.slice(0, -1).reduce((object, key) => object[key], manifest);
  owner[keys.at(-1)!] = value;
  manifest.sha256 = noChecksum;
  const text = JSON.stringify(manifest);
  await writeFile(manifestFile(), text.replace(noChecksum, hexDigest(text)));
}
const refusal = () =>
  loadModel(directory).then(
    () => 'loaded',
    (error) => `${error.code}: ${error.message}`,
  );

describe('model folders', () => {
  it('come back as they were saved', async () => {
    const saved = await saveModel(directory, model, details);
    const loaded = await loadModel(directory);
    expect(loaded.manifest).toEqual(saved);
    expect(loaded.model.parameters).toEqual(model.parameters);
    expect(loaded.model.layers.map(({ config }) => config)).toEqual(model.layers.map(({ config }) => config));
    expect(saved.network.layers[0]).toMatchObject({ activation: 'relu', recurrentActivation: 'sigmoid' });
  });

  it('replace an older model and leave nothing of it', async () => {
    const other = createSequential({ inputShape: [2], layers: [{ type: 'Dense', units: 1 }] });
    await saveModel(directory, other, details);
    await saveModel(directory, model, details);
    expect((await readdir(directory)).length).toBe(2);
    expect((await loadModel(directory)).model.parameters).toEqual(model.parameters);
  });

  it('refuse every flipped byte (B9)', async () => {
    const { weights } = await saveModel(directory, model, details);
    for (const file of [manifestFile(), path.join(directory, weights.file)]) {
      const whole = await readFile(file);
      const random = createRandom(1);
      for (let at = 0; at < whole.length; at += 7) {
        const flipped = Buffer.from(whole);
        flipped[at] ^= 1 << Math.floor(8 * random.uniform());
        await writeFile(file, flipped);
        expect(await refusal(), `${file} byte ${at}`).toMatch(/^model_(damaged|newer): The model in/);
      }
      await writeFile(file, whole);
    }
    expect(await refusal()).toBe('loaded');
  });

  it('refuse truncation and absence', async () => {
    const { weights } = await saveModel(directory, model, details);
    const weightsFile = path.join(directory, weights.file);
    await truncate(weightsFile, weights.bytes - 1);
    expect(await refusal()).toContain(`has ${weights.bytes - 1} of ${weights.bytes} bytes`);
    await rm(weightsFile);
    expect(await refusal()).toContain('.bin is missing');
    await truncate(manifestFile(), 100);
    expect(await refusal()).toContain('manifest.json is not JSON');
    await rm(manifestFile());
    expect(await refusal()).toContain('model_not_found: There is no model in');
  });

  it.each([
    ['a newer version', 'version', 2, 'model_newer'],
    ['a wrong shape', 'network.inputShape', [3, 3], 'its layers have'],
    ['a flat shape', 'network.inputShape', [3], 'needs a sequence'],
    ['units of 10^9', 'network.layers.0.units', 1e9, 'too large'],
    ['10^9 timesteps', 'network.inputShape.0', 1e9, 'too large'],
    ['10^9 bytes', 'weights.bytes', 1e9, 'it declares 1000000000'],
    ['an unknown layer', 'network.layers.0.type', 'GRU', 'there are Dense'],
    ['a missing activation', 'network.layers.0.activation', undefined, 'activation'],
    ['a file elsewhere', 'weights.file', '../weights.bin', 'file'],
    ['a short scaler', 'scaler.offset', [1], 'a scaler of 1 features'],
    ['an unknown field', 'extra', 1, 'extra'],
  ])('refuse a well-formed manifest with %s', async (_, field, value, cause) => {
    await saveModel(directory, model, details);
    await rewrite(field, value);
    expect(await refusal()).toContain(cause);
  });

  it('refuse weights that are not numbers', async () => {
    const { weights } = await saveModel(directory, model, details);
    const file = path.join(directory, weights.file);
    const bytes = await readFile(file);
    bytes.writeFloatLE(Number.NaN, 40);
    await writeFile(file, bytes);
    await rewrite('weights.sha256', hexDigest(bytes));
    expect(await refusal()).toContain('weight 10 is NaN');
    const broken = createSequential({ ...model, layers: model.layers.map(({ config }) => config) });
    broken.parameters[3] = Number.POSITIVE_INFINITY;
    await expect(saveModel(directory, broken, details)).rejects.toThrow('not finite');
  });

  describe('of quantized networks', () => {
    const random = createRandom(2);
    const windows = Float32Array.from({ length: 64 * 40 }, random.normal);
    const autoencoder = lstmAutoencoder({ activation: 'tanh', seed: 1 });
    const network = quantize(autoencoder, windows, 64);
    const columns = ['orig_pkts', 'resp_pkts', 'orig_bytes', 'resp_bytes'];
    const own: ModelDetails = { ...details, features: { ...details.features, columns }, scaler: undefined };
    const bytesIn = async () => {
      const files = await Promise.all((await readdir(directory)).map((name) => readFile(path.join(directory, name))));
      return files.reduce((sum, file) => sum + file.length, 0);
    };

    it('come back to the bit, and take at most 30 % of the space', async () => {
      await saveModel(directory, autoencoder, own);
      const before = await bytesIn();
      await saveQuantizedModel(directory, network, own);
      expect((await bytesIn()) / before).toBeLessThan(0.3);
      const { quantized, model: loaded } = await loadModel(directory);
      expect(bits(loaded.parameters)).toBe(bits(network.model.parameters));
      expect(quantized?.running).toEqual(network.running);
      expect(quantized?.smoothing).toEqual(network.smoothing);
      const outputs = [network, quantized!].map((one) => createInt8Reference(one).run(windows, 0).y);
      expect(outputs[1]).toEqual(outputs[0]);
    });

    it.each([
      ['integers that are no matrix', 'weights.integers', ['lstm/bias'], 'it names integer weights'],
      ['a product that cannot run', 'weights.running', ['lstm/kernel'], 'it names integer weights'],
      ['another type', 'weights.type', 'float32', 'need 137456 bytes'],
    ])('are refused with %s', async (_, field, value, cause) => {
      await saveQuantizedModel(directory, network, own);
      await rewrite(field, value);
      expect(await refusal()).toContain(cause);
    });
  });
});
