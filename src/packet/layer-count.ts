import { type Packet, PROTO_TCP } from './packet.ts';

const NOT_IP = 512;
const ARP = NOT_IP;
const OTHER = NOT_IP + 1;
const VLAN = NOT_IP + 2;
const FRAGMENT = NOT_IP + 3;
const TUNNEL = NOT_IP + 4;

const protocols: Readonly<Record<number, string>> = {
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  17: 'udp',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'icmpv6',
  89: 'ospf',
  103: 'pim',
  112: 'vrrp',
  132: 'sctp',
};

/** Decoded packets by layer, for statistics: counting costs one addition, the names come at the end. */
export class LayerCount {
  /** By IP protocol, for IPv4 and IPv6; then what is no IP, and properties that a packet may have besides. */
  readonly #counts = new Float64Array(NOT_IP + 5);

  add(packet: Packet): void {
    const counts = this.#counts;
    if (packet.vlan >= 0) counts[VLAN]++;
    if (packet.ipVersion === 0) {
      counts[packet.arpOffset >= 0 ? ARP : OTHER]++;
      return;
    }
    counts[packet.ipVersion === 4 ? packet.proto : packet.proto + 256]++;
    if (packet.isFragment) counts[FRAGMENT]++;
    if (packet.depth > 0) counts[TUNNEL]++;
  }

  /** Counts packets that a short way took: TCP over IPv4 and IPv6, ARP, others; some of all of them were tagged. */
  addTaken(count: { taken: number; tagged: number; overIpv6: number; arp: number; other: number }): void {
    const { taken, tagged, overIpv6, arp, other } = count;
    const counts = this.#counts;
    counts[VLAN] += tagged;
    counts[ARP] += arp;
    counts[OTHER] += other;
    counts[PROTO_TCP] += taken - overIpv6 - arp - other;
    counts[PROTO_TCP + 256] += overIpv6;
  }

  /** Counts that are not zero, the network layer first. */
  toRecord(): Record<string, number> {
    const counts = this.#counts;
    const sum = (from: number) => counts.subarray(from, from + 256).reduce((total, count) => total + count, 0);
    const rows: [string, number][] = [
      ['ipv4', sum(0)],
      ['ipv6', sum(256)],
      ['arp', counts[ARP]],
      ['other', counts[OTHER]],
      ['vlan', counts[VLAN]],
      ['fragment', counts[FRAGMENT]],
      ['tunnel', counts[TUNNEL]],
    ];
    for (let proto = 0; proto < 256; proto++) {
      rows.push([protocols[proto] ?? `ip protocol ${proto}`, counts[proto] + counts[proto + 256]]);
    }
    return Object.fromEntries(rows.filter(([, count]) => count > 0));
  }
}
