import { wireText } from '../text.ts';

/** RFC 1035: 255 bytes on the wire, which are 253 characters. */
const MAXIMUM_NAME = 253;
const MAXIMUM_LABELS = 128;

export interface NameAt {
  /** Lower case, without the final dot; empty for the root. */
  name: string;
  /** Offset behind the name where it was read. */
  next: number;
}

/**
 * A domain name at `at`, with compression pointers resolved (RFC 1035, 4.1.4). A pointer has to point before the name
 * that it is in, so that no loop is possible. Null where the name is cut, too long, or points forward.
 */
export function readName(bytes: Uint8Array, message: number, at: number, end: number): NameAt | null {
  let position = at;
  let next = -1;
  let limit = at;
  let name = '';
  let length = 0;
  for (let labels = 0; labels < MAXIMUM_LABELS; ) {
    if (position >= end) return null;
    const size = bytes[position];
    if (size === 0) return { name: name.toLowerCase(), next: next < 0 ? position + 1 : next };
    if ((size & 0xc0) === 0xc0) {
      if (position + 2 > end) return null;
      const target = message + (((size & 0x3f) << 8) | bytes[position + 1]);
      if (next < 0) next = position + 2;
      if (target >= limit) return null;
      limit = target;
      position = target;
      continue;
    }
    if ((size & 0xc0) !== 0 || position + 1 + size > end) return null;
    length += size + 1;
    if (length > MAXIMUM_NAME + 1) return null;
    name += (name === '' ? '' : '.') + labelText(bytes, position + 1, position + 1 + size);
    position += 1 + size;
    labels++;
  }
  return null;
}

/** Offset behind a name without reading it; -1 where it is cut. */
export function skipName(bytes: Uint8Array, at: number, end: number): number {
  let position = at;
  while (position < end) {
    const size = bytes[position];
    if (size === 0) return position + 1;
    if ((size & 0xc0) === 0xc0) return position + 2 > end ? -1 : position + 2;
    if ((size & 0xc0) !== 0) return -1;
    position += 1 + size;
  }
  return -1;
}

/** Dots within a label are escaped, so that they do not look like those between labels. */
function labelText(bytes: Uint8Array, from: number, to: number): string {
  let plain = true;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte < 0x21 || byte > 0x7e || byte === 0x2e || byte === 0x5c) plain = false;
  }
  if (plain) return String.fromCharCode(...bytes.subarray(from, to));
  return wireText(bytes, from, to).replaceAll('.', '\\.');
}
