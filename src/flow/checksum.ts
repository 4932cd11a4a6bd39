import { type Packet, PROTO_ICMP, PROTO_ICMPV6, PROTO_TCP, PROTO_UDP } from '../packet/packet.ts';

const HALF = 32_768;
const LONGEST = 65_535;

export const CHECKSUM_BAD = -1;
/** There is none, or the capture does not hold all of the segment. */
export const CHECKSUM_UNKNOWN = 0;
export const CHECKSUM_GOOD = 1;

/** Whether the transport checksum of a packet is right (RFC 1071). */
export function checkTransport(packet: Packet): number {
  const { view, transportOffset, transportLength, proto } = packet;
  const end = transportOffset + transportLength;
  // A packet that the network card is to cut into smaller ones has no checksum yet.
  if (end > packet.end || transportLength > LONGEST) return CHECKSUM_UNKNOWN;
  if (proto === PROTO_UDP) {
    // Zero means that the sender computed none; IPv6 does not allow that.
    if (packet.ipVersion === 4 && view.getUint16(transportOffset + 6) === 0) return CHECKSUM_UNKNOWN;
    if (packet.end - packet.offset < packet.origlen) return CHECKSUM_UNKNOWN;
  }
  let sum = 0;
  if (proto === PROTO_TCP || proto === PROTO_UDP || proto === PROTO_ICMPV6) sum = pseudoHeader(packet);
  else if (proto !== PROTO_ICMP) return CHECKSUM_UNKNOWN;
  let at = transportOffset;
  // Up to 32 kB the sum of half words stays below 2^31.
  const middle = Math.min(end - 3, at + HALF);
  for (; at < middle; at += 4) sum += halves(view.getInt32(at));
  if (at < end - 3) {
    sum = halves(sum);
    for (; at < end - 3; at += 4) sum += halves(view.getInt32(at));
  }
  const left = end - at;
  if (left >= 2) sum += view.getUint16(at);
  if ((left & 1) !== 0) sum += view.getUint8(end - 1) << 8;
  sum = halves(sum);
  return halves(sum) === 0xffff ? CHECKSUM_GOOD : CHECKSUM_BAD;
}

/** Addresses, length and protocol, which TCP, UDP and ICMPv6 sum up with the segment. */
function pseudoHeader(packet: Packet): number {
  let sum = packet.transportLength + packet.proto + halves(packet.src0) + halves(packet.dst0);
  if (packet.ipVersion === 6) {
    sum += halves(packet.src1) + halves(packet.src2) + halves(packet.src3);
    sum += halves(packet.dst1) + halves(packet.dst2) + halves(packet.dst3);
  }
  return sum;
}

function halves(word: number): number {
  return (word >>> 16) + (word & 0xffff);
}
