import { DONE, ETHERNET, IEEE80211, LLC, refusal } from '../../layer.ts';
import type { Packet } from '../../packet.ts';

const HEADER = 24;
const truncated = refusal('truncated_link_header');

const TYPE_DATA = 0x08;
const SUBTYPE_NO_DATA = 0x40;
const SUBTYPE_QOS = 0x80;
const TO_AND_FROM_DS = 0x03;
const PROTECTED = 0x40;

/** 802.11: data frames that are not encrypted carry LLC. Management and control frames are no traffic of hosts. */
export function decodeIeee80211(packet: Packet): number {
  const { bytes, next } = packet;
  if (next + HEADER > packet.end) return truncated(packet);
  const control = bytes[next];
  const flags = bytes[next + 1];
  if ((control & 0x0c) !== TYPE_DATA || (control & SUBTYPE_NO_DATA) !== 0) return DONE;
  const direction = flags & TO_AND_FROM_DS;
  let length = HEADER;
  if (direction === TO_AND_FROM_DS) length += 6;
  if ((control & SUBTYPE_QOS) !== 0) length += 2;
  if (next + length > packet.end) return truncated(packet);
  setAddresses(packet, direction);
  if ((flags & PROTECTED) !== 0) return DONE;
  packet.next = next + length;
  return LLC;
}

/** Which of the three or four addresses are sender and receiver depends on the way through the access point. */
function setAddresses(packet: Packet, direction: number): void {
  const { next } = packet;
  switch (direction) {
    case 0:
      packet.srcMac = next + 10;
      packet.dstMac = next + 4;
      return;
    case 1: // to the access point
      packet.srcMac = next + 10;
      packet.dstMac = next + 16;
      return;
    case 2: // from it
      packet.srcMac = next + 16;
      packet.dstMac = next + 4;
      return;
    default:
      packet.srcMac = next + 24;
      packet.dstMac = next + 16;
  }
}

/** Radiotap: version, padding, length (little endian), then as much as the length says before the 802.11 header. */
export function decodeRadiotap(packet: Packet): number {
  const { bytes, next } = packet;
  if (next + 8 > packet.end) return truncated(packet);
  const length = bytes[next + 2] | (bytes[next + 3] << 8);
  if (length < 8 || next + length > packet.end) return truncated(packet);
  packet.next = next + length;
  return IEEE80211;
}

/** Per-packet information: version, flags, length and link type (little endian), then fields, then the frame. */
export function decodePpi(packet: Packet): number {
  const { bytes, next } = packet;
  if (next + 8 > packet.end) return truncated(packet);
  const length = bytes[next + 2] | (bytes[next + 3] << 8);
  if (length < 8 || next + length > packet.end) return truncated(packet);
  packet.next = next + length;
  const linktype = bytes[next + 4] | (bytes[next + 5] << 8);
  if (linktype === 1) return ETHERNET;
  return linktype === 105 ? IEEE80211 : DONE;
}
