/** The type of the answer to an ICMP message (RFC 792, 950, 1256), or -1 where there is none. */
export function icmpCounterpart(type: number): number {
  switch (type) {
    case 8: // echo
      return 0;
    case 0:
      return 8;
    case 13: // timestamp
      return 14;
    case 14:
      return 13;
    case 15: // information
      return 16;
    case 16:
      return 15;
    case 10: // router solicitation
      return 9;
    case 9:
      return 10;
    case 17: // address mask
      return 18;
    case 18:
      return 17;
    default:
      return -1;
  }
}

/** The same for ICMPv6 (RFC 4443, 4861, 2710, 4620, 6275). */
export function icmpv6Counterpart(type: number): number {
  switch (type) {
    case 128: // echo
      return 129;
    case 129:
      return 128;
    case 133: // router solicitation
      return 134;
    case 134:
      return 133;
    case 135: // neighbor solicitation
      return 136;
    case 136:
      return 135;
    case 130: // multicast listener query
      return 131;
    case 131:
      return 130;
    case 139: // node information
      return 140;
    case 140:
      return 139;
    case 144: // home agent address discovery
      return 145;
    case 145:
      return 144;
    default:
      return -1;
  }
}
