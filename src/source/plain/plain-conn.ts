/** A record whose values were read one after the other, in any order. */
import type { Conn } from '../../flow/conn.ts';
import { type ConnField, connFields, fieldNames } from '../column/conn-fields.ts';
import { RowCheck } from '../column/row-check.ts';
import { PlainTexts } from './plain-value.ts';

/** What stands in a column, as numbers: this is asked for every cell. */
export const IGNORED = 0;
export const COUNT = 1;
export const PORT = 2;
export const TIME = 3;
export const SECONDS = 4;
export const ADDRESS = 5;
export const PROTO = 6;
export const FLAG = 7;
export const TEXT = 8;
export const SET = 9;
/** A text that is another in each row. */
export const UID = 10;

const kinds = {
  count: COUNT,
  port: PORT,
  time: TIME,
  seconds: SECONDS,
  address: ADDRESS,
  proto: PROTO,
  flag: FLAG,
  text: TEXT,
  set: SET,
} as const;

export const kindOf = (field: ConnField): number => (field === 'uid' ? UID : kinds[connFields[field]]);

/** Where a field lies among the values. */
export const slotOf = (field: ConnField): number => fieldNames.indexOf(field);
export const SLOTS = fieldNames.length;

const slots = Object.fromEntries(fieldNames.map((field, slot) => [field, slot])) as Record<ConnField, number>;
const {
  ts,
  uid,
  id_orig_h,
  id_orig_p,
  id_resp_h,
  id_resp_p,
  proto,
  ip_proto,
  service,
  own_service,
  duration,
  orig_bytes,
  resp_bytes,
  conn_state,
  local_orig,
  local_resp,
  missed_bytes,
  history,
  orig_pkts,
  orig_ip_bytes,
  resp_pkts,
  resp_ip_bytes,
  tunnel_parents,
  orig_l2_addr,
  resp_l2_addr,
  vlan,
  label,
  detailed_label,
} = slots;

// biome-ignore lint/suspicious/noExplicitAny: one array for the values of all fields.
export type Values = any[];

/** One shape for all records, made in one step: setting field after field by name costs more than reading the row. */
export const connOfValues = (v: Values): Conn => ({
  ts: v[ts],
  uid: v[uid] ?? '',
  id_orig_h: v[id_orig_h],
  id_orig_p: v[id_orig_p],
  id_resp_h: v[id_resp_h],
  id_resp_p: v[id_resp_p],
  proto: v[proto],
  ip_proto: v[ip_proto],
  service: v[service],
  own_service: v[own_service],
  duration: v[duration],
  orig_bytes: v[orig_bytes],
  resp_bytes: v[resp_bytes],
  conn_state: v[conn_state],
  local_orig: v[local_orig],
  local_resp: v[local_resp],
  missed_bytes: v[missed_bytes],
  history: v[history],
  orig_pkts: v[orig_pkts],
  orig_ip_bytes: v[orig_ip_bytes],
  resp_pkts: v[resp_pkts],
  resp_ip_bytes: v[resp_ip_bytes],
  tunnel_parents: v[tunnel_parents],
  orig_l2_addr: v[orig_l2_addr],
  resp_l2_addr: v[resp_l2_addr],
  vlan: v[vlan],
  label: v[label],
  detailed_label: v[detailed_label],
});

/** The texts of a file, each kind by its own rule. */
export interface KnownTexts {
  texts: PlainTexts;
  addresses: PlainTexts;
  protos: PlainTexts;
}

export function knownTexts(): KnownTexts {
  const check = new RowCheck();
  const sound = (read: (text: string) => string | null) => (text: string) => {
    check.begin();
    const value = read(text);
    return check.problem === null ? value : null;
  };
  return {
    texts: new PlainTexts(sound((text) => check.text(text))),
    addresses: new PlainTexts(sound((text) => check.address(text))),
    protos: new PlainTexts(sound((text) => check.proto(text))),
  };
}
