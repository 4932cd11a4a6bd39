/** The packet of a sample: its first bytes as they were on the wire, or what the agent has read of them. */
import { formatIpv4, formatIpv6, formatMac } from '../../packet/address.ts';
import { decodePacket, decodeTransport } from '../../packet/decode.ts';
import { isIcmp, Packet, PROTO_TCP, PROTO_UDP } from '../../packet/packet.ts';
import { reasons } from '../../packet/reason.ts';
import type { ExportedFlow } from '../netflow/exported-flow.ts';
import { ipv4, ipv6 } from '../netflow/value.ts';
import type { Opaque } from './xdr.ts';

/** Header protocol → LINKTYPE_ number: Ethernet, IPv4, IPv6. */
const linktypes: ReadonlyMap<number, number> = new Map([
  [1, 1],
  [11, 228],
  [12, 229],
]);
/** Protocol, length of the frame, bytes taken off its end, length of the header. */
const RAW_PREFIX = 16;
/** A longer packet is none. */
const MAX_PACKET = 262_144;

const packet = new Packet();

/** A frame without IP, which is no fault of anybody's. */
export const NOT_IP = 'sflow.not_ip';

/** Gives a reason where the packet cannot be used. */
export function readRawHeader(view: DataView, { start, end }: Opaque, flow: ExportedFlow): string | null {
  if (start + RAW_PREFIX > end) return 'sflow.short_record';
  const linktype = linktypes.get(view.getUint32(start));
  if (linktype === undefined) return 'sflow.header_protocol';
  const captured = view.getUint32(start + 12);
  const from = start + RAW_PREFIX;
  if (from + captured > end) return 'sflow.bad_header_length';
  packet.bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  packet.view = view;
  packet.offset = from;
  packet.end = from + captured;
  // Agents disagree on whether that counts the checksum of the frame; IP's own length is what is counted.
  packet.origlen = Math.min(MAX_PACKET, Math.max(captured, view.getUint32(start + 4)));
  packet.linktype = linktype;
  if (!decodePacket(packet, false)) return `decode.${reasons[packet.reason]}`;
  if (packet.ipVersion === 0) return NOT_IP;
  // The first fragment has the ports; the others have nothing behind their IP header.
  if (packet.isFragment && packet.fragmentOffset === 0) decodeTransport(packet, false);
  takePacket(flow);
  return null;
}

function takePacket(flow: ExportedFlow): void {
  const { bytes, srcMac, dstMac, proto, srcPort, dstPort } = packet;
  const isV4 = packet.ipVersion === 4;
  flow.source = isV4 ? formatIpv4(packet.src0) : formatIpv6(packet.src0, packet.src1, packet.src2, packet.src3);
  flow.destination = isV4 ? formatIpv4(packet.dst0) : formatIpv6(packet.dst0, packet.dst1, packet.dst2, packet.dst3);
  flow.bytes = packet.ipTotalLength || packet.offset + packet.origlen - packet.ipOffset;
  flow.proto = proto;
  if (srcMac >= 0) flow.sourceMac = formatMac(bytes, srcMac);
  if (dstMac >= 0) flow.destinationMac = formatMac(bytes, dstMac);
  if (packet.vlan > 0) flow.vlan = packet.vlan;
  if (srcPort < 0) return;
  if (isIcmp(proto)) [flow.icmpType, flow.icmpCode] = [srcPort, dstPort];
  else if (proto === PROTO_TCP || proto === PROTO_UDP) [flow.sourcePort, flow.destinationPort] = [srcPort, dstPort];
  if (proto === PROTO_TCP) flow.flags = packet.tcpFlags;
}

/** Sampled IPv4 and IPv6: length and protocol, both addresses, ports and TCP flags. Gives a reason as above. */
export function readIp(view: DataView, { start, end }: Opaque, isV6: boolean, flow: ExportedFlow): string | null {
  const size = isV6 ? 16 : 4;
  const address = isV6 ? ipv6 : ipv4;
  const ports = start + 8 + 2 * size;
  if (ports + 12 > end) return 'sflow.short_record';
  flow.bytes = view.getUint32(start);
  if (flow.bytes > MAX_PACKET) return 'sflow.bad_packet_length';
  flow.proto = view.getUint32(start + 4) & 0xff;
  flow.source = address(view, start + 8);
  flow.destination = address(view, start + 8 + size);
  if (flow.proto === PROTO_TCP || flow.proto === PROTO_UDP) {
    flow.sourcePort = view.getUint32(ports) & 0xffff;
    flow.destinationPort = view.getUint32(ports + 4) & 0xffff;
  }
  if (flow.proto === PROTO_TCP) flow.flags = view.getUint32(ports + 8) & 0xff;
  return null;
}
