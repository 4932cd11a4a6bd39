/** A text table with a header: finds its columns, walks its rows and keeps the account. */
import { AppError } from '../../errors.ts';
import type { Conn } from '../../flow/conn.ts';
import { type ConnField, emptyIndex, type FieldIndex, fieldOf, missingFields } from '../column/conn-fields.ts';
import type { RowCheck } from '../column/row-check.ts';
import type { ColumnMapping, FlowInput, Head } from '../flow-format.ts';
import type { PlainTable } from '../plain/plain-table.ts';
import { CsvRecords, type CsvSink } from './csv-record.ts';
import { textPieces } from './lines.ts';
import type { Rows } from './rows.ts';

/** More columns than any flow meter writes (CICFlowMeter has 84). */
export const MAX_COLUMNS = 4096;

/** One row → one record; sets `check.problem` where the row is no good. Null where the row is about no traffic. */
export type RowReader = (cells: string[], check: RowCheck) => Conn | null;

/** How rows that are written plainly are read, where there is such a way. */
export type PlainReader = Pick<PlainTable, 'read' | 'conn'>;

/**
 * Reads a delimited table; what stands before its header is stepped over. `prepare` sees the header once and answers with the reader of its rows.
 * Rows with too few or too many cells are refused; one empty cell too many is a trailing comma. `endsAt` stands alone in the line with
 * which a summary begins.
 */
export async function readTable(
  input: FlowInput,
  { delimiter, line: headerLine }: Pick<Head, 'delimiter' | 'line'>,
  rows: Rows,
  prepare: (header: string[]) => RowReader | { read: RowReader; plain: PlainReader | null },
  endsAt?: string,
): Promise<void> {
  const { check, tally } = rows;
  let width = 0;
  let header: string[] = [];
  let isOver = false;
  let read: RowReader | null = null;
  let plain: PlainReader | null = null;
  const sink: CsvSink = {
    plain(bytes, text, from) {
      if (plain === null) return -1;
      const behind = plain.read(bytes, text, from);
      if (behind > 0) rows.offerSound(plain.conn!);
      return behind;
    },
    record(cells, line) {
      if (line < headerLine) return tally.weird('table.line_before_header');
      isOver ||= cells.length === 1 && cells[0] === endsAt;
      if (isOver) return tally.weird('table.line_behind_rows');
      if (read === null) {
        if (cells.length > MAX_COLUMNS) {
          throw new AppError('too_many_columns', { file: input.name, columns: cells.length, limit: MAX_COLUMNS });
        }
        width = cells.length;
        header = cells;
        const prepared = prepare(cells.map((cell) => cell.trim()));
        if (typeof prepared === 'function') read = prepared;
        else {
          read = prepared.read;
          if (prepared.plain !== null) plain = prepared.plain;
        }
        return;
      }
      const fits = cells.length === width || (cells.length === width + 1 && cells[width].trim() === '');
      if (cells[0] === header[0] && fits && cells.every((cell, i) => cell === header[i]))
        tally.weird('table.header_again');
      else if (fits) {
        check.begin();
        const conn = read(cells, check);
        if (conn !== null) rows.offer(conn, line);
      } else tally.reject('row.wrong_cell_count', line);
    },
    malformed: (reason, line) => {
      if (line >= headerLine) tally.reject(reason, line);
    },
  };
  const records = new CsvRecords(delimiter, sink);
  for await (const { text, bytes, last } of textPieces(input.chunks, input.name, () => records.line)) {
    records.push(text, last, bytes);
  }
}

/**
 * Where each field stands in a table: what the mapping says, and Zeek's names for the rest.
 * Throws `missing_columns` and `duplicate_columns`; columns that mean nothing to us are ignored.
 */
export function indexColumns(
  file: string,
  columns: readonly string[],
  required: readonly ConnField[],
  mapping: ColumnMapping = {},
): FieldIndex {
  const index = emptyIndex();
  const duplicates = new Set<string>();
  const mapped = new Set(Object.values(mapping));
  columns.forEach((column, i) => {
    const own = Object.hasOwn(mapping, column) ? mapping[column] : null;
    const field = own ?? fieldOf(column);
    if (field === null || (own === null && mapped.has(field))) return;
    if (index[field] >= 0) duplicates.add(column);
    index[field] = i;
  });
  if (duplicates.size > 0) throw new AppError('duplicate_columns', { file, columns: list([...duplicates]) });
  const unmapped = missingFields((field) => index[field] >= 0, required);
  const absent = Object.keys(mapping).filter((column) => !columns.includes(column));
  const missing = [...absent, ...unmapped];
  if (missing.length > 0) {
    throw new AppError('missing_columns', { file, missing: list(missing), found: list(columns) || 'none' });
  }
  return index;
}

/** A few names for a message: it must stay readable for a file of 4,000 columns with hostile names. */
export function list(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => printable(name.slice(0, 40)));
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a terminal.
const printable = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '?');

/** The first whole rows of a table, cell by cell, for what its columns hold. */
export function firstRows({ text, delimiter, line: headerLine }: Head): string[][] {
  const rows: string[][] = [];
  const record = (cells: string[], line: number): void => {
    if (line > headerLine && rows.length < MAX_SAMPLE) rows.push(cells);
  };
  const end = text.lastIndexOf('\n') + 1;
  new CsvRecords(delimiter, { record, malformed: () => {} }).push(end > 0 ? text.slice(0, end) : text, true);
  return rows;
}

const MAX_SAMPLE = 500;
