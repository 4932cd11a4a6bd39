/** Zeek's JSON log: one object per line, unset fields left out, `id.orig_h` with its dot. */
import { AppError } from '../../errors.ts';
import { type ConnField, columnOf } from '../column/conn-fields.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { type JsonObject, jsonLineReader, parseObject } from '../text/json-rows.ts';
import { forEachLine } from '../text/lines.ts';
import { list } from '../text/table.ts';

/** Fields of which every conn.log entry has some, whatever happened. */
const ALWAYS: readonly ConnField[] = ['orig_pkts', 'resp_pkts', 'conn_state'];

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
  const has = (name: string): boolean => Object.hasOwn(object, name);
  if (ALWAYS.some(has)) return null;
  return Object.keys(others).find((log) => others[log].some(has)) ?? '';
}

/** `line` is the first of the file. Throws `not_a_conn_log` and `missing_columns`. */
export function requireConnLog(file: string, line: string): void {
  const first = parseObject(line) ?? {};
  const other = otherLog(first);
  if (other === null) return;
  if (other !== '') throw new AppError('not_a_conn_log', { file, path: other });
  const missing = ALWAYS.map(columnOf).join(', ');
  throw new AppError('missing_columns', { file, missing, found: list(Object.keys(first)) || 'none' });
}

export const zeekJson = defineFlowFormat({
  format: 'zeek-json',
  title: 'Zeek',
  recognise(head) {
    const first = parseObject(head.firstLine);
    return (
      first !== null && Object.hasOwn(first, 'ts') && Object.hasOwn(first, 'uid') && Object.hasOwn(first, 'id.orig_h')
    );
  },
  read(input, head, rows) {
    requireConnLog(input.name, head.firstLine);
    return forEachLine(input.chunks, input.name, jsonLineReader(rows));
  },
});
