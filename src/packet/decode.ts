import { ARP, ETHERNET, ICMP, ICMPV6, IP, IPV4, IPV6, REJECTED, refusal, TCP, UDP, VLAN } from './layer.ts';
import { decodeArp } from './layers/arp.ts';
import { decodeEthernet } from './layers/ethernet.ts';
import { decodeIcmp } from './layers/icmp.ts';
import { decodeIpv4 } from './layers/ipv4.ts';
import { decodeIpv6 } from './layers/ipv6.ts';
import { decodeTcp } from './layers/tcp.ts';
import { decodeUdp } from './layers/udp.ts';
import { decodeVlan } from './layers/vlan.ts';
import type { Packet } from './packet.ts';

/** A packet with more layers than this is an attack on the decoder. */
const MAXIMUM_LAYERS = 16;
const tooMany = refusal('too_many_layers');
const unsupported = refusal('unsupported_linktype');

/** The LINKTYPE_ numbers that can be decoded, with their names for messages. */
export const linktypes: ReadonlyMap<number, string> = new Map([
  [1, 'Ethernet'],
  [101, 'raw IP'],
  [12, 'raw IP'],
  [14, 'raw IP'],
  [228, 'raw IPv4'],
  [229, 'raw IPv6'],
]);

/**
 * Decodes the frame that `packet` points at (bytes, view, offset, end, origlen, linktype) down to its transport.
 * Never throws and never allocates: false means refused, with the cause in `packet.reason`.
 * @param checkIpChecksum refuse IPv4 headers with a wrong checksum, as Zeek does by default
 */
export function decodePacket(packet: Packet, checkIpChecksum: boolean): boolean {
  packet.reason = 0;
  packet.srcMac = -1;
  packet.dstMac = -1;
  packet.vlan = -1;
  packet.innerVlan = -1;
  packet.etherType = 0;
  packet.ipVersion = 0;
  packet.arpOffset = -1;
  packet.isFragment = false;
  packet.srcPort = -1;
  packet.depth = 0;
  packet.next = packet.offset;
  packet.wireEnd = packet.offset + packet.origlen;
  return decodeLayers(packet, linkLayer(packet), checkIpChecksum);
}

function linkLayer(packet: Packet): number {
  switch (packet.linktype) {
    case 1:
      return ETHERNET;
    case 12:
    case 14:
    case 101:
      return IP;
    case 228:
      return IPV4;
    case 229:
      return IPV6;
    default:
      return unsupported(packet);
  }
}

function decodeLayers(packet: Packet, first: number, checkIpChecksum: boolean): boolean {
  let layer = first;
  for (let count = 0; layer >= 0; count++) {
    if (count === MAXIMUM_LAYERS) layer = tooMany(packet);
    else layer = decodeLayer(packet, layer, checkIpChecksum);
  }
  return layer !== REJECTED;
}

function decodeLayer(packet: Packet, layer: number, checkIpChecksum: boolean): number {
  switch (layer) {
    case ETHERNET:
      return decodeEthernet(packet);
    case VLAN:
      return decodeVlan(packet);
    case IP:
      // Raw IP: the version is in the first four bits.
      return packet.next < packet.end && packet.bytes[packet.next] >>> 4 === 6 ? IPV6 : IPV4;
    case IPV4:
      return decodeIpv4(packet, checkIpChecksum);
    case IPV6:
      return decodeIpv6(packet);
    case ARP:
      return decodeArp(packet);
    case TCP:
      return decodeTcp(packet);
    case UDP:
      return decodeUdp(packet);
    case ICMP:
    case ICMPV6:
      return decodeIcmp(packet);
    default:
      return REJECTED;
  }
}
