import { DONE } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { headerCut, refusal, truncatedHeader } from '../../refusal.ts';
import { setPayload } from './tcp.ts';

const HEADER = 8;
const badLength = refusal('bad_udp_length');

/** UDP (RFC 768). The payload length is that of the UDP header, as in Zeek's byte counts. */
export function decodeUdp(packet: Packet): number {
  const { view, next } = packet;
  if (packet.transportLength < HEADER) return truncatedHeader(packet);
  if (next + HEADER > packet.end) return headerCut(packet);
  const ports = view.getInt32(next);
  const length = view.getUint16(next + 4);
  if (length < HEADER) return badLength(packet);
  packet.srcPort = ports >>> 16;
  packet.dstPort = ports & 0xffff;
  setPayload(packet, next + HEADER, length - HEADER);
  return DONE;
}
