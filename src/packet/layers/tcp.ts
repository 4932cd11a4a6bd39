import { DONE, refusal } from '../layer.ts';
import type { Packet } from '../packet.ts';

const MINIMUM_HEADER = 20;
const truncated = refusal('truncated_header');
const cut = refusal('internally_truncated_header');
const badLength = refusal('bad_tcp_header_length');

/** TCP (RFC 9293). The fixed header suffices; options may be cut off by the capture. */
export function decodeTcp(packet: Packet): number {
  const { bytes, view, next } = packet;
  const length = packet.transportLength;
  if (length < MINIMUM_HEADER) return truncated(packet);
  if (next + MINIMUM_HEADER > packet.end) return cut(packet);
  const headerLength = (bytes[next + 12] >>> 4) << 2;
  if (headerLength < MINIMUM_HEADER) return badLength(packet);
  if (headerLength > length) return truncated(packet);
  packet.srcPort = (bytes[next] << 8) | bytes[next + 1];
  packet.dstPort = (bytes[next + 2] << 8) | bytes[next + 3];
  packet.tcpSeq = view.getInt32(next + 4);
  packet.tcpAck = view.getInt32(next + 8);
  packet.tcpFlags = bytes[next + 13];
  packet.tcpWindow = (bytes[next + 14] << 8) | bytes[next + 15];
  setPayload(packet, next + headerLength, length - headerLength);
  return DONE;
}

/** Where the payload begins, how long it is on the wire, and how much of it is here (link padding excluded). */
export function setPayload(packet: Packet, offset: number, length: number): void {
  packet.payloadOffset = offset;
  packet.payloadLength = length;
  const captured = packet.end - offset;
  packet.payloadCaptured = captured < 0 ? 0 : Math.min(captured, length);
}
