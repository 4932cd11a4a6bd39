/**
 * TP-Link's Kasa devices answer a broadcast to UDP port 9999 with JSON that is hidden by an autokey XOR: each byte is
 * combined with the one before it, the first with 171. Model and type are in it.
 */
import { wireText } from '../../packet/text.ts';

export const KASA_PORT = 9999;
const FIRST_KEY = 171;
const BRACE = 0x7b;
const FIELDS = /"(?:model|type|mic_type|dev_name)":"([^"]{1,64})"/g;

/** Model, type and name that the answer [from, to) gives; empty where it is none. */
export function kasaModels(bytes: Uint8Array, from: number, to: number): string[] {
  if (to <= from || (bytes[from] ^ FIRST_KEY) !== BRACE) return [];
  const plain = new Uint8Array(Math.min(to - from, 1500));
  let key = FIRST_KEY;
  for (let i = 0; i < plain.length; i++) {
    plain[i] = bytes[from + i] ^ key;
    key = bytes[from + i];
  }
  const text = wireText(plain, 0, plain.length);
  return text.includes('"system"') ? [...text.matchAll(FIELDS)].map(([, value]) => value) : [];
}
