/** One frame for each link layer, tag, tunnel and extension header that is decoded, around the same UDP datagram. */
import { allocate, checksum, put16, put32 } from '../../src/simulator/wire/bytes.ts';
import type { TestFrame } from './write-capture.ts';

export interface LayeredFrame {
  name: string;
  linktype: number;
  frame: TestFrame;
}

export const SOURCE = '192.0.2.1';
export const DESTINATION = '198.51.100.7';
export const PORTS = { source: 40_000, destination: 9999 };

export const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));

export function bytes(...parts: (Uint8Array | number[] | string)[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? hex(part) : Uint8Array.from(part)))),
  );
}

const u16 = (value: number): number[] => [value >>> 8, value & 0xff];

/** UDP without a checksum. */
export function udp(payload: Uint8Array | number[], source = PORTS.source, destination = PORTS.destination) {
  return bytes(u16(source), u16(destination), u16(8 + payload.length), [0, 0], payload);
}

export interface Ipv4Fields {
  proto?: number;
  id?: number;
  /** Flags and offset, as in the header. */
  fragment?: number;
  totalLength?: number;
  source?: string;
  destination?: string;
  ttl?: number;
}

export function ipv4(payload: Uint8Array, fields: Ipv4Fields = {}): Uint8Array<ArrayBuffer> {
  const packet = allocate(20 + payload.length);
  packet[0] = 0x45;
  put16(packet, 2, fields.totalLength ?? packet.length);
  put16(packet, 4, fields.id ?? 1);
  put16(packet, 6, fields.fragment ?? 0);
  packet[8] = fields.ttl ?? 64;
  packet[9] = fields.proto ?? 17;
  packet.set((fields.source ?? SOURCE).split('.').map(Number), 12);
  packet.set((fields.destination ?? DESTINATION).split('.').map(Number), 16);
  put16(packet, 10, checksum(packet, 0, 20));
  packet.set(payload, 20);
  return new Uint8Array(packet);
}

export const SOURCE_6 = '2001:db8::1';
export const DESTINATION_6 = '2001:db8::7';

/** IPv6 with `payload` behind `next`; UDP needs its checksum here. */
export function ipv6(payload: Uint8Array, next = 17): Uint8Array<ArrayBuffer> {
  const source = '20010db8000000000000000000000001';
  const destination = '20010db8000000000000000000000007';
  return bytes('60000000', u16(payload.length), [next, 64], source, destination, payload);
}

/** UDP for IPv6, with a checksum. */
export function udp6(payload: Uint8Array, source = PORTS.source, destination = PORTS.destination) {
  const datagram = udp(payload, source, destination);
  const pseudo = allocate(40 + datagram.length);
  pseudo.set(ipv6(datagram).subarray(8, 40));
  put32(pseudo, 32, datagram.length);
  pseudo[39] = 17;
  pseudo.set(datagram, 40);
  put16(datagram, 6, checksum(pseudo, 0, pseudo.length));
  return datagram;
}

export const MAC_DESTINATION = '020000000002';
export const MAC_SOURCE = '020000000001';

export function ethernet(etherType: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes(MAC_DESTINATION, MAC_SOURCE, u16(etherType), payload);
}

const payload = Uint8Array.from({ length: 32 }, (_, i) => i);
export const datagram = ipv4(udp(payload));
export const datagram6 = ipv6(udp6(payload));
const inner = ethernet(0x0800, datagram);

/** A tunnel's header in a UDP datagram to its port. */
const inUdp = (port: number, ...parts: (Uint8Array | number[] | string)[]): Uint8Array =>
  ethernet(0x0800, ipv4(udp(bytes(...parts), 50_000, port), { source: '10.0.0.1', destination: '10.0.0.2' }));

const outer = (proto: number, ...parts: (Uint8Array | number[] | string)[]): Uint8Array =>
  ethernet(0x0800, ipv4(bytes(...parts), { proto, source: '10.0.0.1', destination: '10.0.0.2' }));

const wifi = (control: string): Uint8Array =>
  bytes(control, '0000', MAC_DESTINATION, MAC_SOURCE, '020000000003', '0000', 'aaaa03 000000 0800', datagram);

const hopByHop = bytes([17, 0, 1, 4, 0, 0, 0, 0]);

const frames: [name: string, linktype: number, frame: Uint8Array][] = [
  ['Ethernet', 1, inner],
  ['Ethernet, IPv6', 1, ethernet(0x86dd, datagram6)],
  ['802.1Q', 1, bytes(MAC_DESTINATION, MAC_SOURCE, '8100 0064 0800', datagram)],
  ['QinQ', 1, bytes(MAC_DESTINATION, MAC_SOURCE, '88a8 000a 8100 0014 0800', datagram)],
  ['802.3 with SNAP', 1, bytes(MAC_DESTINATION, MAC_SOURCE, u16(8 + datagram.length), 'aaaa03000000 0800', datagram)],
  ['Cisco FabricPath', 1, bytes(MAC_DESTINATION, MAC_SOURCE, '8903 0000', inner)],
  ['802.1ah', 1, ethernet(0x88e7, bytes('00000000', inner))],
  ['VN-Tag', 1, ethernet(0x8926, bytes('00000000 0800', datagram))],
  ['MPLS', 1, ethernet(0x8847, bytes('00010040 00011140', datagram))],
  ['PPPoE', 1, ethernet(0x8864, bytes('1100 0001', u16(datagram.length + 2), '0021', datagram))],
  ['BSD loopback', 0, bytes('02000000', datagram)],
  ['BSD loopback, IPv6', 108, bytes('0000001e', datagram6)],
  ['raw IP', 101, datagram],
  ['raw IP, IPv6', 12, datagram6],
  ['raw IPv4', 228, datagram],
  ['raw IPv6', 229, datagram6],
  ['Linux cooked', 113, bytes('0000 0001 0006', MAC_SOURCE, '0000 0800', datagram)],
  ['Linux cooked v2', 276, bytes('0800 0000 00000001 0001 00 06', MAC_SOURCE, '0000', datagram)],
  ['PPP', 9, bytes('ff03 0021', datagram)],
  ['802.11', 105, wifi('0800')],
  ['802.11 with QoS', 105, bytes(wifi('8801').subarray(0, 24), '0000 aaaa03 000000 0800', datagram)],
  [
    'NFLOG',
    239,
    bytes(
      '02 00 0014 0800 0100 08000127 1000 0800 0006 ffff',
      MAC_SOURCE,
      '0000',
      [datagram.length + 4, 0],
      '0900',
      datagram,
    ),
  ],
  ['PKTAP', 258, bytes('6c000000 01000000 01000000', new Uint8Array(96), inner)],
  ['Broadcom tag', 281, bytes(MAC_DESTINATION, MAC_SOURCE, '20000001 0800', datagram)],
  ['Broadcom tag in front', 282, bytes('20000001', inner)],
  ['Marvell tag', 284, bytes(MAC_DESTINATION, MAC_SOURCE, 'e00a 0064 0800', datagram)],
  ['Marvell tag with EtherType', 285, bytes(MAC_DESTINATION, MAC_SOURCE, 'dada 0000 c00a 0000 0800', datagram)],
  ['PPP with a short protocol', 9, bytes('21', datagram)],
  [
    'radiotap with time, flags and FCS',
    127,
    bytes('0000 1800 03000000', new Uint8Array(8), '10', new Uint8Array(7), wifi('0802'), 'deadbeef'),
  ],
  [
    '802.11 with an aggregate',
    105,
    bytes(
      wifi('8801').subarray(0, 24),
      '8000',
      MAC_DESTINATION,
      MAC_SOURCE,
      u16(8 + datagram.length),
      'aaaa03 000000 0800',
      datagram,
    ),
  ],
  ['GRE of an access point', 1, outer(47, '0000 8200', wifi('0801'))],
  ['radiotap', 127, bytes('0000 0800 00000000', wifi('0802'))],
  ['PPI', 192, bytes('00 00 0800 01000000', inner)],
  ['IPv6 hop by hop', 1, ethernet(0x86dd, ipv6(bytes(hopByHop, udp6(payload)), 0))],
  [
    'IPv6 routing and destination options',
    1,
    ethernet(0x86dd, ipv6(bytes([60, 0, 0, 0, 0, 0, 0, 0], hopByHop, udp6(payload)), 43)),
  ],
  ['IPv6 atomic fragment', 1, ethernet(0x86dd, ipv6(bytes([17, 0, 0, 0, 0, 0, 0, 9], udp6(payload)), 44))],
  ['IP in IP', 1, outer(4, datagram)],
  ['IPv6 in IPv4', 1, outer(41, datagram6)],
  ['GRE', 1, outer(47, '0000 0800', datagram)],
  ['GRE with key and sequence', 1, outer(47, '3000 6558 00000001 00000002', inner)],
  ['GRE of PPTP', 1, outer(47, '3001 880b', u16(datagram.length + 4), '0001 00000001 ff03 0021', datagram)],
  ['ERSPAN', 1, outer(47, '1000 88be 00000001 1000000000000000', inner)],
  ['VXLAN', 1, inUdp(4789, '0800000000000100', inner)],
  ['Geneve', 1, inUdp(6081, '0100 6558 00000100 00000000', inner)],
  ['GTP', 1, inUdp(2152, '30ff', u16(datagram.length), '00000001', datagram)],
  ['GTP with extension', 1, inUdp(2152, '34ff', u16(datagram.length + 8), '00000001 00000085 01000000', datagram)],
  ['Teredo', 1, inUdp(3544, '0000 3fff ffffffff', datagram6)],
  ['AYIYA', 1, inUdp(5072, '4452 0129 00000000', new Uint8Array(16), new Uint8Array(20), datagram6)],
  ['CAPWAP', 1, inUdp(5247, '0010020000000000', inner)],
];

export function layeredFrames(): LayeredFrame[] {
  return frames.map(([name, linktype, frame]) => ({
    name,
    linktype,
    frame: { ts: 1_700_000_000_000_000, bytes: frame },
  }));
}
