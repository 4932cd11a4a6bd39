/** Application protocols; a connection keeps the recognised ones as bits of two words. */

/** Under Zeek's names. The order is part of the kernel: it looks at the bits of DNS, DHCP and QUIC (datagram.ts). */
export const zeekServices = [
  ...['dns', 'dhcp', 'ntp', 'ssl', 'quic', 'http', 'mqtt', 'ssh', 'irc', 'ftp', 'smtp', 'pop3', 'imap', 'sip'],
  ...['vxlan', 'geneve', 'gtpv1', 'teredo', 'ayiya', 'ftp-data', 'smb', 'dce_rpc', 'gssapi', 'ntlm', 'krb', 'krb_tcp'],
  ...['ldap_tcp', 'ldap_udp', 'rdp', 'rdpeudp', 'rfb', 'modbus', 'dnp3_tcp', 'dnp3_udp', 'snmp', 'syslog', 'radius'],
  ...['socks', 'mysql', 'postgresql', 'redis', 'xmpp', 'websocket', 'dtls', 'gridftp'],
] as const;

/** What Zeek has no name for in its default scripts. They never stand in `service`, which is Zeek's. */
export const ownServices = [
  ...['telnet', 'rtsp', 'tftp', 'wireguard', 'openvpn', 'coap', 'ssdp', 'mdns', 'llmnr', 'netbios-ns', 'stun'],
  ...['matter'],
] as const;

const names: readonly string[] = [...zeekServices, ...ownServices];
const OWN_FROM = zeekServices.length;
const WORD = 32;

export type Service = (typeof zeekServices)[number] | (typeof ownServices)[number];

/** Protocols of one connection: `low` are the first 32 of the list, `high` the others. */
export interface Services {
  readonly low: number;
  readonly high: number;
}

export const NO_SERVICES: Services = { low: 0, high: 0 };

export function serviceSet(...some: Service[]): Services {
  let low = 0;
  let high = 0;
  for (const name of some) {
    const at = names.indexOf(name);
    if (at < WORD) low |= 1 << at;
    else high |= 1 << (at - WORD);
  }
  return { low, high };
}

/** Zeek's `service` and our own: the names, separated by commas; null where nothing was recognised. */
export interface ServiceTexts {
  zeek: string | null;
  own: string | null;
}

const none: ServiceTexts = { zeek: null, own: null };

export function serviceTexts(low: number, high: number): ServiceTexts {
  if ((low | high) === 0) return none;
  const byLow = high === 0 ? plain : (others.get(high) ?? keepFor(high));
  let found = byLow.get(low);
  if (found === undefined) {
    const held = names.filter((_, i) => ((i < WORD ? low >>> i : high >>> (i - WORD)) & 1) !== 0);
    const isOwn = (name: string): boolean => names.indexOf(name) >= OWN_FROM;
    found = { zeek: joined(held.filter((name) => !isOwn(name))), own: joined(held.filter(isOwn)) };
    byLow.set(low, found);
  }
  return found;
}

const joined = (list: readonly string[]): string | null => (list.length === 0 ? null : [...list].sort().join(','));

/** Few of the combinations occur. */
const plain = new Map<number, ServiceTexts>();
const others = new Map<number, Map<number, ServiceTexts>>();

function keepFor(high: number): Map<number, ServiceTexts> {
  const map = new Map<number, ServiceTexts>();
  others.set(high, map);
  return map;
}

/** UDP tunnels by their kind (packet/layers/network/tunnel.ts); GRE in UDP and CAPWAP have no name in Zeek. */
export const tunnelServices: readonly Services[] = [
  NO_SERVICES,
  serviceSet('vxlan'),
  serviceSet('geneve'),
  serviceSet('gtpv1'),
  serviceSet('teredo'),
  serviceSet('ayiya'),
  NO_SERVICES,
  NO_SERVICES,
];
