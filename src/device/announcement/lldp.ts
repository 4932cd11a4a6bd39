/** LLDP (IEEE 802.1AB): what switches, access points and telephones say of themselves. */
import { wireText } from '../../packet/text.ts';

export const LLDP = 0x88cc;
/** Bits of the capabilities that are enabled, in the standard's order. */
const capabilityNames = ['other', 'repeater', 'bridge', 'access point', 'router', 'telephone', 'docsis', 'station'];

/** `name=…`, `description=…` and `capability=…` of the LLDP data in [from, to). */
export function lldpFacts(bytes: Uint8Array, from: number, to: number): string[] {
  const facts: string[] = [];
  for (let at = from; at + 2 <= to; ) {
    const type = bytes[at] >>> 1;
    const start = at + 2;
    const end = start + (((bytes[at] & 1) << 8) | bytes[at + 1]);
    if (type === 0 || end > to) break;
    if (type === 5) facts.push(`name=${wireText(bytes, start, end)}`);
    else if (type === 6) facts.push(`description=${wireText(bytes, start, end)}`);
    else if (type === 7 && end - start === 4) facts.push(...capabilities((bytes[start + 2] << 8) | bytes[start + 3]));
    at = end;
  }
  return facts;
}

function capabilities(enabled: number): string[] {
  return capabilityNames.filter((_, bit) => (enabled & (1 << bit)) !== 0).map((name) => `capability=${name}`);
}
