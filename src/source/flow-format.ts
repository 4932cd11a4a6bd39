/** The contract of a reader of flow records. Adding a format is one file beside this and one line in `formats.ts`. */
import type { Conn } from '../flow/conn.ts';
import type { ConnField } from './column/conn-fields.ts';
import type { DateOrder } from './column/date-order.ts';
import type { ReadOptions } from './source.ts';
import type { JsonObject } from './text/json-object.ts';
import type { Rows } from './text/rows.ts';

export type OnConn = (conn: Conn) => void;

/** Column (or JSON path with dots) → field of the connection record. */
export type ColumnMapping = Readonly<Record<string, ConnField>>;

export interface FlowReadOptions extends ReadOptions {
  /** Fields that the file must have; the four features unless told otherwise. */
  required?: readonly ConnField[];
  mapping?: ColumnMapping;
  /** The order of day and month in a spreadsheet's dates, where no value of the file shows it. */
  dates?: DateOrder;
}

/** The file: its bytes after decompression and in UTF-8, once. */
export interface FlowInput {
  /** For messages. */
  name: string;
  chunks: AsyncIterable<Uint8Array>;
  /** Where the same bytes can be read at random; null for standard input and compressed files. */
  path: string | null;
}

/** The beginning of a file, for recognising what it is. */
export interface Head {
  bytes: Uint8Array;
  /** Decoded, without byte order mark; '' where the bytes are not text. */
  text: string;
  /** A line that is not blank, trimmed: the first, or a later one where that begins what is read. */
  firstLine: string;
  /** Its number, from 1. */
  line: number;
  /** The cells of the first line when it is the header of a table, else empty. */
  columns: string[];
  /** What separates them. */
  delimiter: string;
  /** JSON objects among the first lines, without what loggers put around them. */
  objects: readonly JsonObject[];
  /** JSON whose objects go over several lines, or stand in an array. */
  isMultiLine: boolean;
}

export interface FlowFormat<Name extends string = string> {
  format: Name;
  /** In messages and documents. */
  title: string;
  recognise(head: Head): boolean;
  /** Takes a column mapping: only such formats are tried when there is one. */
  mappable?: true;
  /** Hands every good record on and accounts for the rest. Throws AppError where the file as a whole is no good. */
  read(input: FlowInput, head: Head, rows: Rows, options: FlowReadOptions): Promise<void>;
}

export const defineFlowFormat = <const Name extends string>(format: FlowFormat<Name>): FlowFormat<Name> => format;
