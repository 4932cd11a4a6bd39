import { DONE, transportLayer } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import {
  headerCut,
  invalidIpHeader,
  refusal,
  truncatedIp,
  truncatedIpLength,
  unknownIpVersion,
} from '../../refusal.ts';

const MINIMUM_HEADER = 20;
const LONGEST = 65_535;
const lengthZero = refusal('ip_header_length_zero');
const badChecksum = refusal('bad_ip_checksum');

/** IPv4 (RFC 791). `checkHeader` refuses a header whose checksum is wrong, as Zeek does unless told otherwise. */
export function decodeIpv4(packet: Packet, checkHeader: boolean): number {
  const { view, next, end } = packet;
  if (next + MINIMUM_HEADER > end) return truncatedIp(packet);
  // Five words are the whole header: version, length, …; identification, fragment; TTL, protocol, checksum; addresses.
  const first = view.getInt32(next);
  const second = view.getInt32(next + 4);
  const third = view.getInt32(next + 8);
  const source = view.getInt32(next + 12);
  const destination = view.getInt32(next + 16);
  if (first >>> 28 !== 4) return unknownIpVersion(packet);
  const headerLength = (first >>> 22) & 0x3c;
  const declaredLength = first & 0xffff;
  let totalLength = declaredLength;
  if (totalLength === 0) {
    // Segmentation offloading leaves the length to the network card; the checksums are not computed either.
    // Where the frame is longer than a length can say, it is a large packet before it was cut (BIG TCP).
    const isBig = packet.wireEnd - next > LONGEST;
    if (checkHeader && !packet.acceptsOffload && !isBig) return lengthZero(packet);
    totalLength = isBig ? packet.wireEnd - next : end - next;
  }
  if (next + totalLength > packet.wireEnd) return truncatedIpLength(packet);
  if (headerLength < MINIMUM_HEADER || headerLength > totalLength) return invalidIpHeader(packet);
  if (next + headerLength > end) return headerCut(packet);
  if (checkHeader) {
    let sum = halves(first) + halves(second) + halves(third) + halves(source) + halves(destination);
    for (let at = next + MINIMUM_HEADER; at < next + headerLength; at += 4) sum += halves(view.getInt32(at));
    // The one's complement sum of a sound header is 0xffff (RFC 1071).
    sum = halves(sum);
    if (halves(sum) !== 0xffff && !((third & 0xffff) === 0 && packet.acceptsOffload)) return badChecksum(packet);
  }

  packet.ipVersion = 4;
  packet.ipOffset = next;
  packet.ipTotalLength = declaredLength;
  packet.wireEnd = next + totalLength;
  packet.ttl = third >>> 24;
  const proto = (third >>> 16) & 0xff;
  packet.proto = proto;
  packet.src0 = source;
  packet.dst0 = destination;
  packet.transportOffset = next + headerLength;
  packet.transportLength = totalLength - headerLength;
  packet.next = next + headerLength;
  // More fragments to come, or an offset.
  if ((second & 0x3fff) !== 0) {
    packet.isFragment = true;
    packet.fragmentOffset = (second & 0x1fff) << 3;
    packet.moreFragments = (second & 0x2000) !== 0;
    packet.fragmentId = second >>> 16;
    return DONE;
  }
  return transportLayer(proto);
}

function halves(word: number): number {
  return (word >>> 16) + (word & 0xffff);
}
