/** Columns of a table by the names that one meter, or its older versions, gave them. */
import { AppError } from '../../errors.ts';
import { list } from './table.ts';

/** Letters and digits only: `Tot Fwd Pkts`, ` tot_fwd_pkts` and `TotFwdPkts` are one name. */
export const plainName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

export class NamedColumns {
  private readonly index = new Map<string, number>();
  private readonly file: string;
  private readonly header: readonly string[];

  constructor(file: string, header: readonly string[]) {
    this.file = file;
    this.header = header;
    // The first of equal names counts: CICFlowMeter really writes "Fwd Header Length" twice.
    header.forEach((name, i) => {
      const plain = plainName(name);
      if (!this.index.has(plain)) this.index.set(plain, i);
    });
  }

  /** The first of `names` that is there; -1 where none is. */
  find(...names: string[]): number {
    for (const name of names) {
      const at = this.index.get(name);
      if (at !== undefined) return at;
    }
    return -1;
  }

  /** Like `find`. Throws `missing_columns` under the first name where none is there. */
  need(...names: string[]): number {
    const at = this.find(...names);
    if (at >= 0) return at;
    throw new AppError('missing_columns', { file: this.file, missing: names[0], found: list(this.header) });
  }
}
