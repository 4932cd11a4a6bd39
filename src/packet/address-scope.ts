/**
 * Where an IP address stands to this network, from the address alone: the one answer to "local?" and "whose?". Two lists
 * stay apart: Zeek's private networks (flow/private-nets.ts), which are a field of conn.log, and the guard of the notifier
 * (notify/transport/address-range.ts), which must refuse more than it explains.
 */
import type { Packet } from './packet.ts';

/** Where an address stands: on this network, elsewhere, or for many at once (multicast and broadcast). */
export type Scope = 'local' | 'external' | 'multicast';

/**
 * RFC 1918, RFC 6598, link-local, loopback and "this host" are local; 224/4 and broadcast are for many. From the word of
 * the packet: no text is made on the way.
 */
export function scopeOfIpv4(word: number): Scope {
  const [a, b, d] = [word >>> 24, (word >>> 16) & 255, word & 255];
  if (a >= 224) return 'multicast';
  if (a === 10 || a === 127 || a === 0 || (a === 192 && b === 168) || (a === 172 && b >= 16 && b <= 31)) {
    // The directed broadcast of a /24, which is what homes have.
    return d === 255 ? 'multicast' : 'local';
  }
  return (a === 169 && b === 254) || (a === 100 && b >= 64 && b <= 127) ? 'local' : 'external';
}

/** Unique local (fc00::/7), link-local (fe80::/10), loopback and unspecified are local; ff00::/8 is multicast. */
function scopeOfIpv6(address: string): Scope {
  if (/^ff/i.test(address)) return 'multicast';
  return /^(f[cd]|fe[89ab]|::1?$)/i.test(address) ? 'local' : 'external';
}

export function scopeOf(address: string): Scope {
  if (address.includes(':')) return scopeOfIpv6(address);
  const [a, b, c, d] = address.split('.').map(Number);
  return scopeOfIpv4((a << 24) | (b << 16) | (c << 8) | d);
}

/** The upper three bits of 2000::/3 (RFC 4291). */
const GLOBAL_UNICAST = 1;

/** Whether the sender's address is one that no device of this network could have by what it is. */
export const isForeign = ({ ipVersion, src0 }: Packet): boolean =>
  ipVersion === 4 ? scopeOfIpv4(src0) === 'external' : src0 >>> 29 === GLOBAL_UNICAST;

/** The side that a connection is counted for: a local originator (0), else a local responder (1), else the originator. */
export const owningSide = (orig: Scope, resp: Scope): 0 | 1 => (orig === 'local' || resp !== 'local' ? 0 : 1);
