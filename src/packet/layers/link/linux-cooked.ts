import { etherTypeLayer, LLC } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { truncatedLink } from '../../refusal.ts';

const HEADER = 16;
const HEADER_2 = 20;

/** Linux cooked capture: packet type, ARP hardware type, address length, sender's address, EtherType. */
export function decodeLinuxCooked(packet: Packet): number {
  const { bytes, next } = packet;
  if (next + HEADER > packet.end) return truncatedLink(packet);
  if (bytes[next + 5] === 6) packet.srcMac = next + 6;
  return follow(packet, (bytes[next + 14] << 8) | bytes[next + 15], next + HEADER);
}

/** Version 2: EtherType first, then interface, hardware type, packet type, address length, sender's address. */
export function decodeLinuxCooked2(packet: Packet): number {
  const { bytes, next } = packet;
  if (next + HEADER_2 > packet.end) return truncatedLink(packet);
  if (bytes[next + 11] === 6) packet.srcMac = next + 12;
  return follow(packet, (bytes[next] << 8) | bytes[next + 1], next + HEADER_2);
}

function follow(packet: Packet, etherType: number, next: number): number {
  packet.etherType = etherType;
  packet.next = next;
  return etherType <= 1500 ? LLC : etherTypeLayer(etherType);
}
