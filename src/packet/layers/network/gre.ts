import { ETHERNET, etherTypeLayer, IEEE80211, pppLayer } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { refusal } from '../../refusal.ts';

const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
const ACKNOWLEDGEMENT = 0x0080;
const truncated = refusal('truncated_gre');
const unknown = refusal('unknown_gre');

/** GRE (RFC 2784, 2890) with an EtherType, ERSPAN in it, and version 1 (RFC 2637, PPTP) with PPP. */
export function decodeGre(packet: Packet): number {
  const { bytes, next, end } = packet;
  if (next + 4 > end) return truncated(packet);
  const flags = (bytes[next] << 8) | bytes[next + 1];
  const protocol = (bytes[next + 2] << 8) | bytes[next + 3];
  const version = flags & 0x07;
  if (version > 1 || (flags & (ROUTING | 0x0078)) !== 0) return unknown(packet);
  let at = next + 4;
  for (const option of [CHECKSUM, KEY, SEQUENCE, ACKNOWLEDGEMENT]) if ((flags & option) !== 0) at += 4;
  if (version === 1) {
    if (protocol !== 0x880b) return unknown(packet);
    if (at + 4 > end) return truncated(packet);
    packet.next = at + 4;
    return pppLayer((bytes[at + 2] << 8) | bytes[at + 3]);
  }
  if (protocol === 0x88be || protocol === 0x22eb) return decodeErspan(packet, at, protocol, flags);
  if (at > end) return truncated(packet);
  packet.next = at;
  packet.etherType = protocol;
  return isAccessPoint(protocol) ? IEEE80211 : etherTypeLayer(protocol);
}

/** Aruba's access points send 802.11 frames under numbers of their own, one for each radio and priority. */
function isAccessPoint(protocol: number): boolean {
  if (protocol === 0x9000) return true;
  return (protocol & 0x0f) === 0 && (protocol & 0x8200) === 0x8200 && protocol <= 0x83f0;
}

/** Mirrored Ethernet frames: type I has no header of its own, II has eight bytes, III twelve and perhaps eight more. */
function decodeErspan(packet: Packet, start: number, protocol: number, flags: number): number {
  let at = start;
  if (protocol === 0x22eb) {
    if (at + 12 > packet.end) return truncated(packet);
    at += (packet.bytes[at + 11] & 1) !== 0 ? 20 : 12;
  } else if ((flags & SEQUENCE) !== 0) at += 8;
  if (at > packet.end) return truncated(packet);
  packet.next = at;
  return ETHERNET;
}
