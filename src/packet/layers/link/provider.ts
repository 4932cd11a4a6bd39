import { ETHERNET, etherTypeLayer } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { truncatedLink } from '../../refusal.ts';

const VNTAG_HEADER = 6;
/** Service tag of 802.1ah; the customer's frame follows. */
const PBB_HEADER = 4;

/** VN-Tag (802.1BR): four bytes of tag, then the EtherType. */
export function decodeVntag(packet: Packet): number {
  const { bytes, next } = packet;
  if (next + VNTAG_HEADER > packet.end) return truncatedLink(packet);
  packet.etherType = (bytes[next + 4] << 8) | bytes[next + 5];
  packet.next = next + VNTAG_HEADER;
  return etherTypeLayer(packet.etherType);
}

/** Provider backbone bridging (802.1ah): a whole Ethernet frame inside one. */
export function decodePbb(packet: Packet): number {
  if (packet.next + PBB_HEADER > packet.end) return truncatedLink(packet);
  packet.next += PBB_HEADER;
  return ETHERNET;
}
