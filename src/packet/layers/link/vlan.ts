import { etherTypeLayer } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { refusal } from '../../refusal.ts';

const TAG = 4;
const truncated = refusal('truncated_vlan');

/** One 802.1Q or 802.1ad tag: three bits of priority, one of DEI, twelve of VLAN id, then the EtherType. */
export function decodeVlan(packet: Packet): number {
  const { bytes, next } = packet;
  if (next + TAG > packet.end) return truncated(packet);
  const id = ((bytes[next] & 0x0f) << 8) | bytes[next + 1];
  if (packet.vlan < 0) packet.vlan = id;
  else if (packet.innerVlan < 0) packet.innerVlan = id;
  const etherType = (bytes[next + 2] << 8) | bytes[next + 3];
  packet.etherType = etherType;
  packet.next = next + TAG;
  return etherTypeLayer(etherType);
}
