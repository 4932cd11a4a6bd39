import { finish } from './table/connection-store.ts';

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
  putDigits(1, state);
  state = finish(state ^ finish(serial + 0x9e3779b9));
  putDigits(7, state);
  state = finish(state ^ finish(seconds + 0x9e3779b9));
  putDigits(13, state);
  // One call with all of them: text that is put together from pieces costs three times as much.
  const c = codes;
  // biome-ignore format: nineteen codes are two lines
  return String.fromCharCode(
    c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9],
    c[10], c[11], c[12], c[13], c[14], c[15], c[16], c[17], c[18],
  );
}

/** Of the text that is made: `C`, and three times six digits. */
const codes = Uint8Array.of(0x43, ...new Uint8Array(18));
/** Pairs of digits, the first one in the lower byte. */
const PAIRS = Uint16Array.from(
  { length: 62 * 62 },
  (_, i) => DIGITS.charCodeAt(i % 62) | (DIGITS.charCodeAt(Math.floor(i / 62)) << 8),
);

/** Six digits hold 32 bits. */
function putDigits(at: number, word: number): void {
  const value = word >>> 0;
  const high = (value / 3844) | 0;
  const top = (high / 3844) | 0;
  putPair(at, PAIRS[value - high * 3844]);
  putPair(at + 2, PAIRS[high - top * 3844]);
  putPair(at + 4, PAIRS[top]);
}

function putPair(at: number, pair: number): void {
  codes[at] = pair;
  codes[at + 1] = pair >>> 8;
}
