/** JSON lines → connection records, by Zeek's names or by a mapping. Only known names are ever looked up. */
import type { Conn } from '../flow/conn.ts';
import { type ConnField, columnOf, connFields, unsetConn } from './conn-fields.ts';
import type { ColumnMapping } from './flow-format.ts';
import type { RowCheck } from './row-check.ts';
import type { Rows } from './rows.ts';
import type { Tally } from './tally.ts';
import { epochSeconds } from './time.ts';

export type JsonObject = Record<string, unknown>;

/** Null unless the text is one JSON object. */
export function parseObject(text: string): JsonObject | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}

/** Hands each line that is a JSON object on; other lines are refused as `row.not_json`. */
export const objectReader =
  (tally: Tally, onObject: (object: JsonObject, line: number) => void) =>
  (line: string, number: number): void => {
    // U+FEFF is white space to trim(), so a byte order mark does no harm here.
    const text = line.trim();
    if (text === '') return;
    const object = parseObject(text);
    if (object === null) tally.reject('row.not_json', number);
    else onObject(object, number);
  };

/** Reads one line after the other; `mapping` comes before Zeek's names. */
export function jsonLineReader(rows: Rows, mapping: ColumnMapping = {}): (line: string, number: number) => void {
  const names = namesOf(mapping);
  const { check } = rows;
  return objectReader(rows.tally, (object, line) => {
    check.begin();
    const conn = unsetConn('');
    for (const { field, name, path } of names) {
      const value = Object.hasOwn(object, name) ? object[name] : path && lookUp(object, path);
      if (value !== undefined && value !== null) setField(conn, field, value, check);
    }
    rows.offer(conn, line);
  });
}

interface Name {
  field: ConnField;
  name: string;
  /** Steps into nested objects; null for names at the top. */
  path: string[] | null;
}

/** Labelled and flattened logs write some names in other ways; later names win. */
function namesOf(mapping: ColumnMapping): Name[] {
  const mapped = new Set(Object.values(mapping));
  const names: Name[] = [];
  for (const field of Object.keys(connFields) as ConnField[]) {
    if (mapped.has(field)) continue;
    const ways = new Set([
      columnOf(field),
      field,
      ...(field === 'detailed_label' ? ['detailed-label', 'detailedlabel'] : []),
    ]);
    for (const name of ways) names.push({ field, name, path: null });
  }
  for (const [name, field] of Object.entries(mapping)) names.push({ field, name, path: name.split('.') });
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

/** Sets one field from a JSON or Parquet value; numbers may be numbers, bigints or text. */
export function setField(conn: Conn, field: ConnField, value: unknown, check: RowCheck): void {
  const to = conn as unknown as Record<ConnField, unknown>;
  const kind = connFields[field];
  if (kind === 'text') {
    if (typeof value === 'object') check.fail('row.not_text');
    else to[field] = check.text(String(value)) ?? (field === 'uid' ? '' : null);
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
  // One set of rules for text and numbers: the shortest decimal form of a number is read like a cell.
  to[field] = check[kind](String(value));
}

function timeOf(value: unknown, check: RowCheck): number | null {
  if (typeof value === 'number' || typeof value === 'bigint') return epochSeconds(Number(value));
  return typeof value === 'string' ? check.time(value) : null;
}
