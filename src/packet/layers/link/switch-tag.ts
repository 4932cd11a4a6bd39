/** Tags that the chip of a switch puts into frames for the processor beside it (DSA in Linux): what OpenWrt captures. */
import { ETHERNET, etherTypeLayer, LLC } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { truncatedLink } from '../../refusal.ts';

const ADDRESSES = 12;
const TAG = 4;
/** With an EtherType of its own: that, two reserved bytes, and the tag. */
const ETHER_TYPED_TAG = 8;
/** In place of a VLAN tag that the frame had. */
const TAGGED = 0x20;

/** Broadcom's: between the addresses and the EtherType. */
export const decodeBroadcomTag = (packet: Packet): number => decodeTag(packet, TAG);

/** Broadcom's in front of the whole frame. */
export function decodeBroadcomPrefix(packet: Packet): number {
  if (packet.next + TAG > packet.end) return truncatedLink(packet);
  packet.next += TAG;
  return ETHERNET;
}

/** Marvell's: it takes the place of a VLAN tag, whose number it holds. */
export const decodeMarvellTag = (packet: Packet): number => decodeTag(packet, TAG, 0);

/** Marvell's behind an EtherType. */
export const decodeMarvellEtherTag = (packet: Packet): number => decodeTag(packet, ETHER_TYPED_TAG, 4);

/** `vlanAt` is where in the tag Marvell's four bytes are. */
function decodeTag(packet: Packet, length: number, vlanAt = -1): number {
  const { bytes, next } = packet;
  const at = next + ADDRESSES;
  if (at + length + 2 > packet.end) return truncatedLink(packet);
  packet.dstMac = next;
  packet.srcMac = next + 6;
  const tag = at + vlanAt;
  if (vlanAt >= 0 && (bytes[tag] & TAGGED) !== 0) packet.vlan = ((bytes[tag + 2] & 0x0f) << 8) | bytes[tag + 3];
  packet.etherType = (bytes[at + length] << 8) | bytes[at + length + 1];
  packet.next = at + length + 2;
  return packet.etherType <= 1500 ? LLC : etherTypeLayer(packet.etherType);
}
