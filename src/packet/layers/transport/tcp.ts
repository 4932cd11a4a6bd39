import { DONE } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { headerCut, refusal, truncatedHeader } from '../../refusal.ts';

const MINIMUM_HEADER = 20;
const badLength = refusal('bad_tcp_header_length');

/** TCP (RFC 9293). The fixed header suffices; options may be cut off by the capture. */
export function decodeTcp(packet: Packet): number {
  const { view, next } = packet;
  const length = packet.transportLength;
  if (length < MINIMUM_HEADER) return truncatedHeader(packet);
  if (next + MINIMUM_HEADER > packet.end) return headerCut(packet);
  const ports = view.getInt32(next);
  const control = view.getInt32(next + 12);
  const headerLength = (control >>> 26) & 0x3c;
  if (headerLength < MINIMUM_HEADER) return badLength(packet);
  if (headerLength > length) return truncatedHeader(packet);
  packet.srcPort = ports >>> 16;
  packet.dstPort = ports & 0xffff;
  packet.tcpSeq = view.getInt32(next + 4);
  packet.tcpAck = view.getInt32(next + 8);
  packet.tcpFlags = (control >>> 16) & 0xff;
  packet.tcpWindow = control & 0xffff;
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
