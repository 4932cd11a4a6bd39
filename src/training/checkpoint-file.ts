/**
 * A training's checkpoint on disk: one line of JSON (sizes, losses, checksum), then raw little-endian floats.
 * Written beside the old one and renamed over it, so a crash leaves one or the other whole.
 */
import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Checkpoint } from '../nn/checkpoint.ts';

const header = z.strictObject({
  format: z.literal('home-iot-guardian checkpoint'),
  version: z.literal(1),
  parameters: z.number().int().min(1),
  slots: z.number().int().min(1).max(2),
  epoch: z.number().int().min(0),
  optimizerStep: z.number().int().min(0),
  bestEpoch: z.number().int().min(0),
  loss: z.array(z.number()),
  valLoss: z.array(z.number()),
  sha256: z.string(),
});

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export async function saveCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  const { parameters, bestParameters, optimizerSlots, ...rest } = checkpoint;
  const arrays = [parameters, bestParameters, ...optimizerSlots];
  const bytes = Buffer.concat(
    arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
  const head: z.output<typeof header> = {
    format: 'home-iot-guardian checkpoint',
    version: 1,
    parameters: parameters.length,
    slots: optimizerSlots.length,
    ...rest,
    sha256: digest(bytes),
  };
  await writeFile(`${file}.new`, Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), bytes]));
  await rename(`${file}.new`, file);
}

/** For `resume`. Throws AppError file_not_found or checkpoint_damaged. */
export async function loadCheckpoint(file: string): Promise<Checkpoint> {
  const damaged = (reason: string, cause?: unknown) => new AppError('checkpoint_damaged', { file, reason }, { cause });
  const content = await readFile(file).catch((cause) => {
    throw cause.code === 'ENOENT'
      ? new AppError('file_not_found', { file }, { cause })
      : new AppError('file_unreadable', { file, reason: cause.message }, { cause });
  });
  const lineEnd = content.indexOf('\n');
  let head: z.output<typeof header>;
  try {
    head = header.parse(JSON.parse(content.toString('utf8', 0, lineEnd)));
  } catch (cause) {
    throw damaged('its first line is not a checkpoint', cause);
  }
  const { parameters: count, slots, sha256 } = head;
  const bytes = content.subarray(lineEnd + 1);
  if (bytes.length !== 4 * count * (2 + slots)) throw damaged(`it has ${bytes.length} bytes of weights`);
  if (digest(bytes) !== sha256) throw damaged('its checksum is wrong');
  const floats = (i: number) =>
    new Float32Array(
      bytes.buffer.slice(bytes.byteOffset + 4 * count * i, bytes.byteOffset + 4 * count * (i + 1)) as ArrayBuffer,
    );
  const { epoch, optimizerStep, loss, valLoss, bestEpoch } = head;
  const optimizerSlots = Array.from({ length: slots }, (_, i) => floats(2 + i));
  return {
    epoch,
    parameters: floats(0),
    bestParameters: floats(1),
    optimizerStep,
    optimizerSlots,
    loss,
    valLoss,
    bestEpoch,
  };
}
