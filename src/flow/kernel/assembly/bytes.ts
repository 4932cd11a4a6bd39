/** Network byte order, words of a record, and the Internet checksum (RFC 1071). */

// @ts-ignore: decorator
@inline
export function network(at: usize): i32 {
  return bswap<i32>(load<i32>(at));
}

/** A word of a record or of something that lies in one. */
// @ts-ignore: decorator
@inline
export function word(base: usize, index: usize): i32 {
  return load<i32>(base + (index << 2));
}

// @ts-ignore: decorator
@inline
export function setWord(base: usize, index: usize, value: i32): void {
  store<i32>(base + (index << 2), value);
}

// @ts-ignore: decorator
@inline
export function real(base: usize, index: usize): f64 {
  return load<f64>(base + (index << 3));
}

// @ts-ignore: decorator
@inline
export function setReal(base: usize, index: usize, value: f64): void {
  store<f64>(base + (index << 3), value);
}

/** Sum of [from, to) as words in the machine's byte order: the one's complement sum does not mind (RFC 1071, 2B). */
export function sumOf(from: usize, to: usize): u64 {
  let sum: u64 = 0;
  let at = from;
  for (; at + 8 <= to; at += 8) sum += <u64>load<u32>(at) + <u64>load<u32>(at, 4);
  if (at + 4 <= to) {
    sum += load<u32>(at);
    at += 4;
  }
  if (at + 2 <= to) {
    sum += load<u16>(at);
    at += 2;
  }
  return at < to ? sum + load<u8>(at) : sum;
}

/** Whether a sum that includes the checksum itself is the one of sound data. */
// @ts-ignore: decorator
@inline
export function isSound(sum: u64): bool {
  let folded = (sum & 0xffffffff) + (sum >>> 32);
  folded = (folded & 0xffff) + (folded >>> 16);
  folded = (folded & 0xffff) + (folded >>> 16);
  return (folded & 0xffff) + (folded >>> 16) == 0xffff;
}
