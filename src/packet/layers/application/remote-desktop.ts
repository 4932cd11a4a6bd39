/** Screens of other machines: RDP (MS-RDPBCGR, over TPKT and X.224) and RFB, which VNC speaks (RFC 6143). */

const CONNECTION_REQUEST = 0xe0;
const CONNECTION_CONFIRM = 0xd0;

/** TPKT: version 3, a zero, the length; then X.224, whose own length is the first byte. */
function x224Type(bytes: Uint8Array, from: number, to: number): number {
  if (from + 7 > to || bytes[from] !== 3 || bytes[from + 1] !== 0) return 0;
  const length = (bytes[from + 2] << 8) | bytes[from + 3];
  // The length indicator counts what comes behind it, and all of the packet is X.224.
  return length >= 11 && bytes[from + 4] === length - 5 ? bytes[from + 5] : 0;
}

/**
 * A client's connection request. Other protocols use TPKT too (Siemens S7, H.323): the one of RDP has a cookie or a
 * request for a kind of security, or nothing at all behind its fixed part.
 */
export function looksLikeRdpRequest(bytes: Uint8Array, from: number, to: number): boolean {
  if (x224Type(bytes, from, to) !== CONNECTION_REQUEST) return false;
  const end = Math.min(to, from + 4 + 1 + bytes[from + 4]);
  const at = from + 11;
  if (at === end) return true;
  // "Cookie: mstshash=" or "Cookie: msts=" and the like; or type 1, flags, length 8.
  const isCookie = at + 8 <= end && bytes[at] === 0x43 && bytes[at + 1] === 0x6f && bytes[at + 6] === 0x3a;
  return isCookie || isNegotiation(bytes, at, end, 1);
}

/** The server's confirmation, with what it chose (type 2) or why it refuses (type 3) where the client asked for it. */
export function looksLikeRdpConfirm(bytes: Uint8Array, from: number, to: number): boolean {
  if (x224Type(bytes, from, to) !== CONNECTION_CONFIRM) return false;
  const end = Math.min(to, from + 4 + 1 + bytes[from + 4]);
  const at = from + 11;
  return at === end || isNegotiation(bytes, at, end, 2) || isNegotiation(bytes, at, end, 3);
}

function isNegotiation(bytes: Uint8Array, at: number, end: number, type: number): boolean {
  return at + 8 <= end && bytes[at] === type && bytes[at + 2] === 8 && bytes[at + 3] === 0;
}

const RDP_UDP_SYN = 1232;

/** RDP over UDP (MS-RDPEUDP): a SYN fills the datagram with zeros; the first acknowledged number is -1. */
export function looksLikeRdpUdpSyn(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from !== RDP_UDP_SYN || (bytes[from + 7] & 0x01) === 0) return false;
  return bytes[from] === 0xff && bytes[from + 1] === 0xff && bytes[from + 2] === 0xff && bytes[from + 3] === 0xff;
}

/** Both sides begin with their version, `RFB 003.008` and a line feed. */
export function looksLikeRfb(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 12 > to || bytes[from] !== 0x52 || bytes[from + 1] !== 0x46 || bytes[from + 2] !== 0x42) return false;
  return bytes[from + 3] === 0x20 && bytes[from + 7] === 0x2e && bytes[from + 11] === 0x0a;
}
