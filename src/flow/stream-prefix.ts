import type { Packet } from '../packet/packet.ts';

/** Bytes kept of one direction, and of all. A hello with post-quantum keys has about 2 kB, one with a ticket 4. */
const MAXIMUM_BYTES = 16_384;
const MAXIMUM_OF_ALL = 16 << 20;

interface Prefix {
  bytes: Uint8Array;
  length: number;
}

/**
 * The first bytes of each direction of a TCP connection, for protocols whose first message comes in several segments.
 * Most come in one, and then nothing is copied.
 */
export class StreamPrefix {
  readonly #prefixes = new Map<number, Prefix>();
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
    if (known < packet.payloadCaptured) this.#append(prefix, packet.bytes.subarray(packet.payloadOffset + known, end));
    this.bytes = prefix.bytes;
    this.from = 0;
    this.to = prefix.length;
    return true;
  }

  /** Keeps what `extend` found, because more is needed; false where there is no room. */
  keep(endpoint: number): boolean {
    const prefix = this.#prefixes.get(endpoint);
    if (prefix !== undefined) return prefix.length < MAXIMUM_BYTES;
    if (this.#held >= MAXIMUM_OF_ALL) return false;
    const bytes = this.bytes.slice(this.from, Math.min(this.to, this.from + MAXIMUM_BYTES));
    this.#prefixes.set(endpoint, { bytes, length: bytes.length });
    this.#held += bytes.length;
    return true;
  }

  forget(endpoint: number): void {
    const prefix = this.#prefixes.get(endpoint);
    if (prefix === undefined) return;
    this.#held -= prefix.bytes.length;
    this.#prefixes.delete(endpoint);
  }

  #append(prefix: Prefix, more: Uint8Array): void {
    const length = Math.min(MAXIMUM_BYTES, prefix.length + more.length);
    if (length > prefix.bytes.length) {
      const grown = new Uint8Array(Math.min(MAXIMUM_BYTES, Math.max(length, prefix.bytes.length * 2)));
      grown.set(prefix.bytes.subarray(0, prefix.length));
      this.#held += grown.length - prefix.bytes.length;
      prefix.bytes = grown;
    }
    prefix.bytes.set(more.subarray(0, length - prefix.length), prefix.length);
    prefix.length = length;
  }
}
