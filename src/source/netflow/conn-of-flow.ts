/** An exported flow as a connection record. Bytes are those of IP packets. */
import type { Conn } from '../../flow/conn.ts';
import { unsetConn } from '../column/conn-fields.ts';
import { connState, flagsOf } from '../column/conn-state.ts';
import { setProto } from '../column/protocol.ts';
import { setBytes } from '../layer-bytes.ts';
import type { ExportedFlow } from './element.ts';

/** Null with a reason where the exporter did not say what a connection needs. */
export function connOfFlow(flow: ExportedFlow): Conn | string {
  if (flow.source === null || flow.destination === null) return 'netflow.no_addresses';
  if (flow.packets === null || flow.bytes === null) return 'netflow.no_counters';
  if (flow.packets > Number.MAX_SAFE_INTEGER || flow.bytes > Number.MAX_SAFE_INTEGER) return 'netflow.too_large';
  const conn = unsetConn('');
  // An exporter whose clock was never set claims to have started before 1970.
  conn.ts = flow.start === null || flow.start < 0 ? null : microseconds(flow.start);
  const seconds = flow.start === null || flow.end === null ? null : flow.end - flow.start;
  conn.duration = seconds === null || seconds < 0 ? null : microseconds(seconds);
  conn.id_orig_h = flow.source;
  conn.id_resp_h = flow.destination;
  setProto(conn, flow.proto === null ? null : String(flow.proto));
  setPorts(conn, flow);
  conn.orig_pkts = flow.packets;
  conn.resp_pkts = flow.answerPackets ?? 0;
  setBytes(conn, flow.bytes, flow.answerBytes ?? 0, 'ip');
  conn.orig_l2_addr = flow.sourceMac;
  conn.resp_l2_addr = flow.destinationMac;
  conn.vlan = flow.vlan || null;
  const answered = flow.answerFlags !== null || conn.resp_pkts === 0;
  conn.conn_state = connState(
    conn,
    answered ? flagsOf(flow.flags) : null,
    answered ? flagsOf(flow.answerFlags ?? 0) : null,
  );
  return conn;
}

/** ICMP: type and code stand in the destination port unless elements of their own were sent. */
function setPorts(conn: Conn, { sourcePort, destinationPort }: ExportedFlow): void {
  if (conn.proto === 'icmp' && !sourcePort && destinationPort !== null && destinationPort > 255) {
    conn.id_orig_p = destinationPort >> 8;
    conn.id_resp_p = destinationPort & 0xff;
    return;
  }
  conn.id_orig_p = sourcePort;
  conn.id_resp_p = destinationPort;
}

const microseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;
