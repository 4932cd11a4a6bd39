import { DONE, OTHER_TRANSPORT, transportLayer } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import {
  headerCut,
  invalidIpHeader,
  refusal,
  tooManyLayers,
  truncatedIp,
  truncatedIpLength,
  unknownIpVersion,
} from '../../refusal.ts';

const HEADER = 40;
/** More extension headers than any honest sender uses. */
const MAXIMUM_EXTENSIONS = 16;
const HOP_BY_HOP = 0;
const JUMBO_OPTION = 0xc2;
const LONGEST_PLAIN = 65_535;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const payloadZero = refusal('ipv6_payload_zero');

/** IPv6 (RFC 8200) with its chain of extension headers. */
export function decodeIpv6(packet: Packet): number {
  const { bytes, view, next } = packet;
  if (next + HEADER > packet.end) return truncatedIp(packet);
  if (bytes[next] >>> 4 !== 6) return unknownIpVersion(packet);
  const declared = (bytes[next + 4] << 8) | bytes[next + 5];
  const payloadLength = declared === 0 ? jumboLength(packet) : declared;
  if (next + HEADER + payloadLength > packet.wireEnd) return truncatedIpLength(packet);

  packet.ipVersion = 6;
  packet.ipOffset = next;
  packet.ipTotalLength = HEADER + payloadLength;
  packet.wireEnd = next + HEADER + payloadLength;
  packet.ttl = bytes[next + 7];
  packet.src0 = view.getInt32(next + 8);
  packet.src1 = view.getInt32(next + 12);
  packet.src2 = view.getInt32(next + 16);
  packet.src3 = view.getInt32(next + 20);
  packet.dst0 = view.getInt32(next + 24);
  packet.dst1 = view.getInt32(next + 28);
  packet.dst2 = view.getInt32(next + 32);
  packet.dst3 = view.getInt32(next + 36);
  return decodeExtensions(packet, bytes[next + 6], next + HEADER);
}

/**
 * Length 0: of a packet above 64 KiB, which its option says (RFC 2675) or, where the network card is to cut it (BIG TCP),
 * only the frame. A shorter frame has nothing but padding.
 */
function jumboLength({ bytes, view, next, end, wireEnd }: Packet): number {
  const at = next + HEADER;
  const isJumbo =
    bytes[next + 6] === HOP_BY_HOP && at + 8 <= end && bytes[at + 2] === JUMBO_OPTION && bytes[at + 3] === 4;
  if (isJumbo) return view.getUint32(at + 4);
  return wireEnd - at > LONGEST_PLAIN ? wireEnd - at : 0;
}

function decodeExtensions(packet: Packet, firstHeader: number, start: number): number {
  const { bytes, view, wireEnd } = packet;
  let header = firstHeader;
  let at = start;
  for (let count = 0; isExtension(header); count++) {
    if (count === MAXIMUM_EXTENSIONS) return tooManyLayers(packet);
    if (at + 8 > wireEnd) return invalidIpHeader(packet);
    if (at + 8 > packet.end) return headerCut(packet);
    const following = bytes[at];
    // Lengths count eight bytes after the first eight; AH counts four after the first eight; fragments are fixed.
    const length =
      header === FRAGMENT ? 8 : header === AUTHENTICATION ? (bytes[at + 1] + 2) << 2 : (bytes[at + 1] + 1) << 3;
    if (at + length > wireEnd) return invalidIpHeader(packet);
    if (header === FRAGMENT) {
      const fragment = (bytes[at + 2] << 8) | bytes[at + 3];
      // An atomic fragment (offset 0, no more to come) is a whole packet (RFC 6946).
      if ((fragment & 0xfff9) !== 0) {
        packet.isFragment = true;
        packet.fragmentOffset = fragment & 0xfff8;
        packet.moreFragments = (fragment & 1) !== 0;
        packet.fragmentId = view.getInt32(at + 4);
      }
    }
    header = following;
    at += length;
    if (packet.isFragment) break;
  }
  packet.proto = header;
  packet.transportOffset = at;
  packet.transportLength = wireEnd - at;
  packet.next = at;
  if (packet.isFragment) return DONE;
  const layer = transportLayer(header);
  // Nothing can follow here, whatever the header promises.
  return at === wireEnd && layer !== OTHER_TRANSPORT && layer !== DONE ? payloadZero(packet) : layer;
}

function isExtension(header: number): boolean {
  switch (header) {
    case HOP_BY_HOP:
    case 43: // routing
    case FRAGMENT:
    case AUTHENTICATION:
    case 60: // destination options
    case 135: // mobility
      return true;
    default:
      return false;
  }
}
