/** The link-layer addresses of a connection: twelve bytes of its record at `at`, the originator's first. */
import type { Packet } from '../packet/packet.ts';

/** Those of its first packet. */
export function copyMacs(octets: Uint8Array, at: number, packet: Packet): void {
  for (let i = 0; i < 6; i++) {
    octets[at + i] = packet.bytes[packet.srcMac + i];
    octets[at + 6 + i] = packet.bytes[packet.dstMac + i];
  }
}

/** Whether the packet goes between them, in its direction. */
export function hasMacs(octets: Uint8Array, at: number, { bytes, srcMac, dstMac }: Packet, isOrig: boolean): boolean {
  const source = isOrig ? at : at + 6;
  const destination = isOrig ? at + 6 : at;
  for (let i = 0; i < 6; i++) {
    if (octets[source + i] !== bytes[srcMac + i] || octets[destination + i] !== bytes[dstMac + i]) return false;
  }
  return true;
}
