import { type Packet, PROTO_TCP, PROTO_UDP } from './packet.ts';

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

/** Packets that a short way took: ARP, others without IP, UDP, and the rest TCP; some of all of them were tagged. */
export interface TakenCounts {
  taken: number;
  tagged: number;
  tcpOverIpv6: number;
  udp: number;
  udpOverIpv6: number;
  arp: number;
  other: number;
}

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

  addTaken({ taken, tagged, tcpOverIpv6, udp, udpOverIpv6, arp, other }: TakenCounts): void {
    const counts = this.#counts;
    counts[VLAN] += tagged;
    counts[ARP] += arp;
    counts[OTHER] += other;
    counts[PROTO_UDP] += udp;
    counts[PROTO_UDP + 256] += udpOverIpv6;
    counts[PROTO_TCP + 256] += tcpOverIpv6;
    counts[PROTO_TCP] += taken - tcpOverIpv6 - udp - udpOverIpv6 - arp - other;
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
