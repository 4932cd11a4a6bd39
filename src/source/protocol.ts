/** Names of protocols as Zeek writes them. */

const byNumber: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp' };
const byName: Readonly<Record<string, string>> = {
  tcp: 'tcp',
  udp: 'udp',
  icmp: 'icmp',
  icmp6: 'icmp',
  icmpv6: 'icmp',
  'ipv6-icmp': 'icmp',
};

/** `proto` from an IP protocol number. */
export const protoOfNumber = (number: number): string => byNumber[number] ?? 'unknown_transport';

/** `proto` from a number or a name, in any case. */
export function protoOf(text: string | null): string | null {
  if (text === null) return null;
  const name = text.toLowerCase();
  if (/^\d{1,3}$/.test(name)) return protoOfNumber(Number(name));
  return Object.hasOwn(byName, name) ? byName[name] : 'unknown_transport';
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
