/** The fields of a connection record by name, and a record from the cells of a table that has them as columns. */
import type { Conn } from '../../flow/conn.ts';
import type { RowCheck } from './row-check.ts';

/** How the text of a field is read. */
type FieldKind = 'time' | 'seconds' | 'count' | 'address' | 'port' | 'proto' | 'flag' | 'text' | 'set';

export const connFields: Readonly<Record<Exclude<keyof Conn, 'coarse_ts'>, FieldKind>> = {
  ts: 'time',
  uid: 'text',
  id_orig_h: 'address',
  id_orig_p: 'port',
  id_resp_h: 'address',
  id_resp_p: 'port',
  proto: 'proto',
  ip_proto: 'count',
  service: 'text',
  own_service: 'text',
  duration: 'seconds',
  orig_bytes: 'count',
  resp_bytes: 'count',
  conn_state: 'text',
  local_orig: 'flag',
  local_resp: 'flag',
  missed_bytes: 'count',
  history: 'text',
  orig_pkts: 'count',
  orig_ip_bytes: 'count',
  resp_pkts: 'count',
  resp_ip_bytes: 'count',
  tunnel_parents: 'set',
  orig_l2_addr: 'text',
  resp_l2_addr: 'text',
  vlan: 'count',
  label: 'text',
  detailed_label: 'text',
};

export type ConnField = keyof typeof connFields;
export const fieldNames = Object.keys(connFields) as ConnField[];

/** What the published design reads from each row; a table without one of them cannot be scored. */
export const FOUR_FEATURES = ['orig_pkts', 'resp_pkts', 'orig_bytes', 'resp_bytes'] as const satisfies ConnField[];

/** Either makes a record of a connection, where nothing is to be scored: who spoke with whom, or how much. */
export const CONNECTION: readonly (readonly ConnField[])[] = [['id_orig_h', 'id_resp_h'], FOUR_FEATURES];

/** Names of the fields that are needed and not there: `required`, and what makes a record of a connection. */
export function missingFields(has: (field: ConnField) => boolean, required: readonly ConnField[]): string[] {
  const absent = (fields: readonly ConnField[]): string[] => fields.filter((field) => !has(field)).map(columnOf);
  const missing = absent(required);
  if (missing.length > 0 || CONNECTION.some((fields) => absent(fields).length === 0)) return missing;
  return absent(CONNECTION[0]);
}

const aliases = new Map<string, ConnField>([
  ['orig_h', 'id_orig_h'],
  ['orig_p', 'id_orig_p'],
  ['resp_h', 'id_resp_h'],
  ['resp_p', 'id_resp_p'],
  ['detailedlabel', 'detailed_label'],
]);

/** `id.orig_h`, `ID_ORIG_H`, `orig_h` and `detailed-label` are the fields that they look like. */
export function fieldOf(column: string): ConnField | null {
  const name = column
    .trim()
    .toLowerCase()
    .replaceAll(/[.\- ]/g, '_');
  if (Object.hasOwn(connFields, name)) return name as ConnField;
  return aliases.get(name) ?? null;
}

/** The name in a log: Zeek's, with the dot. */
export const columnOf = (field: ConnField): string => field.replace(/^id_/, 'id.');

/** Which cell holds which field; -1 where no column does. */
export type FieldIndex = Record<ConnField, number>;

export function emptyIndex(): FieldIndex {
  return Object.fromEntries(Object.keys(connFields).map((field) => [field, -1])) as FieldIndex;
}

/** A record that knows nothing yet. */
export const unsetConn = (uid: string): Conn => ({
  ts: null,
  uid,
  id_orig_h: null,
  id_orig_p: null,
  id_resp_h: null,
  id_resp_p: null,
  proto: null,
  ip_proto: null,
  service: null,
  own_service: null,
  duration: null,
  orig_bytes: null,
  resp_bytes: null,
  conn_state: null,
  local_orig: null,
  local_resp: null,
  missed_bytes: null,
  history: null,
  orig_pkts: null,
  orig_ip_bytes: null,
  resp_pkts: null,
  resp_ip_bytes: null,
  tunnel_parents: null,
  orig_l2_addr: null,
  resp_l2_addr: null,
  vlan: null,
  label: null,
  detailed_label: null,
});

/**
 * One record from one row. Written out field by field: one object shape and no look-ups by name, which is most of
 * the speed of the text readers. `uid` is '' where the table has none. `check.problem` says whether it is good.
 */
export function connOf(cells: string[], at: FieldIndex, check: RowCheck): Conn {
  const text = (i: number): string | null => (i < 0 ? null : check.text(cells[i]));
  const address = (i: number): string | null => (i < 0 ? null : check.address(cells[i]));
  const port = (i: number): number | null => (i < 0 ? null : check.port(cells[i]));
  const count = (i: number): number | null => (i < 0 ? null : check.count(cells[i]));
  const required = (i: number): number | null => (i < 0 ? null : check.requiredCount(cells[i]));
  const flag = (i: number): boolean | null => (i < 0 ? null : check.flag(cells[i]));
  return {
    ts: at.ts < 0 ? null : check.time(cells[at.ts]),
    uid: text(at.uid) ?? '',
    id_orig_h: address(at.id_orig_h),
    id_orig_p: port(at.id_orig_p),
    id_resp_h: address(at.id_resp_h),
    id_resp_p: port(at.id_resp_p),
    proto: at.proto < 0 ? null : check.proto(cells[at.proto]),
    ip_proto: count(at.ip_proto),
    service: text(at.service),
    own_service: text(at.own_service),
    duration: at.duration < 0 ? null : check.seconds(cells[at.duration]),
    orig_bytes: required(at.orig_bytes),
    resp_bytes: required(at.resp_bytes),
    conn_state: text(at.conn_state),
    local_orig: flag(at.local_orig),
    local_resp: flag(at.local_resp),
    missed_bytes: count(at.missed_bytes),
    history: text(at.history),
    orig_pkts: required(at.orig_pkts),
    orig_ip_bytes: count(at.orig_ip_bytes),
    resp_pkts: required(at.resp_pkts),
    resp_ip_bytes: count(at.resp_ip_bytes),
    tunnel_parents: at.tunnel_parents < 0 ? null : set(text(at.tunnel_parents)),
    orig_l2_addr: text(at.orig_l2_addr),
    resp_l2_addr: text(at.resp_l2_addr),
    vlan: count(at.vlan),
    label: text(at.label),
    detailed_label: text(at.detailed_label),
  };
}

/** '(empty)' is Zeek's set without members. */
const set = (text: string | null): string[] | null =>
  text === null ? null : text === '(empty)' ? [] : text.split(',');
