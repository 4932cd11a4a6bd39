import type { Packet } from './packet.ts';
import { type Reason, reasonNumber } from './reason.ts';

/** Which decoder comes next. A layer returns one of these; negative ends the packet. */
export const REJECTED = -2;
export const DONE = -1;
export const ETHERNET = 0;
export const VLAN = 1;
export const IP = 2;
export const IPV4 = 3;
export const IPV6 = 4;
export const ARP = 5;
export const TCP = 6;
export const UDP = 7;
export const ICMP = 8;
export const ICMPV6 = 9;

/** A function that refuses the packet for one reason: `const truncated = refusal('truncated_ip')`. */
export function refusal(name: Reason): (packet: Packet) => typeof REJECTED {
  const number = reasonNumber(name);
  return (packet) => {
    packet.reason = number;
    return REJECTED;
  };
}

/** The layer behind an IP protocol number; DONE for a transport that has no ports. */
export function transportLayer(proto: number): number {
  switch (proto) {
    case 6:
      return TCP;
    case 17:
      return UDP;
    case 1:
      return ICMP;
    case 58:
      return ICMPV6;
    default:
      return DONE;
  }
}

/** The layer behind an EtherType; DONE where it is none that carries IP. */
export function etherTypeLayer(etherType: number): number {
  switch (etherType) {
    case 0x0800:
      return IPV4;
    case 0x86dd:
      return IPV6;
    case 0x0806:
      return ARP;
    case 0x8100:
    case 0x88a8:
    case 0x9100:
      return VLAN;
    default:
      return DONE;
  }
}
