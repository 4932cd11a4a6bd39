import { DONE, refusal } from '../layer.ts';
import type { Packet } from '../packet.ts';
import { setPayload } from './tcp.ts';

const HEADER = 8;
const truncated = refusal('truncated_header');
const cut = refusal('internally_truncated_header');
const badLength = refusal('bad_udp_length');

/** UDP (RFC 768). The payload length is that of the UDP header, as in Zeek's byte counts. */
export function decodeUdp(packet: Packet): number {
  const { bytes, next } = packet;
  if (packet.transportLength < HEADER) return truncated(packet);
  if (next + HEADER > packet.end) return cut(packet);
  const length = (bytes[next + 4] << 8) | bytes[next + 5];
  if (length < HEADER) return badLength(packet);
  packet.srcPort = (bytes[next] << 8) | bytes[next + 1];
  packet.dstPort = (bytes[next + 2] << 8) | bytes[next + 3];
  setPayload(packet, next + HEADER, length - HEADER);
  return DONE;
}
