import { DONE, refusal, transportLayer } from '../layer.ts';
import type { Packet } from '../packet.ts';

const MINIMUM_HEADER = 20;
const truncated = refusal('truncated_ip');
const unknownVersion = refusal('unknown_ip_version');
const lengthZero = refusal('ip_header_length_zero');
const truncatedLength = refusal('truncated_ip_length');
const invalidHeader = refusal('invalid_ip_header_size');
const headerCut = refusal('internally_truncated_header');
const badChecksum = refusal('bad_ip_checksum');

/** IPv4 (RFC 791). `checkHeader` refuses a header whose checksum is wrong, as Zeek does unless told otherwise. */
export function decodeIpv4(packet: Packet, checkHeader: boolean): number {
  const { bytes, view, next } = packet;
  if (next + MINIMUM_HEADER > packet.end) return truncated(packet);
  const first = bytes[next];
  if (first >>> 4 !== 4) return unknownVersion(packet);
  const headerLength = (first & 0x0f) << 2;
  const declaredLength = (bytes[next + 2] << 8) | bytes[next + 3];
  let totalLength = declaredLength;
  if (totalLength === 0) {
    // Segmentation offloading leaves the length to the network card; the checksums are not computed either.
    if (checkHeader) return lengthZero(packet);
    totalLength = packet.end - next;
  }
  if (next + totalLength > packet.wireEnd) return truncatedLength(packet);
  if (headerLength < MINIMUM_HEADER || headerLength > totalLength) return invalidHeader(packet);
  if (next + headerLength > packet.end) return headerCut(packet);
  if (checkHeader && !isHeaderSound(view, next, headerLength)) return badChecksum(packet);

  packet.ipVersion = 4;
  packet.ipOffset = next;
  packet.ipTotalLength = declaredLength;
  packet.wireEnd = next + totalLength;
  packet.ttl = bytes[next + 8];
  packet.proto = bytes[next + 9];
  packet.src0 = view.getInt32(next + 12);
  packet.dst0 = view.getInt32(next + 16);
  packet.transportOffset = next + headerLength;
  packet.transportLength = totalLength - headerLength;
  packet.next = next + headerLength;
  const fragment = (bytes[next + 6] << 8) | bytes[next + 7];
  if ((fragment & 0x3fff) !== 0) {
    packet.isFragment = true;
    packet.fragmentOffset = (fragment & 0x1fff) << 3;
    packet.moreFragments = (fragment & 0x2000) !== 0;
    packet.fragmentId = (bytes[next + 4] << 8) | bytes[next + 5];
    return DONE;
  }
  return transportLayer(packet.proto);
}

/** The one's complement sum of a sound header is 0xffff (RFC 1071). */
function isHeaderSound(view: DataView, offset: number, length: number): boolean {
  let sum = 0;
  for (let at = offset; at < offset + length; at += 2) sum += view.getUint16(at);
  sum = (sum & 0xffff) + (sum >>> 16);
  return (sum & 0xffff) + (sum >>> 16) === 0xffff;
}
