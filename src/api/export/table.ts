/** A table as CSV, JSON, JSON lines or Parquet: rows come page by page, and leave as they come. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';

export type Cell = string | number | boolean | null;

export interface Column<Row> {
  name: string;
  /** As Parquet calls it. */
  type: 'STRING' | 'DOUBLE' | 'INT64' | 'BOOLEAN';
  of: (row: Row) => Cell;
}

export interface Table<Row> {
  name: string;
  columns: readonly Column<Row>[];
  pages: () => AsyncIterable<readonly Row[]>;
}

type Body = AsyncGenerator<string | Uint8Array>;
interface Format {
  type: string;
  write: <Row>(table: Table<Row>) => Body;
}

/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** RFC 4180; text that would be a formula gets an apostrophe in front. */
function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const jsonOf = <Row>(columns: readonly Column<Row>[], row: Row): string =>
  JSON.stringify(Object.fromEntries(columns.map(({ name, of }) => [name, of(row)])));

async function* csv<Row>({ columns, pages }: Table<Row>): Body {
  yield `${columns.map(({ name }) => name).join(',')}\r\n`;
  for await (const page of pages()) {
    yield page.map((row) => `${columns.map(({ of }) => csvCell(of(row))).join(',')}\r\n`).join('');
  }
}

async function* jsonLines<Row>({ columns, pages }: Table<Row>): Body {
  for await (const page of pages()) yield page.map((row) => `${jsonOf(columns, row)}\n`).join('');
}

async function* json<Row>({ columns, pages }: Table<Row>): Body {
  let before = '[\n';
  for await (const page of pages()) {
    for (const row of page) {
      yield before + jsonOf(columns, row);
      before = ',\n';
    }
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

async function* parquet<Row>({ name, columns, pages }: Table<Row>): Body {
  const ready: Uint8Array[] = [];
  const schema = [
    { name, num_children: columns.length },
    ...columns.map((column) => ({
      name: column.name,
      repetition_type: 'OPTIONAL' as const,
      ...(column.type === 'STRING'
        ? { type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const }
        : { type: column.type }),
    })),
  ];
  const writer = new ParquetWriter({ writer: new Pieces(ready), schema, createdBy: 'home-iot-guardian' });
  let rows: Row[] = [];
  const flush = (): void => {
    if (rows.length === 0) return;
    const columnData = columns.map((column) => ({
      name: column.name,
      data: rows.map((row) => parquetValue(column.of(row), column.type)),
    }));
    writer.write({ columnData, rowGroupSize: GROUP });
    rows = [];
  };
  for await (const page of pages()) {
    rows.push(...page);
    if (rows.length >= GROUP) flush();
    yield* ready.splice(0);
  }
  flush();
  writer.finish();
  yield* ready.splice(0);
}

const GROUP = 20_000;

const parquetValue = (value: Cell, type: string): unknown =>
  typeof value === 'number' && type === 'INT64' ? BigInt(Math.round(value)) : value;

/** Gives its bytes away after each row group instead of growing with the file. */
class Pieces extends ByteWriter {
  private readonly ready: Uint8Array[];

  constructor(ready: Uint8Array[]) {
    super(1 << 20);
    this.ready = ready;
  }

  flush(): void {
    if (this.index > 0) this.ready.push(this.getBytes().slice());
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }
}

export const exportFormats = {
  csv: { type: 'text/csv; charset=utf-8', write: csv },
  json: { type: 'application/json', write: json },
  jsonl: { type: 'application/x-ndjson', write: jsonLines },
  parquet: { type: 'application/vnd.apache.parquet', write: parquet },
} satisfies Record<string, Format>;
export type ExportFormat = keyof typeof exportFormats;
