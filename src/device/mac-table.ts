/**
 * Link-layer address to slot, for every packet: open addressing over two words, no text and no allocation on the way.
 * The hash is seeded, so that nobody on the network can choose addresses that collide.
 */
const EMPTY = -1;
const REMOVED = -2;

export class MacTable {
  readonly #high: Uint16Array;
  readonly #low: Int32Array;
  readonly #slots: Int32Array;
  readonly #mask: number;
  readonly #seed: number;
  /** Removed entries keep a search going; beyond some the table is written anew. */
  #removed = 0;

  constructor(capacity: number, seed: number = (Math.random() * 0x1_0000_0000) | 0) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(8, capacity * 2)));
    this.#high = new Uint16Array(size);
    this.#low = new Int32Array(size);
    this.#slots = new Int32Array(size).fill(EMPTY);
    this.#mask = size - 1;
    this.#seed = seed;
  }

  /** The slot of the address at `offset`, or -1. A slot may have several addresses. */
  find(bytes: Uint8Array, offset: number): number {
    const slot = this.#slots[this.#place(highWord(bytes, offset), lowWord(bytes, offset))];
    return slot === EMPTY ? -1 : slot;
  }

  /** Where the address is, or the empty place behind all where it might be. */
  #place(high: number, low: number): number {
    let at = this.#hash(high, low);
    for (; this.#slots[at] !== EMPTY; at = (at + 1) & this.#mask) {
      if (this.#slots[at] !== REMOVED && this.#low[at] === low && this.#high[at] === high) break;
    }
    return at;
  }

  /** Adds an address that is not there, for a slot below the capacity. */
  set(bytes: Uint8Array, offset: number, slot: number): void {
    const high = highWord(bytes, offset);
    const low = lowWord(bytes, offset);
    let at = this.#hash(high, low);
    while (this.#slots[at] >= 0) at = (at + 1) & this.#mask;
    if (this.#slots[at] === REMOVED) this.#removed--;
    this.#high[at] = high;
    this.#low[at] = low;
    this.#slots[at] = slot;
  }

  remove(bytes: Uint8Array, offset: number): void {
    const at = this.#place(highWord(bytes, offset), lowWord(bytes, offset));
    if (this.#slots[at] === EMPTY) return;
    this.#slots[at] = REMOVED;
    if (++this.#removed > this.#mask >>> 2) this.#rewrite();
  }

  #rewrite(): void {
    const entries: [high: number, low: number, slot: number][] = [];
    for (let at = 0; at <= this.#mask; at++) {
      if (this.#slots[at] >= 0) entries.push([this.#high[at], this.#low[at], this.#slots[at]]);
    }
    this.#slots.fill(EMPTY);
    this.#removed = 0;
    for (const [high, low, slot] of entries) {
      let at = this.#hash(high, low);
      while (this.#slots[at] !== EMPTY) at = (at + 1) & this.#mask;
      this.#high[at] = high;
      this.#low[at] = low;
      this.#slots[at] = slot;
    }
  }

  #hash(high: number, low: number): number {
    let hash = Math.imul(low ^ this.#seed, 0x9e3779b1) ^ Math.imul(high + this.#seed, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    return (hash ^ (hash >>> 13)) & this.#mask;
  }
}

const highWord = (bytes: Uint8Array, at: number): number => (bytes[at] << 8) | bytes[at + 1];
const lowWord = (bytes: Uint8Array, at: number): number =>
  (bytes[at + 2] << 24) | (bytes[at + 3] << 16) | (bytes[at + 4] << 8) | bytes[at + 5];

/** Six bytes of a colon-separated address. */
export function macBytes(mac: string): Uint8Array {
  if (mac.length !== 17) return Uint8Array.from(mac.split(':'), (part) => Number.parseInt(part, 16));
  const bytes = new Uint8Array(6);
  for (let i = 0; i < 6; i++) bytes[i] = (nibble(mac.charCodeAt(i * 3)) << 4) | nibble(mac.charCodeAt(i * 3 + 1));
  return bytes;
}

/** Of a hexadecimal digit: letters have bit 6, and their low bits count from one. */
const nibble = (code: number): number => (code & 0x0f) + (code >>> 6) * 9;

export const isGroup = (bytes: Uint8Array, at: number): boolean => (bytes[at] & 1) !== 0;

export function isZero(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 6; i++) if (bytes[at + i] !== 0) return false;
  return true;
}
