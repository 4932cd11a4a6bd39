/** `episodes.csv`: per capture when the attack began and ended, which alert kinds name it, and who takes part. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

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

export async function readTruth(path: string): Promise<Truth[]> {
  const [header, ...lines] = (await readFile(path, 'utf8')).split(/\r?\n/).filter((line) => line !== '');
  const columns = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
    const list = (name: string): ReadonlySet<string> =>
      new Set(
        cell(name)
          .split('|')
          .filter((word) => word !== '' && word !== 'any'),
      );
    return {
      file: cell('file'),
      onset: cell('onset_ts') === '' ? Number.NEGATIVE_INFINITY : Number(cell('onset_ts')),
      end: cell('end_ts') === '' ? Number.POSITIVE_INFINITY : Number(cell('end_ts')),
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
