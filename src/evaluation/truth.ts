/** `episodes.csv`: per capture when the attack began and ended, which alert kinds name it, and who takes part. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../errors.ts';

export interface Truth {
  /** As written in the table: the end of the path of the capture. */
  file: string;
  /** Seconds; infinite where the whole file is the attack. */
  onset: number;
  end: number;
  /** Empty: any kind names it. */
  kinds: ReadonlySet<string>;
  /** Empty: everybody. */
  hosts: ReadonlySet<string>;
}

const COLUMNS = ['file', 'onset_ts', 'end_ts', 'kinds', 'hosts'];

export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new AppError('file_not_found', { file }, { cause });
    throw new AppError('file_unreadable', { file, reason: code ?? message }, { cause });
  }
}

/** Throws AppError file_not_found, file_unreadable or labels_unfit. */
export async function readTruth(path: string): Promise<Truth[]> {
  const [header = '', ...lines] = (await readText(path)).split(/\r?\n/).filter((line) => line !== '');
  const columns = header.split(',');
  const unfit = (reason: string): AppError =>
    new AppError('labels_unfit', { file: path, reason, expected: `Its columns are ${COLUMNS.join(', ')}.` });
  const missing = COLUMNS.filter((name) => !columns.includes(name));
  if (missing.length > 0) throw unfit(`there is no column "${missing.join('", "')}"`);
  return lines.map((line) => {
    const cells = line.split(',');
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
    const list = (name: string): ReadonlySet<string> =>
      new Set(
        cell(name)
          .split('|')
          .filter((word) => word !== '' && word !== 'any'),
      );
    const time = (name: string, open: number): number => {
      const value = cell(name) === '' ? open : Number(cell(name));
      if (Number.isNaN(value)) throw unfit(`"${cell(name)}" is no time in seconds`);
      return value;
    };
    return {
      file: cell('file'),
      onset: time('onset_ts', Number.NEGATIVE_INFINITY),
      end: time('end_ts', Number.POSITIVE_INFINITY),
      kinds: list('kinds'),
      hosts: list('hosts'),
    };
  });
}

/** The row of a capture: the longest entry that its path ends with. */
export const truthOf = (truths: readonly Truth[], file: string): Truth | undefined =>
  truths
    .filter((truth) => file === truth.file || file.endsWith(`/${truth.file}`) || basename(file) === truth.file)
    .sort((a, b) => b.file.length - a.file.length)[0];
