/**
 * A connection as a history keeps it: seen from the device that it is counted for, with what the other end was called.
 * Names come from what is said in the clear: the greeting of the connection itself, else the look-up before it.
 */
import type { AppRecord } from '../../flow/app-record.ts';
import type { Conn } from '../../flow/conn.ts';
import { owningSide, scopeOf } from '../../packet/address-scope.ts';

type Kept =
  | ('uid' | 'orig_bytes' | 'resp_bytes' | 'orig_pkts' | 'resp_pkts' | 'duration' | 'service' | 'conn_state')
  | ('ip_proto' | 'history' | 'local_orig' | 'local_resp');

/** Fields of conn.log keep their names and units. */
export interface FlowRecord extends Pick<Conn, Kept> {
  ts: number;
  /** Link-layer address of the device where that is known, else its IP address. */
  device: string;
  /** IP address of the device, and of the other end. */
  own: string;
  peer: string;
  /** What the other end was greeted as, else what it was looked up by. */
  name: string | null;
  /** The device began it. */
  outward: boolean;
  orig_p: number | null;
  resp_p: number | null;
  /** JA4 fingerprint of the TLS client. */
  tls: string | null;
  /** Nats above ordinary. */
  score: number | null;
  /** It goes on: the numbers are those so far, and the same uid comes again. */
  open: boolean;
}

/** Greetings and look-ups that are remembered; the oldest makes room. */
const MOST_NAMES = 16_384;
const MOST_GREETINGS = 8_192;
const NUMBERS: Record<string, number> = { tcp: 6, udp: 17, icmp: 1 };

interface Greeting {
  name: string | null;
  tls: string | null;
}

export class FlowRecorder {
  readonly #macOf: (address: string) => string | null;
  /** By uid of the connection. */
  readonly #greetings = new Map<string, Greeting>();
  /** By address. */
  readonly #names = new Map<string, string>();

  constructor(macOf: (address: string) => string | null) {
    this.#macOf = macOf;
  }

  app(record: AppRecord): void {
    if (record.kind === 'tls') {
      this.#greet(record.uid, { name: record.server_name, tls: record.ja4 });
    } else if (record.kind === 'http') {
      if (!this.#greetings.has(record.uid)) this.#greet(record.uid, { name: hostOf(record.host), tls: null });
    } else if (record.kind === 'dns' && record.query !== null) {
      for (const answer of record.answers) {
        // What is no address is a name on the way to one.
        if (/^[\d.]+$|:/.test(answer)) put(this.#names, answer, record.query.toLowerCase(), MOST_NAMES);
      }
    }
  }

  /** Null where the record has no time or no addresses, or an address speaks to many at once from nowhere. */
  record(conn: Conn, score: number | null, open = false): FlowRecord | null {
    const { ts, id_orig_h, id_resp_h, uid } = conn;
    if (ts === null || id_orig_h === null || id_resp_h === null) return null;
    const outward = owningSide(scopeOf(id_orig_h), scopeOf(id_resp_h)) === 0;
    const [own, peer] = outward ? [id_orig_h, id_resp_h] : [id_resp_h, id_orig_h];
    const greeting = this.#greetings.get(uid);
    if (!open) this.#greetings.delete(uid);
    const { ip_proto, orig_bytes, resp_bytes, orig_pkts, resp_pkts, duration, conn_state, history } = conn;
    return {
      ...{ ts, uid, own, peer, outward, score, open },
      device: this.#macOf(own) ?? own,
      name: greeting?.name ?? this.#names.get(peer) ?? null,
      tls: greeting?.tls ?? null,
      orig_p: conn.id_orig_p,
      resp_p: conn.id_resp_p,
      ip_proto: ip_proto ?? (conn.proto === null ? null : (NUMBERS[conn.proto] ?? null)),
      service: conn.service ?? conn.own_service,
      ...{ orig_bytes, resp_bytes, orig_pkts, resp_pkts, duration, conn_state, history },
      ...{ local_orig: conn.local_orig, local_resp: conn.local_resp },
    };
  }

  #greet(uid: string, greeting: Greeting): void {
    put(this.#greetings, uid, greeting, MOST_GREETINGS);
  }
}

/** The header may name a port, or an address, which is no name. */
function hostOf(host: string | null): string | null {
  const name = host?.replace(/:\d+$/, '').toLowerCase() ?? '';
  return name === '' || /^[\d.]+$|[[:]/.test(name) ? null : name;
}

function put<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  if (map.size >= most) map.delete(map.keys().next().value!);
  map.set(key, value);
}

const NAMES: Record<number, string> = { 6: 'tcp', 17: 'udp', 1: 'icmp', 58: 'icmp' };

/** The record of conn.log again; what a history does not keep is unset. */
export function connOf(record: Omit<FlowRecord, 'score' | 'open'>): Conn {
  const { ts, uid, own, peer, outward, ip_proto, service, duration, orig_bytes, resp_bytes, conn_state } = record;
  return {
    ...{ ts, uid, id_orig_h: outward ? own : peer, id_orig_p: record.orig_p },
    ...{ id_resp_h: outward ? peer : own, id_resp_p: record.resp_p },
    proto: ip_proto === null ? null : (NAMES[ip_proto] ?? 'unknown_transport'),
    ...{ ip_proto, service, own_service: null, duration, orig_bytes, resp_bytes, conn_state },
    ...{ local_orig: record.local_orig, local_resp: record.local_resp, missed_bytes: null, history: record.history },
    ...{ orig_pkts: record.orig_pkts, orig_ip_bytes: null, resp_pkts: record.resp_pkts, resp_ip_bytes: null },
    ...{ tunnel_parents: null, orig_l2_addr: null, resp_l2_addr: null, vlan: null, label: null, detailed_label: null },
  };
}
