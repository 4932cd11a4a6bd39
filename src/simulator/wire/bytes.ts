/** Byte buffers of the frame builders. All multi-byte numbers are big-endian, as on the network. */

const SLAB_BYTES = 1 << 20;
let slab = new ArrayBuffer(SLAB_BYTES);
let words = new Uint16Array(slab);
let used = 0;

/** Zeroed bytes out of a large shared buffer (one small ArrayBuffer per frame would cost more than the frame itself). */
export function allocate(length: number): Uint8Array {
  if (used + length > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    words = new Uint16Array(slab);
    used = 0;
  }
  const view = new Uint8Array(slab, used, length);
  used += (length + 7) & ~7; // starts stay even, which `checksum` needs
  return view;
}

export function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** RFC 1071 over `bytes[from, to)` of an allocated frame, `from` even; `start` is a partial sum of big-endian words. */
export function checksum(bytes: Uint8Array, from: number, to: number, start = 0): number {
  const view = bytes.buffer === slab ? words : new Uint16Array(bytes.buffer);
  const first = (bytes.byteOffset + from) >> 1;
  const last = first + ((to - from) >> 1);
  let sum = 0;
  for (let i = first; i < last; i++) sum += view[i]!;
  if ((to - from) & 1) sum += bytes[to - 1]!;
  // The sum is of little-endian words: fold, swap, and add the big-endian start.
  sum = (sum & 0xffff) + Math.floor(sum / 65536);
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = ((sum & 0xff) << 8) + (sum >>> 8) + start;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** A growing message. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  #room(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }

  u8(value: number): this {
    const at = this.#room(1);
    this.#bytes[at] = value;
    return this;
  }

  u16(value: number): this {
    const at = this.#room(2);
    put16(this.#bytes, at, value);
    return this;
  }

  u24(value: number): this {
    return this.u8(value >>> 16).u16(value & 0xffff);
  }

  u32(value: number): this {
    const at = this.#room(4);
    put32(this.#bytes, at, value);
    return this;
  }

  bytes(value: ArrayLike<number>): this {
    const at = this.#room(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  ascii(text: string): this {
    const at = this.#room(text.length);
    for (let i = 0; i < text.length; i++) this.#bytes[at + i] = text.charCodeAt(i);
    return this;
  }

  zeros(count: number): this {
    this.#room(count);
    return this;
  }

  /** What `body` writes, preceded by its length in `width` bytes. */
  prefixed(width: 1 | 2 | 3, body: (writer: ByteWriter) => void): this {
    const at = this.#room(width);
    body(this);
    let length = this.#length - at - width;
    for (let i = width - 1; i >= 0; i--, length >>>= 8) this.#bytes[at + i] = length;
    return this;
  }

  done(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

export function ascii(text: string): Uint8Array {
  return new ByteWriter(text.length).ascii(text).done();
}
