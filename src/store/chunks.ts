/** Rows of one statement: far below the number of variables that engines allow. */
const CHUNK = 500;

export function* chunks<T>(rows: readonly T[], size = CHUNK): Generator<T[]> {
  for (let i = 0; i < rows.length; i += size) yield rows.slice(i, i + size);
}
