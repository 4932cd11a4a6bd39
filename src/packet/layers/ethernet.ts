import { etherTypeLayer, refusal } from '../layer.ts';
import type { Packet } from '../packet.ts';

const HEADER = 14;
const truncated = refusal('truncated_link_header');

/** Ethernet II: destination, source, EtherType. */
export function decodeEthernet(packet: Packet): number {
  const { bytes, next } = packet;
  if (next + HEADER > packet.end) return truncated(packet);
  packet.dstMac = next;
  packet.srcMac = next + 6;
  const etherType = (bytes[next + 12] << 8) | bytes[next + 13];
  packet.etherType = etherType;
  packet.next = next + HEADER;
  return etherTypeLayer(etherType);
}
