import { DONE, ETHERNET, IEEE80211, LLC } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { refusal, truncatedLink } from '../../refusal.ts';

const HEADER = 24;
const truncatedSubframe = refusal('truncated_amsdu');
const badCheckSequence = refusal('bad_frame_check_sequence');

const TYPE_DATA = 0x08;
const SUBTYPE_NO_DATA = 0x40;
const SUBTYPE_QOS = 0x80;
const TO_AND_FROM_DS = 0x03;
const PROTECTED = 0x40;
/** In the QoS field: the frame holds several packets. */
const AGGREGATE = 0x80;
const SUBFRAME_HEADER = 14;

/** 802.11: data frames that are not encrypted carry LLC. Management and control frames are no traffic of hosts. */
export function decodeIeee80211(packet: Packet): number {
  const { bytes, next } = packet;
  if (next + HEADER > packet.end) return truncatedLink(packet);
  const control = bytes[next];
  const flags = bytes[next + 1];
  if ((control & 0x0c) !== TYPE_DATA || (control & SUBTYPE_NO_DATA) !== 0) return DONE;
  const direction = flags & TO_AND_FROM_DS;
  let length = HEADER;
  if (direction === TO_AND_FROM_DS) length += 6;
  const qos = next + length;
  if ((control & SUBTYPE_QOS) !== 0) length += 2;
  if (next + length > packet.end) return truncatedLink(packet);
  setAddresses(packet, direction);
  if ((flags & PROTECTED) !== 0) return DONE;
  packet.next = next + length;
  return (control & SUBTYPE_QOS) !== 0 && (bytes[qos] & AGGREGATE) !== 0 ? enterSubframe(packet) : LLC;
}

/** A-MSDU: subframes of two addresses, a length and LLC, each but the last filled up to four bytes. */
function enterSubframe(packet: Packet): number {
  const { bytes, end } = packet;
  let at = packet.next;
  for (let number = 0; ; number++) {
    const body = at + SUBFRAME_HEADER;
    if (body > end) return truncatedSubframe(packet);
    const length = (bytes[at + 12] << 8) | bytes[at + 13];
    if (body + length > end) return truncatedSubframe(packet);
    const following = body + length + (-(SUBFRAME_HEADER + length) & 3);
    if (number === packet.subframe) {
      packet.hasMore = following + SUBFRAME_HEADER <= end;
      packet.dstMac = at;
      packet.srcMac = at + 6;
      packet.next = body;
      packet.wireEnd = body + length;
      return LLC;
    }
    at = following;
  }
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

const TSFT = 0x01;
const FLAGS = 0x02;
const EXTENDED = 0x80;
const HAS_CHECK_SEQUENCE = 0x10;
const FAILED_CHECK = 0x40;
const CHECK_SEQUENCE = 4;

/**
 * Radiotap: version, padding, length (little endian), words that say which fields follow, and those. Then comes the
 * 802.11 frame, with its check sequence where the flags say so.
 */
export function decodeRadiotap(packet: Packet): number {
  const { bytes, next } = packet;
  if (next + 8 > packet.end) return truncatedLink(packet);
  const length = bytes[next + 2] | (bytes[next + 3] << 8);
  if (length < 8 || next + length > packet.end) return truncatedLink(packet);
  packet.next = next + length;
  const flags = radiotapFlags(bytes, next, next + length);
  if ((flags & FAILED_CHECK) !== 0) return badCheckSequence(packet);
  if ((flags & HAS_CHECK_SEQUENCE) !== 0 && packet.end - packet.next >= CHECK_SEQUENCE) {
    // Of a frame that was cut there is less of it here, or nothing.
    packet.wireEnd -= CHECK_SEQUENCE;
    packet.end = Math.min(packet.end, packet.wireEnd);
  }
  return IEEE80211;
}

/** Its second field, behind the time, which lies at a multiple of eight. */
function radiotapFlags(bytes: Uint8Array, start: number, end: number): number {
  const present = bytes[start + 4];
  if ((present & FLAGS) === 0) return 0;
  let at = start + 8;
  for (let last = at - 1; last < end && (bytes[last] & EXTENDED) !== 0; last += 4) at += 4;
  if ((present & TSFT) !== 0) at = start + ((at - start + 7) & ~7) + 8;
  return at < end ? bytes[at] : 0;
}

/** Per-packet information: version, flags, length and link type (little endian), then fields, then the frame. */
export function decodePpi(packet: Packet): number {
  const { bytes, next } = packet;
  if (next + 8 > packet.end) return truncatedLink(packet);
  const length = bytes[next + 2] | (bytes[next + 3] << 8);
  if (length < 8 || next + length > packet.end) return truncatedLink(packet);
  packet.next = next + length;
  const linktype = bytes[next + 4] | (bytes[next + 5] << 8);
  if (linktype === 1) return ETHERNET;
  return linktype === 105 ? IEEE80211 : DONE;
}
