/** Datagrams of the machinery of a network: RADIUS, syslog, TFTP, STUN, Matter. */

const RADIUS_HEADER = 20;

/** RADIUS (RFC 2865): a known code, a length that is the datagram's, and attributes that fill it. */
export function looksLikeRadius(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + RADIUS_HEADER > to || !isRadiusCode(bytes[from])) return false;
  const end = from + ((bytes[from + 2] << 8) | bytes[from + 3]);
  if (end < from + RADIUS_HEADER || end > to) return false;
  let at = from + RADIUS_HEADER;
  while (at + 2 <= end && bytes[at] !== 0 && bytes[at + 1] >= 2) at += bytes[at + 1];
  return at === end;
}

const isRadiusCode = (code: number): boolean =>
  (code >= 1 && code <= 5) || (code >= 11 && code <= 13) || (code >= 40 && code <= 45);

/** Syslog (RFC 3164, 5424): the priority, up to 191, in angle brackets, and text behind it. */
export function looksLikeSyslog(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 4 > to || bytes[from] !== 0x3c) return false;
  let priority = 0;
  let at = from + 1;
  for (; at < to && at < from + 4 && bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) {
    priority = priority * 10 + bytes[at] - 0x30;
  }
  if (at === from + 1 || at + 1 >= to || bytes[at] !== 0x3e || priority > 191) return false;
  return bytes[at + 1] >= 0x20 || bytes[at + 1] === 0x09;
}

/** A request of TFTP (RFC 1350) to read or to write: a name of a file, a zero, a mode and a zero. */
export function looksLikeTftpRequest(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 9 > to || bytes[from] !== 0 || (bytes[from + 1] !== 1 && bytes[from + 1] !== 2)) return false;
  let at = from + 2;
  while (at < to && bytes[at] >= 0x20 && bytes[at] < 0x7f) at++;
  if (at === from + 2 || at >= to || bytes[at] !== 0) return false;
  return MODES.some((mode) => isMode(bytes, at + 1, to, mode));
}

const MODES = ['octet', 'netascii', 'mail'];

function isMode(bytes: Uint8Array, at: number, to: number, mode: string): boolean {
  if (at + mode.length >= to || bytes[at + mode.length] !== 0) return false;
  for (let i = 0; i < mode.length; i++) if ((bytes[at + i] | 0x20) !== mode.charCodeAt(i)) return false;
  return true;
}

/** STUN (RFC 8489): two zero bits, the length of all attributes, and the magic cookie. */
export function looksLikeStun(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 20 > to || bytes[from] > 3) return false;
  const length = (bytes[from + 2] << 8) | bytes[from + 3];
  if ((length & 3) !== 0 || from + 20 + length !== to) return false;
  const at = from + 4;
  return bytes[at] === 0x21 && bytes[at + 1] === 0x12 && bytes[at + 2] === 0xa4 && bytes[at + 3] === 0x42;
}

/** A message of Matter: flags of version 0 with a known size of destination, session, security flags, counter. */
export function looksLikeMatter(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 16 > to || (bytes[from] & 0xf8) !== 0) return false;
  // Bits 2 to 4 of the security flags are reserved; sessions are unicast or of a group.
  return (bytes[from] & 0x03) !== 3 && (bytes[from + 3] & 0x1e) === 0;
}

/** DTLS (RFC 6347): a handshake record of epoch 0 with the client's or the server's hello, or a request to verify. */
export function looksLikeDtls(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 25 > to || bytes[from] !== 0x16 || bytes[from + 1] !== 0xfe) return false;
  if (bytes[from + 2] !== 0xff && bytes[from + 2] !== 0xfd) return false;
  if ((bytes[from + 3] | bytes[from + 4]) !== 0) return false;
  const type = bytes[from + 13];
  return type === 1 || type === 2 || type === 3;
}
