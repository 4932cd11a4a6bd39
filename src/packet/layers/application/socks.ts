/** SOCKS: version 4 with its 4a, and version 5 (RFC 1928). Behind the handshake the connection is another protocol's. */

const LONGEST_USER = 255;

/** A client's first message. Version 5: how many methods, and those; version 4: command, port, address, user, a zero. */
export function looksLikeSocksClient(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 3 > to) return false;
  if (bytes[from] === 5) return isMethods(bytes, from, to);
  if (bytes[from] !== 4 || (bytes[from + 1] !== 1 && bytes[from + 1] !== 2)) return false;
  return from + 9 <= to && bytes[to - 1] === 0 && to - from <= 9 + 2 * LONGEST_USER;
}

/** Each method is one that is registered (0 to 9) or private (0x80 and above), and nothing follows them. */
function isMethods(bytes: Uint8Array, from: number, to: number): boolean {
  const count = bytes[from + 1];
  if (count === 0 || from + 2 + count !== to) return false;
  for (let at = from + 2; at < to; at++) if (bytes[at] > 9 && bytes[at] < 0x80) return false;
  return true;
}

/** The server's first answer: the method it chose, or version 4's reply of eight bytes. */
export function looksLikeSocksServer(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 2 > to) return false;
  if (bytes[from] === 5) return bytes[from + 1] <= 9 || bytes[from + 1] >= 0x80;
  return bytes[from] === 0 && bytes[from + 1] >= 0x5a && bytes[from + 1] <= 0x5d && to - from >= 8;
}
