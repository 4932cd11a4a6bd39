/** Names of protocols as Zeek writes them. */

import type { Conn } from '../../flow/conn.ts';

const byNumber: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp' };
const numbers: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  gre: 47,
  esp: 50,
  icmp6: 58,
  icmpv6: 58,
  'ipv6-icmp': 58,
  sctp: 132,
};

/** Other protocols that logs name: below IP, or without a number that matters here. */
const others = new Set(
  'arp rarp llc stp cdp lldp eapol ppp ipip ipencap egp igp pup rdp dccp rsvp ah skip eigrp ospf ospfigp pim vrrp l2tp udplite mpls-in-ip ipv6-frag ipv6-route ipv6-nonxt ipv6-opts hopopt rtp rtcp udt ip unknown'.split(
    ' ',
  ),
);

/** Zeek's name of a transport from a name in any case or an IP protocol number; null where it is neither. */
export function transportOf(text: string): string | null {
  if (text === 'tcp' || text === 'udp' || text === 'icmp' || text === 'unknown_transport') return text;
  const name = text.toLowerCase();
  const number = /^\d{1,3}$/.test(name) ? Number(name) : Object.hasOwn(numbers, name) ? numbers[name] : null;
  if (number !== null) return number > 255 ? null : (byNumber[number] ?? 'unknown_transport');
  return others.has(name) || name === 'unknown_transport' ? 'unknown_transport' : null;
}

/** Sets `proto` and `ip_proto` from an IP protocol number or a name in any case. */
export function setProto(conn: Conn, text: string | null): void {
  if (text === null) return;
  const name = text.toLowerCase();
  if (/^\d{1,3}$/.test(name)) conn.ip_proto = Number(name);
  else conn.ip_proto = Object.hasOwn(numbers, name) ? numbers[name] : null;
  conn.proto = byNumber[conn.ip_proto ?? -1] ?? 'unknown_transport';
}

/** nfdump and NetFlow keep type and code of ICMP in the destination port: `8.0`, or type * 256 + code. */
export function icmpTypeAndCode(port: string): [number | null, number | null] {
  const match = /^(\d{1,3})\.(\d{1,3})$/.exec(port.trim());
  if (match) return [Number(match[1]), Number(match[2])];
  return /^\d{1,5}$/.test(port.trim()) ? [Number(port) >> 8, Number(port) & 0xff] : [null, null];
}

/** Application names of other meters that Zeek calls otherwise. */
const services: Readonly<Record<string, string>> = {
  tls: 'ssl',
  https: 'ssl',
  mdns: 'dns',
  llmnr: 'dns',
  dhcpv6: 'dhcp',
  ikev2: 'ike',
};
const nothing = new Set(['', 'unknown', 'failed', '-', 'icmp', 'icmpv6']);

/** `service` from an application name such as `TLS.Google`, `failed` or `mqtt`; null where none was recognised. */
export function serviceOf(name: string | null): string | null {
  const base = (name ?? '').split('.')[0].toLowerCase();
  if (nothing.has(base)) return null;
  return Object.hasOwn(services, base) ? services[base] : base;
}
