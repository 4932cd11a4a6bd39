/** An exported flow as a connection record. Bytes are those of IP packets. */
import type { Conn } from '../../flow/conn.ts';
import { unsetConn } from '../column/conn-fields.ts';
import { connState, flagsOf } from '../column/conn-state.ts';
import { serviceOf, setProto } from '../column/protocol.ts';
import { setBytes } from '../layer-bytes.ts';
import type { ExportedFlow } from './exported-flow.ts';

/** Of a firewall that has let nothing through: the one packet that asked. */
const DENIED = 3;

/** Null with a reason where the exporter did not say what a connection needs. */
export function connOfFlow(flow: ExportedFlow): Conn | string {
  if (flow.source === null || flow.destination === null) return 'netflow.no_addresses';
  const isDenied = flow.event === DENIED && !flow.packets && !flow.bytes;
  if (flow.packets === null && flow.bytes === null && !isDenied) return 'netflow.no_counters';
  const counters = [flow.packets, flow.bytes, flow.answerPackets, flow.answerBytes];
  if (counters.some((value) => value !== null && value > Number.MAX_SAFE_INTEGER)) return 'netflow.too_large';
  const conn = unsetConn('');
  conn.ts = flow.start === null ? null : microseconds(flow.start);
  if (flow.isCoarse || flow.isEstimate) conn.coarse_ts = true;
  conn.duration = flow.length === null || flow.length < 0 ? null : microseconds(flow.length);
  conn.id_orig_h = flow.source;
  // Behind a router that translates, answers go to its own address first: the one behind it is who is meant.
  const isTranslated = flow.postDestination !== null && flow.postDestination !== flow.destination;
  conn.id_resp_h = isTranslated ? flow.postDestination : flow.destination;
  setProto(conn, flow.proto === null ? null : String(flow.proto));
  setPorts(conn, flow);
  // Firewalls may count bytes alone.
  const answers = flow.answerPackets ?? (flow.packets === null && !isDenied ? null : 0);
  conn.orig_pkts = isDenied ? 1 : flow.packets;
  conn.resp_pkts = answers;
  setBytes(
    conn,
    flow.bytes ?? (isDenied ? 0 : null),
    flow.answerBytes ?? (flow.bytes === null && !isDenied ? null : 0),
    'ip',
  );
  conn.orig_l2_addr = flow.sourceMac;
  conn.resp_l2_addr = flow.destinationMac;
  conn.vlan = flow.vlan || null;
  conn.service = serviceOf(flow.service);
  if (isDenied) conn.conn_state = conn.proto === 'tcp' || conn.proto === 'udp' ? 'S0' : 'OTH';
  else conn.conn_state = flow.isEstimate ? null : stateOf(conn, flow);
  return conn;
}

/** TCP's state needs the flags of both sides; a side that has sent nothing has sent none. */
function stateOf(conn: Conn, { flags, answerFlags }: ExportedFlow): string | null {
  const answered = conn.resp_pkts === 0 ? (answerFlags ?? 0) : answerFlags;
  const isKnown = flags !== null && answered !== null;
  return connState(conn, isKnown ? flagsOf(flags) : null, isKnown ? flagsOf(answered) : null);
}

function setPorts(conn: Conn, flow: ExportedFlow): void {
  if (conn.proto === 'icmp') [conn.id_orig_p, conn.id_resp_p] = typeAndCode(flow);
  else {
    conn.id_orig_p = flow.sourcePort;
    const isTranslated = flow.postDestination !== null && flow.postDestination !== flow.destination;
    conn.id_resp_p = isTranslated && flow.postDestinationPort ? flow.postDestinationPort : flow.destinationPort;
  }
}

/**
 * Elements of their own first; else type * 256 + code, in one element or in the destination port, as routers do that
 * have no such element. Templates of all protocols have them too: there they are zero and say nothing.
 */
function typeAndCode(flow: ExportedFlow): [number | null, number | null] {
  if (flow.icmpType !== null) return [flow.icmpType & 0xff, (flow.icmpCode ?? 0) & 0xff];
  const both = flow.proto === 58 ? (flow.icmp6 ?? flow.icmp4) : (flow.icmp4 ?? flow.icmp6);
  const { sourcePort, destinationPort } = flow;
  if (both !== null && (both !== 0 || !destinationPort)) return [(both >> 8) & 0xff, both & 0xff];
  if (destinationPort === null) return [null, null];
  // Small numbers in both ports are type and code, each for itself.
  if (sourcePort && sourcePort <= 0xff && destinationPort <= 0xff) return [sourcePort, destinationPort];
  return [destinationPort >> 8, destinationPort & 0xff];
}

const microseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;
