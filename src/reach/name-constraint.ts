/**
 * What the authority may vouch for (RFC 5280, 4.2.1.10): names that only exist at home, the owner's own, and addresses.
 * Whoever steals its key from the machine cannot pretend to be a bank with it.
 */
import { isIP } from 'node:net';

/** Zones that nobody can register in the public DNS (RFC 6762, 6761, 8375; `internal` is reserved by ICANN), and those of routers. */
const homeZones = ['localhost', 'local', 'home.arpa', 'internal', 'lan', 'home', 'localdomain', 'fritz.box'];

/** Whether an authority that was made for `names` may vouch for the host. */
export const isPermitted = (host: string, names: readonly string[]): boolean =>
  isIP(host) !== 0 || [...homeZones, ...names].some((zone) => host === zone || host.endsWith(`.${zone}`));

/** The extension's value in DER. It says nothing of addresses, so each of them is permitted. */
export function permittedNames(names: readonly string[]): Uint8Array<ArrayBuffer> {
  const zones = [...new Set([...homeZones, ...names])];
  const subtrees = zones.map((zone) => tlv(0x30, tlv(0x82, Buffer.from(zone, 'ascii'))));
  return new Uint8Array(tlv(0x30, tlv(0xa0, Buffer.concat(subtrees))));
}

/** Tag, length, value (X.690). */
function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}
