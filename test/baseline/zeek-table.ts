/** Reads a Zeek table, or the output of zeek-cut with names, as plainly as possible: rows of cells by column name. */
import { readFileSync } from 'node:fs';

export type ZeekRow = Record<string, string>;

export function readZeekTable(path: string): { fields: string[]; rows: ZeekRow[] } {
  let fields: string[] = [];
  const rows: ZeekRow[] = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.startsWith('#fields')) fields = line.split('\t').slice(1);
    else if (fields.length === 0 && line !== '' && !line.startsWith('#')) fields = line.split('\t');
    else if (line !== '' && !line.startsWith('#')) {
      const cells = line.split('\t');
      rows.push(Object.fromEntries(fields.map((field, i) => [field, cells[i] ?? ''])));
    }
  }
  return { fields, rows };
}

/** Rows of `ours` that pair up with rows of `theirs`, as multisets of their keys, and what is left on each side. */
export function pairRows(
  ours: readonly string[],
  theirs: readonly string[],
): { equal: number; onlyOurs: string[]; onlyTheirs: string[] } {
  const counts = new Map<string, number>();
  for (const key of ours) counts.set(key, (counts.get(key) ?? 0) + 1);
  const onlyTheirs: string[] = [];
  let equal = 0;
  for (const key of theirs) {
    const count = counts.get(key) ?? 0;
    if (count > 0) {
      equal++;
      counts.set(key, count - 1);
    } else onlyTheirs.push(key);
  }
  const onlyOurs = [...counts].flatMap(([key, count]) => new Array<string>(count).fill(key));
  return { equal, onlyOurs, onlyTheirs };
}
