/**
 * Values that are written in the ordinary way, read from their bytes: numbers without a text in between, texts that were seen before
 * without a new one. What is written in any other way is left to the reader of texts (column/row-check.ts), which knows every rule.
 */
import { ByteCache } from '../../packet/byte-cache.ts';
import { latin1Text } from '../../packet/text.ts';
import { epochSeconds } from '../column/time.ts';

const ZERO = 48;
const NINE = 57;
const POINT = 46;
/** More digits than this could pass 2^53 unnoticed. */
const MAX_DIGITS = 16;
const powers = Array.from({ length: MAX_DIGITS }, (_, i) => 10 ** i);

const TEXTS = 4096;
const LONGEST = 64;

/** The end of the number that was read last, and how many decimals it had; -1 where none was. */
export interface NumberEnd {
  at: number;
  decimals: number;
}

/**
 * The decimal number that begins at `from`, in `end` where it ends. Both the digits as one integer and the power of ten are exact doubles,
 * so their quotient is rounded once, as `Number()` rounds the text (Clinger 1990).
 */
export function plainNumber(bytes: Uint8Array, from: number, end: NumberEnd): number {
  let at = from;
  let value = 0;
  let c = bytes[at];
  while (c >= ZERO && c <= NINE) {
    value = value * 10 + (c - ZERO);
    c = bytes[++at];
  }
  let decimals = 0;
  if (c === POINT && at > from) {
    const point = at;
    c = bytes[++at];
    while (c >= ZERO && c <= NINE) {
      value = value * 10 + (c - ZERO);
      c = bytes[++at];
    }
    decimals = at - point - 1;
    if (decimals === 0) decimals = MAX_DIGITS;
  }
  const isPlain = at > from && at - from <= MAX_DIGITS + 1 && value <= Number.MAX_SAFE_INTEGER && decimals < MAX_DIGITS;
  end.at = isPlain ? at : -1;
  end.decimals = decimals;
  return decimals === 0 || !isPlain ? value : value / powers[decimals];
}

/** Seconds since 1970 of a plain number, which is below 1e20. */
export const plainTime = (value: number): number => (value < 1e11 ? value : epochSeconds(value)!);

/** Texts by their bytes, each read once; null where `read`, which reads it the long way, refuses it. */
export class PlainTexts {
  readonly #known = new ByteCache<string>(TEXTS, LONGEST);
  readonly #read: (text: string) => string | null;

  constructor(read: (text: string) => string | null) {
    this.#read = read;
  }

  get(bytes: Uint8Array, from: number, to: number): string | null {
    const known = this.#known.find(bytes, from, to);
    if (known !== undefined) return known;
    // A text of its own: a slice would keep the whole piece of the file alive.
    const value = this.#read(latin1Text(bytes, from, to));
    return value === null ? null : this.#known.keep(bytes, from, to, value);
  }
}
