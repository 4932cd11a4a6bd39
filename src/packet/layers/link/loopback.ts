import { DONE, IPV4, IPV6 } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { truncatedLink } from '../../refusal.ts';

const HEADER = 4;

/** BSD loopback: the address family as a word in the byte order of the machine that captured. */
export function decodeLoopback(packet: Packet): number {
  const { view, next } = packet;
  if (next + HEADER > packet.end) return truncatedLink(packet);
  const big = view.getUint32(next);
  const family = big > 0xffff ? view.getUint32(next, true) : big;
  packet.next = next + HEADER;
  switch (family) {
    case 2:
      return IPV4;
    case 10: // Linux
    case 24: // NetBSD, OpenBSD
    case 28: // FreeBSD
    case 30: // macOS
      return IPV6;
    default:
      return DONE;
  }
}
