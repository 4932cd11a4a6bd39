/**
 * Suricata's eve.json: the `flow` events, one JSON object per line, or where there are none the `netflow` events, two
 * of which make a connection. Bytes are those of frames.
 */
import type { Conn } from '../../flow/conn.ts';
import { unsetConn } from '../column/conn-fields.ts';
import { connState, flagsOf } from '../column/conn-state.ts';
import { serviceOf, setProto } from '../column/protocol.ts';
import type { RowCheck } from '../column/row-check.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { setBytes } from '../layer-bytes.ts';
import type { JsonObject } from '../text/json-object.ts';
import { forEachObject } from '../text/json-rows.ts';

export const eve = defineFlowFormat({
  format: 'eve',
  title: 'Suricata EVE',
  recognise: ({ objects }) =>
    objects.some((object) => Object.hasOwn(object, 'event_type') && Object.hasOwn(object, 'timestamp')),
  async read(input, head, rows) {
    const { check, tally } = rows;
    // Where both are logged, netflow events repeat what the flow events say.
    const hasFlows = head.objects.some(({ event_type }) => event_type === 'flow');
    const halves = new Halves((conn, line) => rows.offer(conn, line));
    await forEachObject(input, head, tally, (event, line) => {
      const isHalf = event.event_type === 'netflow' && !hasFlows;
      // Alerts, DNS answers and statistics share the file: they are no rows of this table, and are only counted.
      if (event.event_type !== 'flow' && !isHalf) {
        tally.weird(event.event_type === 'netflow' ? 'eve.netflow_beside_flow' : 'eve.other_event');
        return;
      }
      check.begin();
      if (!isHalf) rows.offer(connOfEvent(event, check), line);
      else if (halves.add(event, check, line) === 'bad') tally.reject(check.problem ?? 'row.empty', line);
    });
    check.begin();
    halves.flush();
  },
});

/** Connections of which the other direction may still come: it follows soon, under the same id. */
const MAX_HALVES = 4096;

/** Joins the netflow events of both directions; the first is that of the side that began. */
class Halves {
  readonly #waiting = new Map<string, { conn: Conn; event: JsonObject; line: number }>();
  readonly #onConn: (conn: Conn, line: number) => void;

  constructor(onConn: (conn: Conn, line: number) => void) {
    this.#onConn = onConn;
  }

  add(event: JsonObject, check: RowCheck, line: number): 'taken' | 'bad' {
    const { pkts, bytes, start, end } = objectIn(event, 'netflow');
    const key = `${cell(event.flow_id)}`;
    const first = this.#waiting.get(key);
    const isAnswer =
      first !== undefined && first.event.src_ip === event.dest_ip && first.event.src_port === event.dest_port;
    const counts = isAnswer
      ? { pkts_toserver: objectIn(first.event, 'netflow').pkts, bytes_toserver: objectIn(first.event, 'netflow').bytes }
      : { pkts_toserver: pkts, bytes_toserver: bytes, pkts_toclient: 0, bytes_toclient: 0 };
    const answer = isAnswer ? { pkts_toclient: pkts, bytes_toclient: bytes } : {};
    const flags = (from: JsonObject): unknown => objectIn(from, 'tcp').tcp_flags;
    const conn = connOfEvent(
      {
        ...(isAnswer ? first.event : event),
        flow: { start, end, ...counts, ...answer },
        tcp: { tcp_flags_ts: flags(isAnswer ? first.event : event), tcp_flags_tc: isAnswer ? flags(event) : '00' },
      },
      check,
    );
    if (check.problem !== null) return 'bad';
    if (isAnswer) {
      this.#waiting.delete(key);
      this.#onConn(conn, line);
      return 'taken';
    }
    if (first !== undefined || this.#waiting.size >= MAX_HALVES) this.#release(first === undefined ? null : key);
    this.#waiting.set(key, { conn, event, line });
    return 'taken';
  }

  flush(): void {
    while (this.#waiting.size > 0) this.#release(null);
  }

  /** @param key null for the oldest */
  #release(key: string | null): void {
    const oldest = key ?? this.#waiting.keys().next().value!;
    const { conn, line } = this.#waiting.get(oldest)!;
    this.#waiting.delete(oldest);
    this.#onConn(conn, line);
  }
}

function connOfEvent(event: JsonObject, check: RowCheck): Conn {
  const flow = objectIn(event, 'flow');
  const tcp = objectIn(event, 'tcp');
  const ether = objectIn(event, 'ether');
  const conn = unsetConn(event.flow_id === undefined ? '' : `F${cell(event.flow_id)}`);
  conn.ts = check.time(cell(flow.start ?? event.timestamp));
  const end = check.time(cell(flow.end));
  conn.duration = conn.ts === null || end === null || end < conn.ts ? null : Number((end - conn.ts).toFixed(6));
  conn.id_orig_h = check.address(cell(event.src_ip));
  conn.id_resp_h = check.address(cell(event.dest_ip));
  setProto(conn, check.text(cell(event.proto)));
  const icmp = conn.proto === 'icmp';
  conn.id_orig_p = check.port(cell(icmp ? event.icmp_type : event.src_port));
  conn.id_resp_p = check.port(cell(icmp ? event.icmp_code : event.dest_port));
  conn.service = serviceOf(check.text(cell(event.app_proto)));
  conn.orig_pkts = check.requiredCount(cell(flow.pkts_toserver));
  conn.resp_pkts = check.requiredCount(cell(flow.pkts_toclient));
  const bytes = check.requiredCount(cell(flow.bytes_toserver));
  setBytes(conn, bytes, check.requiredCount(cell(flow.bytes_toclient)), 'frame');
  const known = typeof tcp.tcp_flags_ts === 'string' && typeof tcp.tcp_flags_tc === 'string';
  conn.conn_state = connState(
    conn,
    known ? hexFlags(tcp.tcp_flags_ts) : null,
    known ? hexFlags(tcp.tcp_flags_tc) : null,
  );
  conn.orig_l2_addr = check.text(firstOf(ether.src_macs));
  conn.resp_l2_addr = check.text(firstOf(ether.dest_macs));
  conn.vlan = check.count(firstOf(event.vlan));
  return conn;
}

const hexFlags = (value: unknown) =>
  flagsOf(/^[0-9a-f]{1,2}$/i.test(String(value)) ? Number.parseInt(String(value), 16) : 0);

function objectIn(event: JsonObject, name: string): JsonObject {
  const value = Object.hasOwn(event, name) ? event[name] : null;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

const firstOf = (value: unknown): string | undefined => cell(Array.isArray(value) ? value[0] : value);

/** A JSON value as the text of a cell; objects, and what is not there, are no text. */
function cell(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
