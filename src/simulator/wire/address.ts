/** Hardware and network addresses as bytes; one end of a conversation. */
import { put16 } from './bytes.ts';

/** One end of a conversation as the capture sees it: a far host has the gateway's hardware address. */
export interface Endpoint {
  readonly mac: Uint8Array;
  /** 4 or 16 bytes. */
  readonly ip: Uint8Array;
  /** TTL or hop limit of its packets at the capture point. */
  readonly ttl: number;
  /** Next value of the IPv4 identification field. */
  nextId(): number;
  /** A wired sender's short frames are padded to 60 bytes. */
  readonly padded: boolean;
}

export function parseMac(text: string): Uint8Array {
  return Uint8Array.from(text.split(':'), (part) => Number.parseInt(part, 16));
}

export function formatMac(mac: Uint8Array): string {
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

export function parseIpv4(text: string): Uint8Array {
  return Uint8Array.from(text.split('.'), Number);
}

/** Full or `::`-shortened hexadecimal groups, without an embedded IPv4 address. */
export function parseIpv6(text: string): Uint8Array {
  const [head = '', tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  const bytes = new Uint8Array(16);
  groups.forEach((group, i) => {
    put16(bytes, 2 * i, Number.parseInt(group, 16));
  });
  return bytes;
}

/** IPv4 dotted; IPv6 as RFC 5952 writes it. */
export function formatIp(ip: Uint8Array): string {
  if (ip.length === 4) return ip.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((ip[2 * i]! << 8) | ip[2 * i + 1]!).toString(16));
  const zeros = groups.join(':').match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? [];
  const longest = zeros.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return groups.join(':');
  const text = groups.join(':').replace(longest, ':');
  return text.startsWith(':') && !text.startsWith('::') ? `:${text}` : text.endsWith(':') ? `${text}:` : text;
}

/** Modified EUI-64 interface identifier behind a 64-bit prefix (RFC 4291 appendix A). */
export function eui64(prefix: Uint8Array, mac: Uint8Array): Uint8Array {
  const ip = new Uint8Array(16);
  ip.set(prefix.subarray(0, 8));
  ip.set([mac[0]! ^ 2, mac[1]!, mac[2]!, 0xff, 0xfe, mac[3]!, mac[4]!, mac[5]!], 8);
  return ip;
}

/** The group's Ethernet address: RFC 1112 for IPv4, RFC 2464 for IPv6. */
export function multicastMac(ip: Uint8Array): Uint8Array {
  return ip.length === 4
    ? Uint8Array.of(0x01, 0x00, 0x5e, ip[1]! & 0x7f, ip[2]!, ip[3]!)
    : Uint8Array.of(0x33, 0x33, ip[12]!, ip[13]!, ip[14]!, ip[15]!);
}

/** A group or broadcast address as a destination. */
export function groupEndpoint(ip: Uint8Array, mac = multicastMac(ip)): Endpoint {
  return { mac, ip, ttl: 0, nextId: () => 0, padded: false };
}

/** ff02::1:ffXX:XXXX of an address (RFC 4291, 2.7.1). */
export function solicitedNode(ip: Uint8Array): Uint8Array {
  const group = parseIpv6('ff02::1:ff00:0');
  group.set(ip.subarray(13), 13);
  return group;
}

export const BROADCAST_MAC = parseMac('ff:ff:ff:ff:ff:ff');
export const ZERO_MAC = new Uint8Array(6);
export const UNSPECIFIED4 = new Uint8Array(4);
export const UNSPECIFIED6 = new Uint8Array(16);
export const BROADCAST = groupEndpoint(parseIpv4('255.255.255.255'), BROADCAST_MAC);
export const ALL_NODES6 = groupEndpoint(parseIpv6('ff02::1'));
export const ALL_ROUTERS6 = groupEndpoint(parseIpv6('ff02::2'));
