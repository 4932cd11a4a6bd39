/**
 * Argus flows as `ra` prints them with commas or tabs (binetflow: CTU-13, Stratosphere). Bytes are those of frames.
 * Rows of ARP and LLC are records too, of unknown transport; what Argus says about itself (`man`) is not.
 */
import type { Conn } from '../../flow/conn.ts';
import { FOUR_FEATURES, unsetConn } from '../column/conn-fields.ts';
import { connState, flagLetters } from '../column/conn-state.ts';
import { setProto } from '../column/protocol.ts';
import type { RowCheck } from '../column/row-check.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { setBytes } from '../layer-bytes.ts';
import { NamedColumns, plainName } from '../text/named-columns.ts';
import { readTable } from '../text/table.ts';

const MAC = /^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i;
const SMALL = /^(25[0-5]|2[0-4]\d|1?\d?\d)$/;
/** `S_RA`: the flags that the source has sent, and the destination. */
const FLAGS = /^([A-Z]*)_([A-Z]*)$/;

export const argus = defineFlowFormat({
  format: 'argus',
  title: 'Argus',
  recognise(head) {
    const names = new Set(head.columns.map(plainName));
    return ['srcaddr', 'dstaddr', 'dir', 'proto'].every((name) => names.has(name));
  },
  read: (input, head, rows, { required = FOUR_FEATURES }) =>
    readTable(input, head, rows, (header) => {
      const columns = new NamedColumns(input.name, header);
      const at = {
        start: columns.need('starttime', 'stime'),
        duration: columns.find('dur'),
        proto: columns.need('proto'),
        source: columns.need('srcaddr'),
        sourcePort: columns.find('sport'),
        direction: columns.need('dir'),
        destination: columns.need('dstaddr'),
        destinationPort: columns.find('dport'),
        state: columns.find('state'),
        packets: columns.find('totpkts', 'pkts'),
        bytes: columns.find('totbytes', 'bytes'),
        sourcePackets: columns.find('srcpkts', 'spkts'),
        // What ra prints unless it is told otherwise has no counts of the sides: who spoke with whom, and no more.
        sourceBytes: required.length > 0 ? columns.need('srcbytes', 'sbytes') : columns.find('srcbytes', 'sbytes'),
        destinationPackets: columns.find('dstpkts', 'dpkts'),
        destinationBytes: columns.find('dstbytes', 'dbytes'),
        sourceMac: columns.find('srcmac', 'smac'),
        destinationMac: columns.find('dstmac', 'dmac'),
        vlan: columns.find('svlan', 'svid'),
        label: columns.find('label'),
      };
      if (at.packets < 0 && (at.sourcePackets < 0 || at.destinationPackets < 0)) columns.need('totpkts');
      if (at.bytes < 0 && (at.sourceBytes < 0 || at.destinationBytes < 0)) columns.need('totbytes');
      return (cells, check) => {
        const count = (i: number): number | null => (i < 0 ? null : check.requiredCount(cells[i]));
        if (cells[at.proto].trim() === 'man') {
          rows.tally.weird('argus.management_record');
          return null;
        }
        const conn = unsetConn('');
        conn.ts = check.time(cells[at.start]);
        conn.duration = at.duration < 0 ? null : check.seconds(cells[at.duration]);
        setProto(conn, check.text(cells[at.proto]));
        setAddresses(conn, check.address(cells[at.source]), check.address(cells[at.destination]));
        conn.orig_l2_addr ??= at.sourceMac < 0 ? null : check.text(cells[at.sourceMac]);
        conn.resp_l2_addr ??= at.destinationMac < 0 ? null : check.text(cells[at.destinationMac]);
        setPorts(conn, cells[at.sourcePort] ?? '', cells[at.destinationPort] ?? '');
        conn.vlan = at.vlan < 0 ? null : check.count(cells[at.vlan]);
        conn.label = at.label < 0 ? null : check.text(cells[at.label]);
        const sent = count(at.sourceBytes);
        const sentPackets = count(at.sourcePackets);
        const bytes = at.bytes < 0 ? sum(sent, count(at.destinationBytes)) : count(at.bytes);
        const packets = at.packets < 0 ? sum(sentPackets, count(at.destinationPackets)) : count(at.packets);
        if (at.sourceBytes < 0) rows.tally.weird('argus.sides_unknown');
        if (bytes !== null && sent !== null && packets !== null) {
          setTraffic(conn, { bytes, sent, packets, sentPackets }, check);
          if (sentPackets === null) rows.tally.weird('argus.packets_of_source_estimated');
        }
        const flags = FLAGS.exec(check.text(cells[at.state]) ?? '');
        conn.conn_state = connState(conn, flags && flagLetters(flags[1]), flags && flagLetters(flags[2]));
        // `<->` is no direction but an answer; only the arrow to the left turns the roles round.
        return /^<[-?]$/.test(cells[at.direction].trim()) ? reversed(conn) : conn;
      };
    }),
});

const sum = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? null : one + other;

/** LLC and the like have hardware addresses, or a zero where there is none. */
function setAddresses(conn: Conn, source: string | null, destination: string | null): void {
  if (source !== null && MAC.test(source)) conn.orig_l2_addr = source;
  else if (source !== '0') conn.id_orig_h = source;
  if (destination !== null && MAC.test(destination)) conn.resp_l2_addr = destination;
  else if (destination !== '0') conn.id_resp_h = destination;
}

/**
 * ICMP has type and code as one hexadecimal number where a port would be, or (ICMPv6) each in one; names of services are not ports.
 */
function setPorts(conn: Conn, source: string, destination: string): void {
  if (conn.proto === 'icmp' && SMALL.test(source) && SMALL.test(destination)) {
    [conn.id_orig_p, conn.id_resp_p] = [Number(source), Number(destination)];
    return;
  }
  if (conn.proto === 'icmp') {
    const value = /^0x[0-9a-f]{1,4}$/i.test(source) ? Number(source) : null;
    conn.id_orig_p = value === null ? null : value > 0xff ? value >> 8 : value;
    conn.id_resp_p = value === null ? null : value > 0xff ? value & 0xff : 0;
    return;
  }
  conn.id_orig_p = portOf(source);
  conn.id_resp_p = portOf(destination);
}

function portOf(text: string): number | null {
  const value = /^(\d{1,5}|0x[0-9a-f]{1,4})$/i.test(text.trim()) ? Number(text) : null;
  return value !== null && value <= 65_535 ? value : null;
}

interface Traffic {
  bytes: number;
  /** Bytes and packets of the source; older exports lack the packets. */
  sent: number;
  packets: number;
  sentPackets: number | null;
}

function setTraffic(conn: Conn, { bytes, sent, packets, sentPackets }: Traffic, check: RowCheck): void {
  const own = sentPackets ?? shareOfPackets(bytes, sent, packets);
  if (sent > bytes || own > packets) {
    check.fail('row.parts_exceed_total');
    return;
  }
  conn.orig_pkts = own;
  conn.resp_pkts = packets - own;
  const isIp = conn.id_orig_h !== null && conn.proto !== 'unknown_transport';
  setBytes(conn, sent, bytes - sent, isIp ? 'frame' : 'payload');
}

/** By the share of bytes, and at least one for each side that has sent any. */
function shareOfPackets(bytes: number, sent: number, packets: number): number {
  if (sent >= bytes) return packets;
  if (sent === 0) return 0;
  if (packets < 2) return packets;
  return Math.min(packets - 1, Math.max(1, Math.round((packets * sent) / bytes)));
}

/** `<-`: the destination has started it. */
function reversed(conn: Conn): Conn {
  return {
    ...conn,
    id_orig_h: conn.id_resp_h,
    id_orig_p: conn.id_resp_p,
    id_resp_h: conn.id_orig_h,
    id_resp_p: conn.id_orig_p,
    orig_pkts: conn.resp_pkts,
    resp_pkts: conn.orig_pkts,
    orig_bytes: conn.resp_bytes,
    resp_bytes: conn.orig_bytes,
    orig_ip_bytes: conn.resp_ip_bytes,
    resp_ip_bytes: conn.orig_ip_bytes,
    orig_l2_addr: conn.resp_l2_addr,
    resp_l2_addr: conn.orig_l2_addr,
    conn_state: reversedState[conn.conn_state ?? ''] ?? conn.conn_state,
  };
}

const reversedState: Readonly<Record<string, string>> = { S0: 'SHR', SHR: 'S0' };
