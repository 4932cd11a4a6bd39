/** Bytes that look encrypted: slices of one fixed random pool, so that filling a megabyte costs a copy. */
import { Random } from '../../engine/random.ts';

const POOL_BYTES = 1 << 16;
const pool = new Random('opaque').bytes(POOL_BYTES);

/** Fills `out[from, to)`. */
export function fillOpaque(out: Uint8Array, from: number, to: number, random: Random): void {
  for (let at = from; at < to; ) {
    const start = random.int(0, POOL_BYTES >> 1);
    const count = Math.min(to - at, POOL_BYTES - start);
    out.set(pool.subarray(start, start + count), at);
    at += count;
  }
}

export function opaque(length: number, random: Random): Uint8Array {
  const out = new Uint8Array(length);
  fillOpaque(out, 0, length, random);
  return out;
}

/** A datagram of a maker's own protocol: its fixed first bytes, then sealed content. */
export function vendorDatagram(magic: readonly number[], length: number, random: Random): Uint8Array {
  const out = new Uint8Array(Math.max(length, magic.length));
  out.set(magic);
  fillOpaque(out, magic.length, out.length, random);
  return out;
}
