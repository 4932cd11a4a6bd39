import * as layers from './layer.ts';
import { DONE, REJECTED } from './layer.ts';
import { decodeArp } from './layers/link/arp.ts';
import { decodeNflog, decodePktap } from './layers/link/capture-header.ts';
import { decodeEthernet } from './layers/link/ethernet.ts';
import { decodeIeee80211, decodePpi, decodeRadiotap } from './layers/link/ieee80211.ts';
import { decodeLinuxCooked, decodeLinuxCooked2 } from './layers/link/linux-cooked.ts';
import { decodeLlc } from './layers/link/llc.ts';
import { decodeLoopback } from './layers/link/loopback.ts';
import { decodeMpls } from './layers/link/mpls.ts';
import { decodePpp, decodePppoe } from './layers/link/ppp.ts';
import { decodePbb, decodeVntag } from './layers/link/provider.ts';
import {
  decodeBroadcomPrefix,
  decodeBroadcomTag,
  decodeMarvellEtherTag,
  decodeMarvellTag,
} from './layers/link/switch-tag.ts';
import { decodeVlan } from './layers/link/vlan.ts';
import { decodeGre } from './layers/network/gre.ts';
import { decodeIcmp } from './layers/network/icmp.ts';
import { decodeIpv4 } from './layers/network/ipv4.ts';
import { decodeIpv6 } from './layers/network/ipv6.ts';
import { enterTunnel } from './layers/network/tunnel.ts';
import { decodeOtherTransport } from './layers/transport/other-transport.ts';
import { decodeTcp } from './layers/transport/tcp.ts';
import { decodeUdp } from './layers/transport/udp.ts';
import type { Packet } from './packet.ts';
import { refusal, tooManyLayers } from './refusal.ts';

/** A packet with more layers than this is an attack on the decoder. */
const MAXIMUM_LAYERS = 16;
/** Zeek's `Tunnel::max_depth`. */
const MAXIMUM_TUNNELS = 4;

/** LINKTYPE_ number, name for messages, and the layer that it begins with. */
const linkLayers: readonly (readonly [linktype: number, name: string, layer: number])[] = [
  [1, 'Ethernet', layers.ETHERNET],
  [0, 'BSD loopback', layers.LOOPBACK],
  [108, 'BSD loopback', layers.LOOPBACK],
  [9, 'PPP', layers.PPP],
  [50, 'PPP', layers.PPP],
  [12, 'raw IP', layers.IP],
  [14, 'raw IP', layers.IP],
  [51, 'PPPoE', layers.PPPOE],
  [101, 'raw IP', layers.IP],
  [105, '802.11', layers.IEEE80211],
  [113, 'Linux cooked', layers.LINUX_COOKED],
  [127, '802.11 with radiotap', layers.RADIOTAP],
  [192, 'PPI', layers.PPI],
  [228, 'raw IPv4', layers.IPV4],
  [229, 'raw IPv6', layers.IPV6],
  [149, 'Apple PKTAP', layers.PKTAP],
  [239, 'NFLOG', layers.NFLOG],
  [258, 'Apple PKTAP', layers.PKTAP],
  [276, 'Linux cooked v2', layers.LINUX_COOKED_2],
  [281, 'Ethernet with a Broadcom switch tag', layers.BROADCOM_TAG],
  [282, 'Ethernet with a Broadcom switch tag in front', layers.BROADCOM_PREFIX],
  [284, 'Ethernet with a Marvell switch tag', layers.MARVELL_TAG],
  [285, 'Ethernet with a Marvell switch tag', layers.MARVELL_ETHER_TAG],
];

/** The LINKTYPE_ numbers that can be decoded, with their names for messages. */
export const linktypes: ReadonlyMap<number, string> = new Map(linkLayers.map(([linktype, name]) => [linktype, name]));

const layerOfLinktype = new Int8Array(512).fill(REJECTED);
for (const [linktype, , layer] of linkLayers) layerOfLinktype[linktype] = layer;
const unsupported = refusal('unsupported_linktype');

/**
 * Decodes the frame that `packet` points at (bytes, view, offset, end, origlen, linktype) down to its transport.
 * Never throws and never allocates: false means refused, with the cause in `packet.reason`.
 * @param checkIpChecksum refuse IPv4 headers with a wrong checksum, as Zeek does by default
 */
export function decodePacket(packet: Packet, checkIpChecksum: boolean): boolean {
  packet.srcMac = -1;
  packet.dstMac = -1;
  packet.vlan = -1;
  packet.innerVlan = -1;
  packet.etherType = 0;
  packet.depth = 0;
  packet.hasMore = false;
  packet.next = packet.offset;
  packet.wireEnd = packet.offset + packet.origlen;
  const layer = packet.linktype < layerOfLinktype.length ? layerOfLinktype[packet.linktype] : REJECTED;
  clearNetwork(packet);
  return decodeLayers(packet, layer < 0 ? unsupported(packet) : layer, checkIpChecksum);
}

/** What `decodeTunnel` found: nothing of that kind, only the tunnel's own header, or a packet inside. */
export const NO_TUNNEL_HEADER = 0;
export const TUNNEL_HEADER = 1;
export const TUNNEL_PACKET = 2;

/** Goes on into the tunnel of this kind that the payload of `packet` is; with TUNNEL_PACKET it is the inner one then. */
export function decodeTunnel(packet: Packet, kind: number, checkIpChecksum: boolean): number {
  packet.reason = 0;
  if (packet.depth >= MAXIMUM_TUNNELS) {
    tooManyLayers(packet);
    return NO_TUNNEL_HEADER;
  }
  packet.wireEnd = packet.payloadOffset + packet.payloadLength;
  const layer = enterTunnel(packet, kind);
  if (layer < 0) return layer === DONE ? TUNNEL_HEADER : NO_TUNNEL_HEADER;
  if (layer === layers.GRE) packet.srcPort = -1;
  else {
    packet.depth++;
    clearNetwork(packet);
  }
  return decodeLayers(packet, layer, checkIpChecksum) && packet.ipVersion !== 0 ? TUNNEL_PACKET : TUNNEL_HEADER;
}

/** Decodes the transport of an IP packet on its own: one that was put together from fragments. */
export function decodeTransport(packet: Packet, checkIpChecksum: boolean): boolean {
  packet.next = packet.transportOffset;
  return decodeLayers(packet, layers.transportLayer(packet.proto), checkIpChecksum);
}

function clearNetwork(packet: Packet): void {
  packet.reason = 0;
  packet.ipVersion = 0;
  packet.arpOffset = -1;
  packet.isFragment = false;
  packet.srcPort = -1;
  packet.carrierVersion = 0;
}

function decodeLayers(packet: Packet, first: number, checkIpChecksum: boolean): boolean {
  let layer = first;
  // The way of nearly every packet, without a loop around it.
  if (layer === layers.ETHERNET) layer = decodeEthernet(packet);
  if (layer === layers.VLAN) layer = decodeVlan(packet);
  if (layer === layers.IPV4) layer = decodeIpv4(packet, checkIpChecksum);
  if (layer === layers.TCP) layer = decodeTcp(packet);
  else if (layer === layers.UDP) layer = decodeUdp(packet);
  for (let count = 0; layer >= 0; count++) {
    if (count === MAXIMUM_LAYERS) layer = tooManyLayers(packet);
    else layer = decodeLayer(packet, layer, checkIpChecksum);
  }
  return layer !== REJECTED;
}

function decodeLayer(packet: Packet, layer: number, checkIpChecksum: boolean): number {
  switch (layer) {
    case layers.ETHERNET:
      return decodeEthernet(packet);
    case layers.IPV4:
      return decodeIpv4(packet, checkIpChecksum);
    case layers.TCP:
      return decodeTcp(packet);
    case layers.UDP:
      return decodeUdp(packet);
    case layers.VLAN:
      return decodeVlan(packet);
    case layers.IPV6:
      return decodeIpv6(packet);
    case layers.ARP:
      return decodeArp(packet);
    case layers.ICMP:
      return decodeIcmp(packet);
    case layers.IP:
      return decodeIp(packet);
    case layers.GRE:
      return packet.ipVersion === 0 || enterCarrier(packet) ? decodeGre(packet) : tooManyLayers(packet);
    case layers.OTHER_TRANSPORT:
      return decodeOtherTransport(packet);
    default:
      return decodeRareLink(packet, layer);
  }
}

function decodeRareLink(packet: Packet, layer: number): number {
  switch (layer) {
    case layers.LLC:
      return decodeLlc(packet);
    case layers.MPLS:
      return decodeMpls(packet);
    case layers.PPP:
      return decodePpp(packet);
    case layers.PPPOE:
      return decodePppoe(packet);
    case layers.VNTAG:
      return decodeVntag(packet);
    case layers.PBB:
      return decodePbb(packet);
    case layers.LOOPBACK:
      return decodeLoopback(packet);
    case layers.LINUX_COOKED:
      return decodeLinuxCooked(packet);
    case layers.LINUX_COOKED_2:
      return decodeLinuxCooked2(packet);
    case layers.IEEE80211:
      return decodeIeee80211(packet);
    case layers.RADIOTAP:
      return decodeRadiotap(packet);
    case layers.PPI:
      return decodePpi(packet);
    case layers.NFLOG:
      return decodeNflog(packet);
    case layers.PKTAP:
      return decodePktap(packet);
    case layers.BROADCOM_TAG:
      return decodeBroadcomTag(packet);
    case layers.BROADCOM_PREFIX:
      return decodeBroadcomPrefix(packet);
    case layers.MARVELL_TAG:
      return decodeMarvellTag(packet);
    case layers.MARVELL_ETHER_TAG:
      return decodeMarvellEtherTag(packet);
    default:
      return DONE;
  }
}

/** IP whose version is only in its own first bits: raw links, MPLS, and IP in IP. */
function decodeIp(packet: Packet): number {
  if (packet.ipVersion !== 0 && !enterCarrier(packet)) return tooManyLayers(packet);
  return packet.next < packet.end && packet.bytes[packet.next] >>> 4 === 6 ? layers.IPV6 : layers.IPV4;
}

/** The IP header decoded last carries another one: it is remembered as the tunnel. */
function enterCarrier(packet: Packet): boolean {
  if (packet.depth >= MAXIMUM_TUNNELS) return false;
  packet.depth++;
  packet.carrierVersion = packet.ipVersion;
  packet.carrierSrc0 = packet.src0;
  packet.carrierDst0 = packet.dst0;
  packet.carrierSrc1 = packet.src1;
  packet.carrierSrc2 = packet.src2;
  packet.carrierSrc3 = packet.src3;
  packet.carrierDst1 = packet.dst1;
  packet.carrierDst2 = packet.dst2;
  packet.carrierDst3 = packet.dst3;
  packet.ipVersion = 0;
  return true;
}
