import { stat } from 'node:fs/promises';
import { AppError } from '../errors.ts';

/** Throws AppError `file_exists` where a file of that name would be lost; a device or a pipe takes what is written. */
export async function refuseExisting(file: string): Promise<void> {
  const known = await stat(file).catch(() => null);
  if (known?.isFile()) throw new AppError('file_exists', { file });
}
