/**
 * Edimax devices register with their cloud over UDP in XML whose bytes are rotated by some bits ("Security
 * Vulnerabilities of Internet of Things: A Case Study of the Smart Plug System", Ling et al., 2017). Model and type are in it.
 */
import { escapeUnsafe } from '../../packet/text.ts';

export const EDIMAX_PORTS: readonly number[] = [8765, 8766];
const OPENING = '<param>';
const FIELDS = /<(?:model|type) value="([^"]{1,32})"/g;

/** Model and type in the registration [from, to), such as `SP-1101W` and `SmartPlug`; empty where it is none. */
export function edimaxModels(bytes: Uint8Array, from: number, to: number): string[] {
  if (to - from < OPENING.length || to - from > 1500) return [];
  for (let bits = 0; bits < 8; bits++) {
    if (!beginsWith(bytes, from, bits)) continue;
    let text = '';
    for (let at = from; at < to; at++) text += String.fromCharCode(rotate(bytes[at], bits));
    return [...text.matchAll(FIELDS)].map(([, value]) => escapeUnsafe(value));
  }
  return [];
}

/** The first byte tells the rotation, so the text begins behind it. */
function beginsWith(bytes: Uint8Array, from: number, bits: number): boolean {
  for (let i = 1; i < OPENING.length; i++) {
    if (rotate(bytes[from + i], bits) !== OPENING.charCodeAt(i)) return false;
  }
  return true;
}

const rotate = (byte: number, bits: number): number => ((byte >>> bits) | (byte << (8 - bits))) & 0xff;
