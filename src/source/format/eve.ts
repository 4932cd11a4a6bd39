/** Suricata's eve.json: the `flow` events, one JSON object per line. Bytes are those of frames. */
import type { Conn } from '../../flow/conn.ts';
import { unsetConn } from '../column/conn-fields.ts';
import { connState, flagsOf } from '../column/conn-state.ts';
import { serviceOf, setProto } from '../column/protocol.ts';
import type { RowCheck } from '../column/row-check.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { setBytes } from '../layer-bytes.ts';
import { type JsonObject, objectReader, parseObject } from '../text/json-rows.ts';
import { forEachLine } from '../text/lines.ts';

export const eve = defineFlowFormat({
  format: 'eve',
  title: 'Suricata EVE',
  recognise(head) {
    const first = parseObject(head.firstLine);
    return first !== null && Object.hasOwn(first, 'event_type') && Object.hasOwn(first, 'timestamp');
  },
  read(input, _head, rows) {
    const { check, tally } = rows;
    const read = objectReader(tally, (event, line) => {
      // Alerts, DNS answers and statistics share the file: they are no rows of this table, and are only counted.
      if (event.event_type !== 'flow') {
        tally.weird('eve.other_event');
        return;
      }
      check.begin();
      rows.offer(connOfEvent(event, check), line);
    });
    return forEachLine(input.chunks, input.name, read);
  },
});

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
