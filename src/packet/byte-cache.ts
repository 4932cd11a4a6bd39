/**
 * What was made of bytes before, by those bytes: devices say the same thing again and again. Bounded and without
 * chains: of keys that share a pair of places the later ones stay, so that nobody gains by choosing colliding ones.
 */

/** Words that the hash looks at: of a long key those at both ends and some between, for the comparison sees all. */
const HASHED_WORDS = 24;

/** From this length on the system's comparison is faster, whose call costs as much as 200 bytes. */
const LONG = 256;

export class ByteCache<T> {
  readonly #mask: number;
  readonly #maximum: number;
  /** Keys side by side, `maximum` bytes each; pages that are not used cost nothing. */
  readonly #keys: Buffer;
  readonly #keyWords: Int32Array;
  readonly #lengths: Int32Array;
  readonly #values: (T | undefined)[];
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the key of the last `find` belongs, -1 where it is too long. */
  #place = -1;
  #turn = 0;

  /** `places`: a power of two, two at least. Longer keys than `maximum` bytes (a multiple of four) are not kept. */
  constructor(places: number, maximum: number) {
    this.#mask = places - 1;
    this.#maximum = maximum;
    this.#keys = Buffer.from(new ArrayBuffer(places * maximum));
    this.#keyWords = new Int32Array(this.#keys.buffer);
    this.#lengths = new Int32Array(places).fill(-1);
    this.#values = new Array<T | undefined>(places).fill(undefined);
  }

  /** What was kept for [from, to) of `bytes`. */
  find(bytes: Uint8Array, from: number, to: number): T | undefined {
    const length = to - from;
    if (length < 0 || length > this.#maximum) {
      this.#place = -1;
      return undefined;
    }
    if (this.#view.buffer !== bytes.buffer) this.#view = new DataView(bytes.buffer);
    const at = bytes.byteOffset + from;
    const place = this.#hash(at, length) & this.#mask;
    const other = place ^ 1;
    this.#place = place;
    if (this.#lengths[place] === length && this.#matches(bytes, from, to, place)) return this.#values[place];
    return this.#lengths[other] === length && this.#matches(bytes, from, to, other) ? this.#values[other] : undefined;
  }

  /** Keeps a value for the bytes of the `find` before, which are given again, and returns it. */
  keep(bytes: Uint8Array, from: number, to: number, value: T): T {
    if (this.#place < 0) return value;
    const place = this.#victim(this.#place);
    this.#keys.set(bytes.subarray(from, to), place * this.#maximum);
    this.#lengths[place] = to - from;
    this.#values[place] = value;
    return value;
  }

  /** The empty one of a pair of places, or each in turn. */
  #victim(place: number): number {
    if (this.#lengths[place] < 0) return place;
    if (this.#lengths[place ^ 1] < 0) return place ^ 1;
    this.#turn ^= 1;
    return place ^ this.#turn;
  }

  #hash(at: number, length: number): number {
    const view = this.#view;
    const words = length >>> 2;
    let hash = length;
    if (words <= HASHED_WORDS) {
      for (let i = 0; i < words; i++) hash = mix(hash, view.getInt32(at + i * 4, true));
    } else {
      const third = HASHED_WORDS / 3;
      const stride = (words / third) | 0;
      for (let i = 0; i < third; i++) {
        hash = mix(hash, view.getInt32(at + i * 4, true));
        hash = mix(hash, view.getInt32(at + i * stride * 4, true));
        hash = mix(hash, view.getInt32(at + (words - 1 - i) * 4, true));
      }
    }
    for (let i = words * 4; i < length; i++) hash = mix(hash, view.getUint8(at + i));
    hash ^= hash >>> 15;
    return hash ^ (hash >>> 7);
  }

  #matches(bytes: Uint8Array, from: number, to: number, place: number): boolean {
    const length = to - from;
    const start = place * this.#maximum;
    if (length >= LONG) return this.#keys.compare(bytes, from, to, start, start + length) === 0;
    const view = this.#view;
    const keys = this.#keyWords;
    const at = bytes.byteOffset + from;
    const key = start >>> 2;
    const words = length >>> 2;
    for (let i = 0; i < words; i++) if (view.getInt32(at + i * 4, IS_LITTLE) !== keys[key + i]) return false;
    for (let i = words * 4; i < length; i++) if (view.getUint8(at + i) !== this.#keys[key * 4 + i]) return false;
    return true;
  }
}

/** How this machine lays out the words of the keys. */
const IS_LITTLE = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

function mix(hash: number, word: number): number {
  const h = Math.imul(hash ^ word, 0x9e3779b1);
  return h ^ (h >>> 13);
}
