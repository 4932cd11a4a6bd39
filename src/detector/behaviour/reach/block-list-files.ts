/** The owner's block lists: read at the start, and again whenever a file has changed. */
import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../../../errors.ts';
import { BlockList, type BlockLists } from './block-list.ts';

interface Known {
  list: BlockList;
  /** Size and time of the file when it was read. */
  stamp: string;
}

export class BlockListFiles implements BlockLists {
  /** Another array whenever anything has changed. */
  lists: readonly BlockList[] = [];
  readonly #files: readonly string[];
  readonly #known = new Map<string, Known>();

  private constructor(files: readonly string[]) {
    this.#files = files;
  }

  /** Reads the files. Throws AppError `file_not_found` and `file_unreadable`. */
  static async open(files: readonly string[]): Promise<BlockListFiles> {
    const opened = new BlockListFiles(files);
    const [trouble] = await opened.refresh();
    if (trouble) throw trouble;
    return opened;
  }

  /** Reads what has changed. A file that cannot be read any more goes on saying what it said, and its error comes back. */
  async refresh(): Promise<AppError[]> {
    const troubles: AppError[] = [];
    let changed = false;
    for (const file of this.#files) {
      try {
        const { size, mtimeMs } = await stat(file);
        const stamp = `${size} ${mtimeMs}`;
        if (this.#known.get(file)?.stamp === stamp) continue;
        this.#known.set(file, { list: new BlockList(file, await readFile(file, 'utf8')), stamp });
        changed = true;
      } catch (error) {
        troubles.push(troubleWith(file, error));
      }
    }
    if (changed) this.lists = [...this.#known.values()].map(({ list }) => list);
    return troubles;
  }

  /** Lines that are neither address, network, name nor line of a hosts file: one sentence for each list that has any. */
  get complaints(): string[] {
    return this.lists
      .filter(({ refused }) => refused.length > 0)
      .map(
        ({ source, refused: [{ line, text }] }) =>
          `${source}, line ${line}: "${text.slice(0, 80)}" is no address, network or name; such lines are left out.`,
      );
  }
}

function troubleWith(file: string, error: unknown): AppError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return code === 'ENOENT'
    ? new AppError('file_not_found', { file }, { cause: error })
    : new AppError(
        'file_unreadable',
        { file, reason: message.replace(/^\w+: /, '').replace(/,.*$/s, '') },
        { cause: error },
      );
}
