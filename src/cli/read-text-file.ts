import { readFile } from 'node:fs/promises';
import { AppError } from '../errors.ts';

/** Rejects with AppError `file_not_found` or `file_unreadable`. */
export async function readTextFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new AppError('file_not_found', { file });
    throw new AppError('file_unreadable', { file, reason: message });
  }
}
