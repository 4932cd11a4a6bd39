import type { Packet } from '../../packet/packet.ts';

/** Bytes kept of one direction, and of all. A hello with post-quantum keys has about 2 kB, one with a ticket 4. */
const MAXIMUM_BYTES = 16_384;
const MAXIMUM_OF_ALL = 16 << 20;
/** What is kept of most is less than a block; blocks are used again, so that nothing is allocated for them. */
const BLOCK_BYTES = 1024;
const BLOCKS_AT_ONCE = 64;

interface Prefix {
  /** A block, or for more than that an array of its own. */
  bytes: Uint8Array;
  length: number;
}

/**
 * The first bytes of each direction of a TCP connection, for protocols whose first message comes in several segments.
 * Most come in one, and then nothing is copied.
 */
export class StreamPrefix {
  readonly #prefixes = new Map<number, Prefix>();
  readonly #free: Prefix[] = [];
  #held = 0;
  /** The prefix that `extend` found: [from, to) of `bytes`. */
  bytes: Uint8Array = new Uint8Array(0);
  from = 0;
  to = 0;

  /** Adds a segment that begins `relative` bytes behind the SYN; false where it leaves a hole or is too much. */
  extend(endpoint: number, packet: Packet, relative: number): boolean {
    const prefix = this.#prefixes.get(endpoint);
    const end = packet.payloadOffset + packet.payloadCaptured;
    if (prefix === undefined) {
      if (relative !== 0) return false;
      this.bytes = packet.bytes;
      this.from = packet.payloadOffset;
      this.to = end;
      return true;
    }
    const known = prefix.length - relative;
    if (known < 0) return false;
    if (known < packet.payloadCaptured) this.#append(prefix, packet.bytes, packet.payloadOffset + known, end);
    this.bytes = prefix.bytes;
    this.from = 0;
    this.to = prefix.length;
    return true;
  }

  /** Keeps what `extend` found, because more is needed; false where there is no room. */
  keep(endpoint: number): boolean {
    const known = this.#prefixes.get(endpoint);
    if (known !== undefined) return known.length < MAXIMUM_BYTES;
    if (this.#held >= MAXIMUM_OF_ALL) return false;
    const prefix = this.#free.pop() ?? this.#moreBlocks();
    this.#held += BLOCK_BYTES;
    prefix.length = 0;
    this.#append(prefix, this.bytes, this.from, this.to);
    this.#prefixes.set(endpoint, prefix);
    return true;
  }

  forget(endpoint: number): void {
    const prefix = this.#prefixes.get(endpoint);
    if (prefix === undefined) return;
    this.#held -= prefix.bytes.length;
    this.#prefixes.delete(endpoint);
    if (prefix.bytes.length === BLOCK_BYTES) this.#free.push(prefix);
  }

  #moreBlocks(): Prefix {
    const bytes = new Uint8Array(BLOCKS_AT_ONCE * BLOCK_BYTES);
    const block = (at: number): Prefix => ({ bytes: bytes.subarray(at, at + BLOCK_BYTES), length: 0 });
    for (let at = BLOCK_BYTES; at < bytes.length; at += BLOCK_BYTES) this.#free.push(block(at));
    return block(0);
  }

  #append(prefix: Prefix, bytes: Uint8Array, from: number, to: number): void {
    const length = Math.min(MAXIMUM_BYTES, prefix.length + to - from);
    if (length > prefix.bytes.length) this.#grow(prefix, length);
    prefix.bytes.set(bytes.subarray(from, from + length - prefix.length), prefix.length);
    prefix.length = length;
  }

  #grow(prefix: Prefix, length: number): void {
    const old = prefix.bytes;
    prefix.bytes = new Uint8Array(Math.min(MAXIMUM_BYTES, Math.max(length, old.length * 2)));
    prefix.bytes.set(old.subarray(0, prefix.length));
    this.#held += prefix.bytes.length - old.length;
    if (old.length === BLOCK_BYTES) this.#free.push({ bytes: old, length: 0 });
  }
}
