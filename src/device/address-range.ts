/** What kind of address it is, from its bytes or words: for every packet, so without text. */
import type { Packet } from '../packet/packet.ts';

/** The upper three bits of 2000::/3 (RFC 4291). */
const GLOBAL_UNICAST = 1;

export const isGroup = (bytes: Uint8Array, at: number): boolean => (bytes[at] & 1) !== 0;

export function isZero(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 6; i++) if (bytes[at + i] !== 0) return false;
  return true;
}

/** Not an address that a device of this network could have. */
export const isForeign = ({ ipVersion, src0 }: Packet): boolean =>
  ipVersion === 4 ? isInternet(src0) : src0 >>> 29 === GLOBAL_UNICAST;

/** A unicast IPv4 address outside the private, shared, link-local and loopback ranges. */
export function isInternet(word: number): boolean {
  const first = word >>> 24;
  const second = (word >>> 16) & 0xff;
  if (first === 0 || first === 10 || first === 127 || first >= 224) return false;
  if (first === 172) return second < 16 || second > 31;
  if (first === 100) return second < 64 || second > 127;
  return !((first === 192 && second === 168) || (first === 169 && second === 254));
}
