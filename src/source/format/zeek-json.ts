/** Zeek's JSON log: one object per line, unset fields left out, `id.orig_h` with its dot. */
import { AppError } from '../../errors.ts';
import { type ConnField, columnOf } from '../column/conn-fields.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { type JsonObject, parseObject } from '../text/json-object.ts';
import { forEachObject, jsonReader, plainReader } from '../text/json-rows.ts';
import { list } from '../text/table.ts';

/** Fields of which every conn.log entry has some, whatever happened. */
const ALWAYS: readonly ConnField[] = ['orig_pkts', 'resp_pkts', 'conn_state'];

/** Fields that entries of a conn.log have, and none of the logs above without a field of its own. */
const OFTEN: readonly ConnField[] = [
  'proto',
  'service',
  'orig_bytes',
  'resp_bytes',
  'missed_bytes',
  'duration',
  'history',
];

/** What only entries of another log have: its name, and its fields. */
const others: Readonly<Record<string, readonly string[]>> = {
  dns: ['query', 'trans_id', 'qtype'],
  ssl: ['cipher', 'server_name', 'ssl_history', 'ja3'],
  http: ['method', 'uri', 'status_code', 'trans_depth'],
  ssh: ['auth_attempts', 'auth_success', 'hassh'],
  files: ['fuid', 'mime_type'],
  weird: ['name', 'notice'],
  ntp: ['stratum'],
  ftp: ['command'],
  smtp: ['helo', 'mailfrom'],
};

/** Null where the object may be an entry of a conn.log, else the name of the log that it is from ('' where unknown). */
function otherLog(object: JsonObject): string | null {
  if (typeof object._path === 'string') return object._path === 'conn' ? null : object._path;
  const has = (name: string): boolean => Object.hasOwn(object, name);
  if (ALWAYS.some(has)) return null;
  const other = Object.keys(others).find((log) => others[log].some(has));
  if (other !== undefined) return other;
  // Records that were made from other sources may lack all three; no other log has these.
  return OFTEN.some(has) ? null : '';
}

/** Some ways to a stream put the name of the log around each entry: `{"conn": {…}}`. */
function entryOf(object: JsonObject): JsonObject {
  const { conn } = object;
  return typeof conn === 'object' && conn !== null && !Array.isArray(conn) ? (conn as JsonObject) : object;
}

const refuse = (file: string, other: string, object: JsonObject): AppError => {
  if (other !== '') return new AppError('not_a_conn_log', { file, path: other.slice(0, 40) });
  const missing = ALWAYS.map(columnOf).join(', ');
  return new AppError('missing_columns', { file, missing, found: list(Object.keys(object)) || 'none' });
};

/** `line` is the first of the file. Throws `not_a_conn_log` and `missing_columns`. */
export function requireConnLog(file: string, line: string): void {
  const first = parseObject(line) ?? {};
  const other = otherLog(entryOf(first));
  if (other !== null) throw refuse(file, other, first);
}

const isEntry = (object: JsonObject): boolean => {
  const entry = entryOf(object);
  return Object.hasOwn(entry, 'ts') && (Object.hasOwn(entry, 'id.orig_h') || Object.hasOwn(entry, '_path'));
};

export const zeekJson = defineFlowFormat({
  format: 'zeek-json',
  title: 'Zeek',
  recognise: ({ objects }) =>
    objects.some((object) => isEntry(object) && (Object.hasOwn(entryOf(object), 'uid') || '_path' in object)),
  async read(input, head, rows) {
    const read = jsonReader(rows);
    let refused: AppError | null = null;
    let isConnLog = false;
    const onObject = (object: JsonObject, line: number): void => {
      const entry = entryOf(object);
      const other = otherLog(entry);
      if (other === null) {
        isConnLog = true;
        read(entry, line);
        return;
      }
      // A stream holds all logs; a file of another log alone is refused when nothing else has come.
      refused ??= refuse(input.name, other, object);
      rows.tally.weird('zeek.other_log');
    };
    const plain = plainReader(rows, ALWAYS);
    await forEachObject(input, head, rows.tally, onObject, (bytes, text, from, line) => {
      const behind = plain(bytes, text, from, line);
      isConnLog ||= behind > 0;
      return behind;
    });
    if (!isConnLog && refused !== null) throw refused;
  },
});
