import { DONE } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { headerCut, truncatedHeader } from '../../refusal.ts';
import { setPayload } from '../transport/tcp.ts';

const HEADER = 8;

/** ICMP (RFC 792) and ICMPv6 (RFC 4443): type and code stand in for the ports. */
export function decodeIcmp(packet: Packet): number {
  const { bytes, next } = packet;
  if (packet.transportLength < HEADER) return truncatedHeader(packet);
  if (next + HEADER > packet.end) return headerCut(packet);
  packet.srcPort = bytes[next];
  packet.dstPort = bytes[next + 1];
  setPayload(packet, next + HEADER, packet.transportLength - HEADER);
  return DONE;
}
