import { type Packet, PROTO_ICMP, PROTO_ICMPV6, PROTO_TCP, PROTO_UDP } from '../packet/packet.ts';

/**
 * Whether the transport checksum of a packet is right (RFC 1071), or cannot be told because the capture does not hold
 * all of the segment. The sum is taken over big-endian 32-bit words in a double, which holds it exactly.
 */
export function isChecksumSound(packet: Packet): boolean {
  const { view, transportOffset, transportLength, proto } = packet;
  const end = transportOffset + transportLength;
  if (end > packet.end) return true;
  if (proto === PROTO_UDP) {
    // Zero means that the sender computed none; IPv6 does not allow that.
    if (packet.ipVersion === 4 && view.getUint16(transportOffset + 6) === 0) return true;
    if (packet.end - packet.offset < packet.origlen) return true;
  }
  let sum = 0;
  if (proto === PROTO_TCP || proto === PROTO_UDP || proto === PROTO_ICMPV6) sum = pseudoHeader(packet);
  else if (proto !== PROTO_ICMP) return true;
  let at = transportOffset;
  for (; at + 4 <= end; at += 4) sum += view.getUint32(at);
  if (at + 2 <= end) {
    sum += view.getUint16(at) * 0x10000;
    at += 2;
    if (at < end) sum += view.getUint8(at) * 0x100;
  } else if (at < end) sum += view.getUint8(at) * 0x1000000;
  return foldSum(sum) === 0xffff;
}

/** Addresses, length and protocol, which TCP, UDP and ICMPv6 sum up with the segment. */
function pseudoHeader(packet: Packet): number {
  let sum = packet.transportLength + packet.proto + (packet.src0 >>> 0) + (packet.dst0 >>> 0);
  if (packet.ipVersion === 6) {
    sum += (packet.src1 >>> 0) + (packet.src2 >>> 0) + (packet.src3 >>> 0);
    sum += (packet.dst1 >>> 0) + (packet.dst2 >>> 0) + (packet.dst3 >>> 0);
  }
  return sum;
}

/** Folds a sum of 32-bit words to the sixteen bits of the one's complement sum. */
function foldSum(sum: number): number {
  const high = Math.floor(sum / 0x100000000);
  const low = sum >>> 0;
  let folded = high + (low >>> 16) + (low & 0xffff);
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return folded;
}
