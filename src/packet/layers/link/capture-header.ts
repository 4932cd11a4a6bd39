/** Headers that a capturing program puts before a frame: of Linux's netfilter log, and of Apple's systems. */
import { ETHERNET, IEEE80211, IP, LINUX_COOKED, LOOPBACK, PPP } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { refusal, truncatedLink } from '../../refusal.ts';

const unsupported = refusal('unsupported_linktype');

const NFLOG_HEADER = 4;
const HARDWARE_ADDRESS = 8;
const PAYLOAD = 9;

/**
 * NFLOG: family, version 0, then items of length, type and content, in the byte order of the machine that captured, each
 * filled up to four bytes. One of them is the packet; another is the sender's link-layer address.
 */
export function decodeNflog(packet: Packet): number {
  const { view, bytes, end } = packet;
  let at = packet.next + NFLOG_HEADER;
  if (at + 4 > end || bytes[packet.next + 1] !== 0) return truncatedLink(packet);
  // A length is below 256 more often than not; what is read the wrong way round lies far behind the end.
  const little = view.getUint16(at, true) <= end - at && view.getUint16(at + 2, true) < 256;
  while (at + 4 <= end) {
    const length = view.getUint16(at, little);
    const type = view.getUint16(at + 2, little);
    if (length < 4) return truncatedLink(packet);
    if (type === PAYLOAD) {
      packet.next = at + 4;
      packet.wireEnd = Math.max(packet.wireEnd, at + length);
      return IP;
    }
    const isAddress = type === HARDWARE_ADDRESS && length >= 14 && at + 14 <= end;
    if (isAddress && (bytes[at + 4] | bytes[at + 5]) === 6) packet.srcMac = at + 8;
    at += (length + 3) & ~3;
  }
  return truncatedLink(packet);
}

const PKTAP_HEADER = 108;
const PACKET_RECORD = 1;

/** PKTAP (macOS and iOS): length, type of record, and link type, as little-endian words; then fields, then the frame. */
export function decodePktap(packet: Packet): number {
  const { view, next } = packet;
  if (next + PKTAP_HEADER > packet.end) return truncatedLink(packet);
  const length = view.getUint32(next, true);
  if (length < PKTAP_HEADER || next + length > packet.end) return truncatedLink(packet);
  if (view.getUint32(next + 4, true) !== PACKET_RECORD) return unsupported(packet);
  packet.next = next + length;
  switch (view.getUint32(next + 8, true)) {
    case 1:
      return ETHERNET;
    case 0:
    case 108:
      return LOOPBACK;
    case 9:
      return PPP;
    case 12:
    case 14:
    case 101:
      return IP;
    case 105:
      return IEEE80211;
    case 113:
      return LINUX_COOKED;
    default:
      return unsupported(packet);
  }
}
