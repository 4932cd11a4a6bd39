const HEADER = 48;
const SYMMETRIC_ACTIVE = 1;
const CONTROL = 6;
const PRIVATE = 7;

/**
 * The mode of an NTP message (RFC 5905): 1 and 2 symmetric, 3 client, 4 server, 5 broadcast, 6 control, 7 private;
 * 0 where [from, to) is none.
 */
export function ntpMode(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 12) return 0;
  const version = (bytes[from] >>> 3) & 0x07;
  const mode = bytes[from] & 0x07;
  if (version < 1 || version > 4) return 0;
  if (mode === CONTROL || mode === PRIVATE) return mode;
  return mode >= SYMMETRIC_ACTIVE && to - from >= HEADER ? mode : 0;
}
