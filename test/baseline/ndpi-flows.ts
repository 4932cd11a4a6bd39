/** Flows as nDPI's test results count them: by addresses, ports and protocol, both directions together. */
import { readFileSync } from 'node:fs';
import type { Conn } from '../../src/flow/conn.ts';
import { createConnectionTable } from '../../src/flow/table/connection-table.ts';
import { formatIpv4, formatIpv6, parseAddress } from '../../src/packet/address.ts';
import { decodePacket, decodeTransport, decodeTunnel, TUNNEL_HEADER, TUNNEL_PACKET } from '../../src/packet/decode.ts';
import { CAPWAP, tunnelKind } from '../../src/packet/layers/network/tunnel.ts';
import { Packet } from '../../src/packet/packet.ts';
import { readCapture } from '../../src/source/capture/read-capture.ts';

export interface Count {
  packets: number;
  /** Of the frames that carried them. */
  bytes: number;
}
export type Flows = Map<string, Count>;

const names: Record<number, string> = {
  ...{ 1: 'ICMP', 2: 'IGMP', 4: 'IPIP', 6: 'TCP', 17: 'UDP', 47: 'GRE', 50: 'ESP', 51: 'AH', 58: 'ICMPV6' },
  ...{ 89: 'OSPF', 103: 'PIM', 112: 'VRRP', 132: 'SCTP' },
};

function keyOf(proto: string, a: string, aPort: number, b: string, bPort: number): string {
  const ends = [`${a} ${aPort}`, `${b} ${bPort}`].sort();
  return `${proto} ${ends.join(' ')}`;
}

function add(flows: Flows, key: string, packets: number, bytes: number): void {
  const count = flows.get(key) ?? { packets: 0, bytes: 0 };
  flows.set(key, { packets: count.packets + packets, bytes: count.bytes + bytes });
}

const LINE =
  /^\t\d+\t(\S+) (\S+) (?:<->|->) (\S+?) ?\[.*?\[(\d+) pkts\/(\d+) bytes (?:<->|->) (\d+) pkts\/(\d+) bytes\]/;

/** The flow lines of a result file. */
export function readNdpiFlows(path: string): Flows {
  const flows: Flows = new Map();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const match = LINE.exec(line);
    if (match === null) continue;
    const [, proto, left, right, p1, b1, p2, b2] = match;
    const [a, aPort] = endpoint(left);
    const [b, bPort] = endpoint(right);
    add(flows, keyOf(proto.toUpperCase(), a, aPort, b, bPort), Number(p1) + Number(p2), Number(b1) + Number(b2));
  }
  return flows;
}

function endpoint(text: string): [address: string, port: number] {
  const match = /^\[(.*)\]:(\d+)$/.exec(text) ?? /^([\d.]+):(\d+)$/.exec(text);
  if (match === null) return [canonical(text), 0];
  return [canonical(match[1]), Number(match[2])];
}

/** nDPI shortens a single group of zeros too, and even where another one is shortened. */
function canonical(text: string): string {
  const parsed = parseAddress(text.replace(/::(?=.*::)/, ':0:'));
  if (parsed === null) return text;
  const [a, b, c, d] = parsed.words;
  return parsed.isIpv6 ? formatIpv6(a, b, c, d) : formatIpv4(a);
}

const FABRIC_PATH = 0x8903;

/**
 * Our connections of a capture, merged per flow. Frames that nDPI does not decode are left out: those of FabricPath,
 * and tunnelled ones without IP. A packet in a tunnel counts for the flow inside alone.
 */
export async function readOurFlows(capture: string): Promise<Flows> {
  const conns: Conn[] = [];
  const bytes = new Map<string, number>();
  const table = createConnectionTable({ ignoreChecksums: true, onConn: (conn) => conns.push(conn) });
  const probe = new Packet();
  await readCapture(capture, (packet) => {
    const isFabricPath = packet.linktype === 1 && packet.view.getUint16(packet.offset + 12) === FABRIC_PATH;
    if (isFabricPath || !decodePacket(packet, false)) return;
    Object.assign(probe, packet);
    if (!enterInnermost(probe)) return;
    if (probe.ipVersion !== 0 && (!probe.isFragment || (probe.fragmentOffset === 0 && decodeTransport(probe, false)))) {
      const key = innermostKey(probe);
      bytes.set(key, (bytes.get(key) ?? 0) + packet.origlen);
    }
    table.packet(packet);
  });
  table.flush();
  return merge(conns, bytes);
}

function enterInnermost(packet: Packet): boolean {
  while (packet.proto === 17 && packet.srcPort >= 0) {
    const kind = tunnelKind(packet.dstPort) || tunnelKind(packet.srcPort);
    if (kind === 0) return true;
    const { srcPort, dstPort } = packet;
    const found = decodeTunnel(packet, kind, false);
    if (found === TUNNEL_PACKET) continue;
    if (found === TUNNEL_HEADER && kind === CAPWAP) return false;
    packet.srcPort = srcPort;
    packet.dstPort = dstPort;
    return true;
  }
  return true;
}

function innermostKey(packet: Packet): string {
  const { src0, src1, src2, src3, dst0, dst1, dst2, dst3, proto, srcPort, dstPort } = packet;
  const isV4 = packet.ipVersion === 4;
  const source = isV4 ? formatIpv4(src0) : formatIpv6(src0, src1, src2, src3);
  const destination = isV4 ? formatIpv4(dst0) : formatIpv6(dst0, dst1, dst2, dst3);
  const [a, b] = hasPorts(proto) && srcPort >= 0 ? [srcPort, dstPort] : [0, 0];
  return keyOf(names[proto] ?? String(proto), source, a, destination, b);
}

const hasPorts = (proto: number): boolean => proto === 6 || proto === 17;

function merge(conns: readonly Conn[], bytes: ReadonlyMap<string, number>): Flows {
  const flows: Flows = new Map();
  const inside = new Map<string, number>();
  for (const conn of conns) {
    const packets = (conn.orig_pkts ?? 0) + (conn.resp_pkts ?? 0);
    for (const uid of conn.tunnel_parents ?? []) inside.set(uid, (inside.get(uid) ?? 0) + packets);
  }
  const tunnels = new Set(['vxlan', 'geneve', 'gtpv1', 'teredo', 'ayiya']);
  for (const conn of conns) {
    // More tunnels than are recorded may have carried a connection; but nothing else is in these.
    if (conn.service !== null && tunnels.has(conn.service)) continue;
    const packets = (conn.orig_pkts ?? 0) + (conn.resp_pkts ?? 0) - (inside.get(conn.uid) ?? 0);
    const proto = conn.ip_proto ?? 0;
    const [a, b] = hasPorts(proto) ? [conn.id_orig_p ?? 0, conn.id_resp_p ?? 0] : [0, 0];
    const key = keyOf(names[proto] ?? String(proto), conn.id_orig_h ?? '', a, conn.id_resp_h ?? '', b);
    if (packets > 0) add(flows, key, packets, 0);
  }
  for (const [key, count] of flows) count.bytes = bytes.get(key) ?? 0;
  return flows;
}
