/** JSON lines → connection records, by Zeek's names or by a mapping. Only known names are ever looked up. */
import { AppError } from '../../errors.ts';
import type { Conn } from '../../flow/conn.ts';
import { type ConnField, columnOf, connFields, unsetConn } from '../column/conn-fields.ts';
import type { RowCheck } from '../column/row-check.ts';
import type { Tally } from '../column/tally.ts';
import { epochSeconds } from '../column/time.ts';
import type { ColumnMapping, FlowInput, Head } from '../flow-format.ts';
import { PlainObjects } from '../plain/plain-object.ts';
import { type JsonObject, parseObject } from './json-object.ts';
import { forEachLine, type PlainRow, textPieces } from './lines.ts';
import { ObjectSplitter } from './object-splitter.ts';
import type { Rows } from './rows.ts';

/** Hands each object of the input on; lines that are not one are refused as `row.not_json`. */
export async function forEachObject(
  { chunks, name }: FlowInput,
  head: Head,
  tally: Tally,
  onObject: (object: JsonObject, line: number) => void,
  plain?: PlainRow,
): Promise<void> {
  const take = (text: string, line: number): void => {
    const object = parseObject(text);
    if (object === null) tally.reject('row.not_json', line);
    else onObject(object, line);
  };
  if (!head.isMultiLine) {
    const onLine = (line: string, number: number): void => {
      if (line.trim() !== '') take(line, number);
    };
    return forEachLine(chunks, name, onLine, plain);
  }
  const splitter = new ObjectSplitter(take);
  for await (const { text } of textPieces(chunks, name, () => splitter.line)) {
    if (!splitter.push(text)) throw new AppError('line_too_long', { file: name, line: splitter.line, limit: '1 MiB' });
  }
  if (splitter.isOpen) tally.reject('row.not_json', splitter.line);
}

/** Takes objects that are written plainly; those with none of `telling` (where there are some) are read the long way. */
export function plainReader(
  rows: Rows,
  telling: readonly ConnField[],
  mapping: ColumnMapping = {},
  without: readonly ConnField[] = [],
): PlainRow {
  const objects = new PlainObjects(readFields(mapping, without), telling);
  return (bytes, text, from) => {
    const behind = objects.read(bytes, text, from);
    if (behind > 0) rows.offerSound(objects.conn!);
    return behind;
  };
}

/** Reads one object after the other; `mapping` comes before Zeek's names. `without` are fields that are not read. */
export function jsonReader(
  rows: Rows,
  mapping: ColumnMapping = {},
  without: readonly ConnField[] = [],
): (object: JsonObject, line: number) => void {
  const fields = readFields(mapping, without);
  const paths = Object.entries(mapping).map(([name, field]) => ({ name, field, path: name.split('.') }));
  const nested = paths.filter(({ path }) => path.length > 1);
  const { check } = rows;
  return (object, line) => {
    check.begin();
    const conn = unsetConn('');
    // By what the object has, not by what it might have: most records leave most fields out.
    for (const name of Object.keys(object)) {
      const field = fields.get(name);
      if (field !== undefined) setField(conn, field, object[name], check);
    }
    for (const { name, field, path } of nested) {
      if (!Object.hasOwn(object, name)) setField(conn, field, lookUp(object, path), check);
    }
    rows.offer(conn, line);
  };
}

function readFields(mapping: ColumnMapping, without: readonly ConnField[]): Map<string, ConnField> {
  const fields = fieldsByName(mapping);
  for (const [name, field] of fields) if (without.includes(field)) fields.delete(name);
  return fields;
}

/** Labelled and flattened logs write some names in other ways. */
function fieldsByName(mapping: ColumnMapping): Map<string, ConnField> {
  const mapped = new Set(Object.values(mapping));
  const names = new Map<string, ConnField>();
  for (const field of Object.keys(connFields) as ConnField[]) {
    if (mapped.has(field)) continue;
    names.set(columnOf(field), field);
    names.set(field, field);
  }
  if (!mapped.has('detailed_label')) {
    names.set('detailed-label', 'detailed_label');
    names.set('detailedlabel', 'detailed_label');
  }
  for (const [name, field] of Object.entries(mapping)) names.set(name, field);
  return names;
}

/** `flow.bytes` inside nested objects. */
function lookUp(object: JsonObject, path: readonly string[]): unknown {
  let value: unknown = object;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as JsonObject)[step];
  }
  return value;
}

/** Sets one field from a JSON or Parquet value; numbers may be numbers, bigints or text; null leaves it unset. */
export function setField(conn: Conn, field: ConnField, value: unknown, check: RowCheck): void {
  if (value === null || value === undefined) return;
  const to = conn as unknown as Record<ConnField, unknown>;
  const kind = connFields[field];
  if (kind === 'text' || kind === 'address' || kind === 'proto') {
    if (typeof value === 'object') check.fail('row.not_text');
    else to[field] = check[kind](String(value)) ?? (field === 'uid' ? '' : null);
    return;
  }
  if (kind === 'set') {
    if (Array.isArray(value)) to[field] = value.filter((item) => typeof item === 'string');
    else if (typeof value === 'string') to[field] = value === '(empty)' ? [] : (check.text(value)?.split(',') ?? null);
    return;
  }
  if (kind === 'time') {
    const time = value instanceof Date ? value.getTime() / 1000 : timeOf(value, check);
    if (time === null) check.unreadableTime = true;
    to[field] = time;
    return;
  }
  if (kind === 'flag') {
    to[field] = typeof value === 'boolean' ? value : check.flag(String(value));
    return;
  }
  if (typeof value === 'object' || typeof value === 'boolean') {
    check.fail('row.not_a_number');
    return;
  }
  // Whole numbers of ordinary size need no second look, nor do lengths of time.
  const isSound = kind === 'seconds' ? Number.isFinite(value) : kind === 'count' && Number.isSafeInteger(value);
  if (isSound && typeof value === 'number' && value >= 0) {
    to[field] = value;
    return;
  }
  // One set of rules for text and numbers: the shortest decimal form of a number is read like a cell.
  to[field] = check[kind](String(value));
}

function timeOf(value: unknown, check: RowCheck): number | null {
  if (typeof value === 'number' || typeof value === 'bigint') return epochSeconds(Number(value));
  return typeof value === 'string' ? check.time(value) : null;
}
