/** Machines and meters: Modbus over TCP, and DNP3 (IEEE 1815). */

const MODBUS_HEADER = 8;
const LONGEST_MODBUS = 254;
/** The highest function code that Modbus defines; exceptions have the top bit besides. */
const HIGHEST_FUNCTION = 0x2b;

/** Transaction, protocol 0, a length that fits, the unit, and a function. Every message in [from, to) has to be one. */
export function looksLikeModbus(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to) {
    if (at + MODBUS_HEADER > to || bytes[at + 2] !== 0 || bytes[at + 3] !== 0) return false;
    const length = (bytes[at + 4] << 8) | bytes[at + 5];
    const code = bytes[at + 7] & 0x7f;
    if (length < 2 || length > LONGEST_MODBUS || code === 0 || code > HIGHEST_FUNCTION) return false;
    at += 6 + length;
  }
  return at === to;
}

/** DNP3's link layer: 0x05 0x64, a length of at least the addresses, and the checksum of the header. */
export function looksLikeDnp3(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 10 > to || bytes[from] !== 0x05 || bytes[from + 1] !== 0x64 || bytes[from + 2] < 5) return false;
  return dnp3Checksum(bytes, from, from + 8) === (bytes[from + 8] | (bytes[from + 9] << 8));
}

/** CRC-16/DNP: the polynomial 0x3d65 from the low end, complemented. */
function dnp3Checksum(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let at = from; at < to; at++) {
    crc ^= bytes[at];
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ 0xa6bc : crc >>> 1;
  }
  return ~crc & 0xffff;
}
