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
export const LLC = 9;
export const MPLS = 10;
export const PPP = 11;
export const PPPOE = 12;
export const VNTAG = 13;
export const PBB = 14;
export const GRE = 15;
export const LOOPBACK = 16;
export const LINUX_COOKED = 17;
export const LINUX_COOKED_2 = 18;
export const IEEE80211 = 19;
export const RADIOTAP = 20;
export const PPI = 21;
/** A transport without ports. */
export const OTHER_TRANSPORT = 22;
export const NFLOG = 23;
export const PKTAP = 24;
export const BROADCOM_TAG = 25;
export const BROADCOM_PREFIX = 26;
export const MARVELL_TAG = 27;
export const MARVELL_ETHER_TAG = 28;

/** The layer behind an IP protocol number. */
export function transportLayer(proto: number): number {
  switch (proto) {
    case 6:
      return TCP;
    case 17:
      return UDP;
    case 1:
    case 58:
      return ICMP;
    case 4:
    case 41:
      return IP;
    case 47:
      return GRE;
    case 59: // nothing follows
      return DONE;
    default:
      return OTHER_TRANSPORT;
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
    case 0x8100: // 802.1Q
    case 0x88a8: // 802.1ad
    case 0x9100: // QinQ before it was standardised
      return VLAN;
    case 0x8847:
    case 0x8848:
      return MPLS;
    case 0x8864:
      return PPPOE;
    case 0x8926: // 802.1BR
      return VNTAG;
    case 0x88e7: // 802.1ah
      return PBB;
    case 0x6558: // transparent Ethernet bridging, in GRE and Geneve
      return ETHERNET;
    default:
      return DONE;
  }
}

/** The layer behind a PPP protocol number (RFC 1332, 5072). */
export function pppLayer(protocol: number): number {
  if (protocol === 0x0021) return IPV4;
  return protocol === 0x0057 ? IPV6 : DONE;
}
