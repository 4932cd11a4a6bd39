import { DONE } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { refusal } from '../../refusal.ts';

const truncated = refusal('truncated_arp');

/**
 * ARP for IPv4 over Ethernet (RFC 826): hardware type, protocol type, lengths, operation, then sender and target.
 * Only its place is kept; readers take what they need with the functions below.
 */
export function decodeArp(packet: Packet): number {
  const at = packet.next;
  if (at + 8 > packet.end) return truncated(packet);
  const hardware = packet.bytes[at + 4];
  const protocol = packet.bytes[at + 5];
  if (at + 8 + 2 * (hardware + protocol) > packet.end) return truncated(packet);
  packet.arpOffset = at;
  return DONE;
}

/** 1 request, 2 reply. */
export function arpOperation(packet: Packet): number {
  return packet.view.getUint16(packet.arpOffset + 6);
}

/** True where it speaks of six-byte hardware and four-byte protocol addresses, so that the offsets below hold. */
export function isEthernetArp(packet: Packet): boolean {
  const { bytes, arpOffset } = packet;
  return arpOffset >= 0 && bytes[arpOffset + 4] === 6 && bytes[arpOffset + 5] === 4;
}

/** Offsets of the fields within an Ethernet ARP packet. */
export const ARP_SENDER_MAC = 8;
export const ARP_SENDER_IP = 14;
export const ARP_TARGET_MAC = 18;
export const ARP_TARGET_IP = 24;
