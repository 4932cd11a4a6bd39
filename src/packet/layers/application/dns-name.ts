import { wireText } from '../../text.ts';

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
  let length = 0;
  let isPlain = true;
  for (let labels = 0; labels < MAXIMUM_LABELS; ) {
    if (position >= end) return null;
    const size = bytes[position];
    if (size === 0) {
      if (next < 0) next = position + 1;
      return { name: isPlain ? wireText(plain, 0, Math.max(0, length - 1)) : escapedName(bytes, message, at), next };
    }
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
    if (length + size + 1 > MAXIMUM_NAME + 1) return null;
    position++;
    for (const until = position + size; position < until; position++) {
      const byte = bytes[position];
      if (byte < 0x21 || byte > 0x7e || byte === DOT || byte === BACKSLASH) isPlain = false;
      plain[length++] = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    }
    plain[length++] = DOT;
    labels++;
  }
  return null;
}

const DOT = 0x2e;
const BACKSLASH = 0x5c;
/** The name that is being read: lower case, a dot behind every label. */
const plain = new Uint8Array(MAXIMUM_NAME + 1);

/** The text of a name that was followed to its end, with bytes in it that are not written as they are. */
function escapedName(bytes: Uint8Array, message: number, at: number): string {
  const labels: string[] = [];
  for (let position = at; bytes[position] !== 0; ) {
    const size = bytes[position];
    if (size >= 0xc0) position = message + (((size & 0x3f) << 8) | bytes[position + 1]);
    else {
      // Dots within a label are escaped, so that they do not look like those between labels.
      labels.push(wireText(bytes, position + 1, position + 1 + size).replaceAll('.', '\\.'));
      position += 1 + size;
    }
  }
  return labels.join('.').toLowerCase();
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
