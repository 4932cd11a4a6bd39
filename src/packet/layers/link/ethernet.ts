import { etherTypeLayer, LLC } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { truncatedLink } from '../../refusal.ts';

const HEADER = 14;
const FABRIC_PATH = 0x8903;
const FABRIC_PATH_HEADER = 16;

/** Ethernet II: destination, source, EtherType; or 802.3, which has a length and LLC instead of the type. */
export function decodeEthernet(packet: Packet): number {
  const { bytes } = packet;
  let at = packet.next;
  if (at + HEADER > packet.end) return truncatedLink(packet);
  let etherType = (bytes[at + 12] << 8) | bytes[at + 13];
  if (etherType === FABRIC_PATH) {
    // Cisco FabricPath puts its own header in front of the whole frame.
    at += FABRIC_PATH_HEADER;
    if (at + HEADER > packet.end) return truncatedLink(packet);
    etherType = (bytes[at + 12] << 8) | bytes[at + 13];
  }
  packet.dstMac = at;
  packet.srcMac = at + 6;
  packet.etherType = etherType;
  packet.next = at + HEADER;
  return etherType <= 1500 ? LLC : etherTypeLayer(etherType);
}
