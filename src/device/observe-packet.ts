/** From a decoded packet to claims of addresses, ports and announcements; the ordinary packet costs a few comparisons. */
import { formatIpv4, formatIpv6, formatMac } from '../packet/address.ts';
import { ARP_SENDER_IP, ARP_SENDER_MAC, isEthernetArp } from '../packet/layers/link/arp.ts';
import { type Packet, PROTO_ICMPV6, PROTO_TCP, PROTO_UDP, TCP_ACK, TCP_RST, TCP_SYN } from '../packet/packet.ts';
import { isUntouched } from './address-owner.ts';
import { EDIMAX_PORTS, edimaxModels } from './announcement/edimax.ts';
import { KASA_PORT, kasaModels } from './announcement/kasa.ts';
import { LLDP, lldpFacts } from './announcement/lldp.ts';
import { upnpDescription } from './announcement/upnp-description.ts';
import type { ClaimSource, OwnedAddress } from './device.ts';
import type { DeviceRecord } from './record.ts';

/** Takes an address for a device; its entry, or null where it is not the device's. */
export type Claim = (device: DeviceRecord, address: string, source: ClaimSource, ts: number) => OwnedAddress | null;

/** `ts`: the time of the packet, as far as it is believed. */
export function observePacket(packet: Packet, ts: number, device: DeviceRecord, claim: Claim): void {
  if (packet.arpOffset >= 0) observeArp(packet, ts, device, claim);
  else if (packet.ipVersion === 0) {
    if (packet.etherType === LLDP) {
      for (const fact of lldpFacts(packet.bytes, packet.next, packet.end)) device.facts.add('lldp', fact);
    }
  } else if (packet.depth === 0) {
    const isOwn = observeSource(packet, ts, device, claim);
    if (packet.srcPort < 0) return;
    if (packet.proto === PROTO_ICMPV6) observeNeighbour(packet, ts, device, claim);
    // What a router forwards is not its own doing.
    else if (!isOwn) return;
    else if (packet.proto === PROTO_TCP) observeTcp(packet, device);
    else if (packet.proto === PROTO_UDP) observeUdp(packet, device);
  }
}

/** True where the others of its connection, in the same direction, would tell the same. */
export function tellsAll({ proto, srcPort, dstPort }: Packet): boolean {
  return proto === PROTO_TCP || (proto === PROTO_UDP && srcPort !== KASA_PORT && !EDIMAX_PORTS.includes(dstPort));
}

function observeArp(packet: Packet, ts: number, device: DeviceRecord, claim: Claim): void {
  if (!isEthernetArp(packet)) return;
  const { bytes, view, arpOffset, srcMac } = packet;
  // A bridge may pass it on, a forger may not mind: only who sends in its own name makes a claim.
  for (let i = 0; i < 6; i++) if (bytes[arpOffset + ARP_SENDER_MAC + i] !== bytes[srcMac + i]) return;
  const sender = view.getInt32(arpOffset + ARP_SENDER_IP);
  if (sender !== 0) claim(device, formatIpv4(sender), 'arp', ts);
}

/** Sending from an address: a claim only where the packet was not forwarded. True where the address is the device's. */
function observeSource(packet: Packet, ts: number, device: DeviceRecord, claim: Claim): boolean {
  const { src0, src1, src2, src3 } = packet;
  const isV6 = packet.ipVersion === 6;
  const last = isV6 ? device.v6 : device.v4;
  if (last.w0 === src0 && (!isV6 || (last.w1 === src1 && last.w2 === src2 && last.w3 === src3))) {
    device.renewEntry(last.entry, ts);
    if (last.entry !== null || !isUntouched(packet.ttl)) return last.entry !== null;
  }
  last.w0 = src0;
  last.w1 = src1;
  last.w2 = src2;
  last.w3 = src3;
  if (!isV6 && device.isStranger(src0) && !isUntouched(packet.ttl)) {
    last.entry = null;
    return false;
  }
  const address = isV6 ? formatIpv6(src0, src1, src2, src3) : formatIpv4(src0);
  // The entry of a known address counts, whatever the hop limit.
  last.entry = device.addresses.get(address) ?? null;
  device.renewEntry(last.entry, ts);
  if (last.entry === null && isUntouched(packet.ttl)) last.entry = claim(device, address, 'traffic', ts);
  if (last.entry === null && !isV6) device.noteStranger(src0);
  return last.entry !== null;
}

function observeTcp(packet: Packet, device: DeviceRecord): void {
  const { tcpFlags, bytes, payloadOffset } = packet;
  if ((tcpFlags & (TCP_SYN | TCP_RST)) === TCP_SYN) {
    if ((tcpFlags & TCP_ACK) !== 0) device.facts.add('open_port', `tcp/${packet.srcPort}`);
    else device.facts.add('contacted_port', `tcp/${packet.dstPort}`);
  } else if (packet.payloadCaptured > 0) {
    const first = bytes[payloadOffset];
    if (first !== 0x3c && first !== 0x48) return;
    for (const fact of upnpDescription(bytes, payloadOffset, payloadOffset + packet.payloadCaptured)) {
      device.facts.add('upnp', fact);
    }
  }
}

function observeUdp(packet: Packet, device: DeviceRecord): void {
  const { srcPort, dstPort, bytes, payloadOffset: from } = packet;
  const to = from + packet.payloadCaptured;
  if (srcPort === KASA_PORT) for (const model of kasaModels(bytes, from, to)) device.facts.add('model', model);
  else if (EDIMAX_PORTS.includes(dstPort)) {
    for (const model of edimaxModels(bytes, from, to)) device.facts.add('model', model);
  }
  if (dstPort === device.lastUdpPort) return;
  device.lastUdpPort = dstPort;
  // Answers go to ephemeral ports, which say nothing.
  if (dstPort < 32_768 || dstPort < srcPort) device.facts.add('contacted_port', `udp/${dstPort}`);
}

const ROUTER_ADVERTISEMENT = 134;
const NEIGHBOUR_SOLICITATION = 135;
const NEIGHBOUR_ADVERTISEMENT = 136;

/** RFC 4861 and 4862: the target of an advertisement is the sender's, and so is that of a test for duplicates. */
function observeNeighbour(packet: Packet, ts: number, device: DeviceRecord, claim: Claim): void {
  const { view, bytes, payloadOffset: target, srcPort: type } = packet;
  // Genuine neighbour discovery never passes a router.
  if (packet.ttl !== 255) return;
  if (type === ROUTER_ADVERTISEMENT) device.advertisesRouter = true;
  if (type !== NEIGHBOUR_ADVERTISEMENT && type !== NEIGHBOUR_SOLICITATION) return;
  if (packet.payloadCaptured < 16) return;
  const isTest = (packet.src0 | packet.src1 | packet.src2 | packet.src3) === 0;
  if (type === NEIGHBOUR_SOLICITATION && !isTest) return;
  if (type === NEIGHBOUR_ADVERTISEMENT && (bytes[target - 4] & 0x80) !== 0) device.advertisesRouter = true;
  const word = (i: number): number => view.getInt32(target + 4 * i);
  claim(device, formatIpv6(word(0), word(1), word(2), word(3)), 'nd', ts);
}

/** The address of a frame as text; the all-zero one too. */
export const macText = (bytes: Uint8Array, at: number): string => formatMac(bytes, at) ?? '00:00:00:00:00:00';
