import { HISTORY_LENGTH_SHIFT, LONG_HISTORY } from './table/connection-flags.ts';
import type { ConnectionStore } from './table/connection-store.ts';
import { FLAGS, HISTORY, HISTORY_SEEN, WORDS } from './table/record-layout.ts';

const INLINE = 16;
/** Longer histories come only from floods of SYN or RST with changing sequence numbers. */
const MAXIMUM = 255;

/** Zeek's `history`: letters in the order of events, upper case for the originator. */
export class History {
  readonly #store: ConnectionStore;
  readonly #long = new Map<number, string>();

  constructor(store: ConnectionStore) {
    this.#store = store;
  }

  /** Adds the letter the first time that `mask` is seen; true where it was seen before. */
  check(slot: number, mask: number, code: number): boolean {
    const { words } = this.#store;
    const at = slot * WORDS + HISTORY_SEEN;
    if ((words[at] & mask) !== 0) return true;
    words[at] |= mask;
    this.add(slot, code);
    return false;
  }

  /** Adds a letter, given as a character code. */
  add(slot: number, code: number): void {
    const { words, octets } = this.#store;
    const base = slot * WORDS;
    const length = words[base + FLAGS] >>> HISTORY_LENGTH_SHIFT;
    if (length >= MAXIMUM) return;
    words[base + FLAGS] += 1 << HISTORY_LENGTH_SHIFT;
    if (length < INLINE) octets[(base + HISTORY) * 4 + length] = code;
    else {
      words[base + FLAGS] |= LONG_HISTORY;
      this.#long.set(slot, (this.#long.get(slot) ?? '') + String.fromCharCode(code));
    }
  }

  /** Counts an event and adds its letter the first, tenth, hundredth … time. */
  addScaled(slot: number, counter: number, code: number): void {
    const count = ++this.#store.words[counter];
    if (count === 1 || isPowerOfTen(count)) this.add(slot, code);
  }

  text(slot: number): string {
    const { words, octets } = this.#store;
    const base = slot * WORDS;
    const length = Math.min(INLINE, words[base + FLAGS] >>> HISTORY_LENGTH_SHIFT);
    const start = (base + HISTORY) * 4;
    let text = '';
    for (let i = 0; i < length; i++) text += String.fromCharCode(octets[start + i]);
    return (words[base + FLAGS] & LONG_HISTORY) === 0 ? text : text + (this.#long.get(slot) ?? '');
  }

  forget(slot: number): void {
    this.#long.delete(slot);
  }
}

function isPowerOfTen(count: number): boolean {
  if (count % 10 !== 0) return false;
  let power = 10;
  while (power < count) power *= 10;
  return power === count;
}
