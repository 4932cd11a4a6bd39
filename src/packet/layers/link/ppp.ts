import { pppLayer } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { refusal } from '../../refusal.ts';

const PPPOE_HEADER = 6;
const truncated = refusal('truncated_pppoe');

/** PPP (RFC 1661), with or without the HDLC address and control bytes. */
export function decodePpp(packet: Packet): number {
  const { bytes } = packet;
  let at = packet.next;
  if (at + 4 > packet.end) return truncated(packet);
  if (bytes[at] === 0xff && bytes[at + 1] === 0x03) at += 2;
  return follow(packet, at);
}

/** PPPoE session (RFC 2516): version, code, session, length, then PPP. */
export function decodePppoe(packet: Packet): number {
  const { next } = packet;
  if (next + PPPOE_HEADER + 2 > packet.end) return truncated(packet);
  return follow(packet, next + PPPOE_HEADER);
}

/** The protocol; of one byte where the two have agreed to compress it, which its odd first byte shows. */
function follow(packet: Packet, at: number): number {
  const { bytes } = packet;
  const isShort = (bytes[at] & 1) !== 0;
  packet.next = at + (isShort ? 1 : 2);
  return pppLayer(isShort ? bytes[at] : (bytes[at] << 8) | bytes[at + 1]);
}
