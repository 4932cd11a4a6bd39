/** ICMPv6: neighbour discovery (RFC 4861), multicast listener reports (RFC 3810). */
import type { Endpoint } from './address.ts';
import { ALL_NODES6, ALL_ROUTERS6, groupEndpoint, parseIpv6, solicitedNode } from './address.ts';
import { ByteWriter, put16 } from './bytes.ts';
import { type IpOptions, ipFrame, Protocol, payloadOffset, transportChecksum } from './ip.ts';

const HOP_LIMIT: IpOptions = { ttl: 255 };
const ALL_MLDV2_ROUTERS = groupEndpoint(parseIpv6('ff02::16'));

function icmp6Frame(from: Endpoint, to: Endpoint, type: number, rest: Uint8Array, options: IpOptions): Uint8Array {
  const length = 4 + rest.length;
  const frame = ipFrame(from, to, Protocol.ICMPV6, length, options);
  const at = payloadOffset(from, options);
  frame[at] = type;
  frame.set(rest, at + 4);
  put16(frame, at + 2, transportChecksum(frame, at, length, Protocol.ICMPV6));
  return frame;
}

function linkAddress(option: 1 | 2, mac: Uint8Array): Uint8Array {
  return Uint8Array.of(option, 1, ...mac);
}

/** From the unspecified address it is duplicate address detection and carries no link address. */
export function neighborSolicitation(from: Endpoint, target: Uint8Array): Uint8Array {
  const writer = new ByteWriter(32).zeros(4).bytes(target);
  if (from.ip.some((byte) => byte !== 0)) writer.bytes(linkAddress(1, from.mac));
  return icmp6Frame(from, groupEndpoint(solicitedNode(target)), 135, writer.done(), HOP_LIMIT);
}

export function neighborAdvertisement(from: Endpoint, to: Endpoint, target: Uint8Array, router: boolean): Uint8Array {
  const flags = (router ? 0x80 : 0) | (to === ALL_NODES6 ? 0 : 0x40) | 0x20;
  const rest = new ByteWriter(32).u8(flags).zeros(3).bytes(target).bytes(linkAddress(2, from.mac)).done();
  return icmp6Frame(from, to, 136, rest, HOP_LIMIT);
}

export function routerSolicitation(from: Endpoint): Uint8Array {
  return icmp6Frame(from, ALL_ROUTERS6, 133, Uint8Array.of(0, 0, 0, 0, ...linkAddress(1, from.mac)), HOP_LIMIT);
}

/** Announces the /64 prefix for SLAAC, and the router itself as DNS server (RFC 8106). */
export function routerAdvertisement(from: Endpoint, prefix: Uint8Array, mtu = 1500): Uint8Array {
  const rest = new ByteWriter(96);
  rest.u8(64).u8(0).u16(1800).u32(0).u32(0);
  rest.u8(3).u8(4).u8(64).u8(0xc0).u32(86400).u32(14400).u32(0).bytes(prefix.subarray(0, 8)).zeros(8);
  rest.u8(25).u8(3).u16(0).u32(1800).bytes(from.ip);
  rest.u8(5).u8(1).u16(0).u32(mtu).bytes(linkAddress(1, from.mac));
  return icmp6Frame(from, ALL_NODES6, 134, rest.done(), HOP_LIMIT);
}

/** MLDv2 report: joins the groups (record type 4, change to exclude nothing). */
export function listenerReport(from: Endpoint, groups: readonly Uint8Array[]): Uint8Array {
  const rest = new ByteWriter(64).u16(0).u16(groups.length);
  for (const group of groups) rest.u8(4).u8(0).u16(0).bytes(group);
  return icmp6Frame(from, ALL_MLDV2_ROUTERS, 143, rest.done(), { ttl: 1, routerAlert: true });
}
