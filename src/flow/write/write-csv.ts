/**
 * Connection records as CSV (RFC 4180) under Zeek's names; `-` is unset, `(empty)` the empty set, as in a conn.log.
 * Text that a spreadsheet would take for a formula gets an apostrophe in front, which our CSV reader takes off again.
 */
import type { Conn } from '../conn.ts';

type Field = Exclude<keyof Conn, 'coarse_ts'>;

const fields: readonly Field[] = [
  'ts',
  'uid',
  'id_orig_h',
  'id_orig_p',
  'id_resp_h',
  'id_resp_p',
  'proto',
  'service',
  'duration',
  'orig_bytes',
  'resp_bytes',
  'conn_state',
  'local_orig',
  'local_resp',
  'missed_bytes',
  'history',
  'orig_pkts',
  'orig_ip_bytes',
  'resp_pkts',
  'resp_ip_bytes',
  'tunnel_parents',
  'ip_proto',
  'orig_l2_addr',
  'resp_l2_addr',
  'vlan',
  'own_service',
  'label',
  'detailed_label',
];

const UNSET = '-';
const EMPTY = '(empty)';
/** What Excel and LibreOffice take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** The header line, with its line end. */
export const csvHeader = (): string => `${fields.map((field) => field.replace(/^id_/, 'id.')).join(',')}\n`;

/** One row, with its line end. */
export function csvRow(conn: Conn): string {
  let row = '';
  for (const field of fields) row += `${row === '' ? '' : ','}${cell(field, conn[field])}`;
  return `${row}\n`;
}

function cell(field: Field, value: Conn[Field]): string {
  if (value === null) return UNSET;
  if (typeof value === 'number') return field === 'ts' || field === 'duration' ? value.toFixed(6) : String(value);
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (typeof value === 'string') return text(value);
  return value.length === 0 ? EMPTY : text(value.join(','));
}

function text(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
