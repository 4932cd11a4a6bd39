import { finish } from './connection-store.ts';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * A connection's unique ID in Zeek's form: `C` and base 62. It is a function of the seed, the time of the first
 * packet, the key and a serial number: reading the same capture again gives the same IDs, another capture others.
 */
export function makeUid(seed: number, start: number, keyHash: number, serial: number): string {
  const seconds = Math.floor(start);
  const microseconds = Math.round((start - seconds) * 1e6);
  let state = finish(seed ^ finish(seconds) ^ keyHash);
  state = finish(state ^ finish(microseconds + 0x9e3779b9));
  const first = base62(state);
  state = finish(state ^ finish(serial + 0x9e3779b9));
  const second = base62(state);
  state = finish(state ^ finish(seconds + 0x9e3779b9));
  return `C${first}${second}${base62(state)}`;
}

/** Pairs of digits, so that six digits are three pieces of text. */
const PAIRS = Array.from({ length: 62 * 62 }, (_, i) => DIGITS[i % 62] + DIGITS[Math.floor(i / 62)]);

/** Six digits hold 32 bits. */
function base62(word: number): string {
  const value = word >>> 0;
  const high = (value / 3844) | 0;
  const top = (high / 3844) | 0;
  return PAIRS[value - high * 3844] + PAIRS[high - top * 3844] + PAIRS[top];
}
