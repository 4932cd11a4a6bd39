/**
 * What an engine has learned, as a model on disk: past.json.gz, and a manifest that says where it comes from. The
 * manifest is written last and in one step, so a crash leaves the old or the new one whole.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import type { EnginePart } from '../detector/engine-options.ts';
import { AppError } from '../errors.ts';
import { hexDigest } from './save-model.ts';

const FORMAT = 'home-iot-guardian past';
const VERSION = 1;
/** A past of a thousand devices is a tenth of it. */
const MOST_BYTES = 256 * 2 ** 20;

export const pastDetectors = ['guardian', 'lstm-autoencoder', 'lstm-rnn'] as const;
/** The whole engine, or one network alone. */
export type PastDetector = (typeof pastDetectors)[number];

/** Parts left out of the engine so that one network speaks alone. */
export const partsWithout: Record<PastDetector, readonly EnginePart[]> = {
  guardian: [],
  'lstm-autoencoder': ['behaviours', 'profiles', 'forecaster'],
  'lstm-rnn': ['behaviours', 'profiles', 'autoencoder'],
};

const count = z.number().int().min(0);
const network = z.strictObject({
  name: z.string(),
  sequences: count,
  loss: z.array(z.number()),
  seconds: z.number().min(0),
});

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  detector: z.enum(pastDetectors),
  /** ISO 8601, UTC. */
  created: z.iso.datetime(),
  /** Of past.json.gz. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: count,
  training: z.strictObject({
    /** Names without their folders. */
    files: z.array(z.string()),
    packets: count,
    connections: count,
    /** Hours of traffic. */
    hours: z.number().min(0),
    devices: count,
    seconds: z.number().min(0),
    seed: z.number(),
    /** The lessons of the networks, in order. */
    networks: z.array(network),
  }),
  notes: z.string().default(''),
});

export type PastManifest = z.output<typeof manifestSchema>;
export type PastDetails = Pick<PastManifest, 'detector' | 'training' | 'notes'>;

export interface LoadedBaseline {
  manifest: PastManifest;
  /** JSON of what Engine.load takes. */
  text: string;
}

const dataFile = (directory: string): string => path.join(directory, 'past.json.gz');
const manifestFile = (directory: string): string => path.join(directory, 'manifest.json');

/** True where the folder holds a baseline, and not a network alone or nothing. */
export function isBaselineModel(directory: string): boolean {
  const file = manifestFile(directory);
  return existsSync(file) && readFileSync(file, 'utf8').includes(`"${FORMAT}"`);
}

/** Throws AppError model_not_writable. */
export async function savePast(directory: string, state: unknown, details: PastDetails): Promise<PastManifest> {
  const bytes = await promisify(gzip)(JSON.stringify(state), { level: 9 });
  const manifest = manifestSchema.parse({
    ...{ format: FORMAT, version: VERSION, created: new Date().toISOString() },
    ...{ sha256: hexDigest(bytes), bytes: bytes.length },
    ...details,
  });
  try {
    await mkdir(directory, { recursive: true });
    for (const [file, content] of [
      [dataFile(directory), bytes],
      [manifestFile(directory), `${JSON.stringify(manifest, null, 2)}\n`],
    ] as const) {
      await writeFile(`${file}.new`, content, { flush: true });
      await rename(`${file}.new`, file);
    }
  } catch (cause) {
    throw new AppError('model_not_writable', { directory, reason: (cause as Error).message }, { cause });
  }
  return manifest;
}

/** Throws AppError model_not_found, model_newer or model_damaged. */
export async function readPastManifest(directory: string): Promise<PastManifest> {
  let text: string;
  try {
    text = await readFile(manifestFile(directory), 'utf8');
  } catch (cause) {
    throw new AppError('model_not_found', { directory }, { cause });
  }
  try {
    const raw: unknown = JSON.parse(text);
    const { version } = z.looseObject({ version: z.number() }).parse(raw);
    if (version > VERSION) throw new AppError('model_newer', { directory, version, supported: VERSION });
    return manifestSchema.parse(raw);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('model_damaged', { directory, reason: 'its manifest cannot be read' }, { cause });
  }
}

/** Throws AppError as readPastManifest. */
export async function loadBaselineModel(directory: string): Promise<LoadedBaseline> {
  const manifest = await readPastManifest(directory);
  const damaged = (reason: string, cause?: unknown) => new AppError('model_damaged', { directory, reason }, { cause });
  const bytes = await readFile(dataFile(directory)).catch((cause: unknown) => {
    throw damaged('past.json.gz is not there', cause);
  });
  if (hexDigest(bytes) !== manifest.sha256) throw damaged('the checksum of past.json.gz is wrong');
  try {
    const text = await promisify(gunzip)(bytes, { maxOutputLength: MOST_BYTES });
    return { manifest, text: text.toString('utf8') };
  } catch (cause) {
    throw damaged('past.json.gz cannot be unpacked', cause);
  }
}
