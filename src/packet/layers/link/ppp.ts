import { pppLayer, refusal } from '../../layer.ts';
import type { Packet } from '../../packet.ts';

const PPPOE_HEADER = 6;
const truncated = refusal('truncated_pppoe');

/** PPP (RFC 1661), with or without the HDLC address and control bytes. */
export function decodePpp(packet: Packet): number {
  const { bytes } = packet;
  let at = packet.next;
  if (at + 4 > packet.end) return truncated(packet);
  if (bytes[at] === 0xff && bytes[at + 1] === 0x03) at += 2;
  packet.next = at + 2;
  return pppLayer((bytes[at] << 8) | bytes[at + 1]);
}

/** PPPoE session (RFC 2516): version, code, session, length, then PPP. */
export function decodePppoe(packet: Packet): number {
  const { bytes, next } = packet;
  if (next + PPPOE_HEADER + 2 > packet.end) return truncated(packet);
  packet.next = next + PPPOE_HEADER + 2;
  return pppLayer((bytes[next + PPPOE_HEADER] << 8) | bytes[next + PPPOE_HEADER + 1]);
}
