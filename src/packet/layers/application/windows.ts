/** What Windows machines and file servers speak: SMB, DCE/RPC, and the logins inside them. */

const FRAME = 4;
const S = 0x53;
const M = 0x4d;
const B = 0x42;

/** Behind the four bytes of NetBIOS session service or direct TCP: 0xff or 0xfe (0xfd encrypted, 0xfc packed), then `SMB`. */
export function looksLikeSmb(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + FRAME + 4 > to || bytes[from] !== 0) return false;
  const at = from + FRAME;
  return bytes[at] >= 0xfc && bytes[at + 1] === S && bytes[at + 2] === M && bytes[at + 3] === B;
}

/** NetBIOS session request, which port 139 asks for before SMB: 0x81, flags, length, and two encoded names. */
export function looksLikeNetbiosSession(bytes: Uint8Array, from: number, to: number): boolean {
  return from + 5 <= to && bytes[from] === 0x81 && bytes[from + 1] === 0 && bytes[from + 4] === 0x20;
}

/** Connection-oriented DCE/RPC (C706, 12.6): version 5, a known type of packet, first or last fragment, a sound length. */
export function looksLikeDceRpc(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 16 > to || bytes[from] !== 5 || bytes[from + 1] > 1 || bytes[from + 2] > 0x13) return false;
  const flags = bytes[from + 3];
  const isLittle = (bytes[from + 4] & 0x10) !== 0;
  const low = bytes[from + (isLittle ? 8 : 9)];
  const high = bytes[from + (isLittle ? 9 : 8)];
  return (flags & 0x03) !== 0 && (bytes[from + 4] & 0xef) === 0 && ((high << 8) | low) >= 16;
}

const NTLMSSP = Uint8Array.of(0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0);
/** The object identifiers of SPNEGO (1.3.6.1.5.5.2) and Kerberos (1.2.840.113554.1.2.2), as they stand in a token. */
const SPNEGO = Uint8Array.of(0x06, 0x06, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x02);
const KERBEROS = Uint8Array.of(0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02);
/** Where a token says what it holds: the kind of token behind the identifier of Kerberos, 01 00 for a request. */
const AP_REQUEST = Uint8Array.of(...KERBEROS, 0x01, 0x00);
const DCE_BIND = 0x0b;

/** Logins, and remote calls through a pipe, that a message of SMB, LDAP or DCE/RPC carries. */
export const CARRIES_GSSAPI = 1;
export const CARRIES_NTLM = 2;
export const CARRIES_KERBEROS = 4;
export const CARRIES_DCE_RPC = 8;

/** What [from, to) carries: one look through the bytes, at the few that such a thing begins with. */
export function carriedLogins(bytes: Uint8Array, from: number, to: number): number {
  let found = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === 0x06) {
      if (holds(bytes, at, to, SPNEGO)) found |= CARRIES_GSSAPI;
      else if (holds(bytes, at, to, AP_REQUEST)) found |= CARRIES_GSSAPI | CARRIES_KERBEROS;
    } else if (byte === 0x4e) {
      if (holds(bytes, at, to, NTLMSSP)) found |= CARRIES_NTLM;
    } else if (byte === 0x05 && at + 4 <= to && bytes[at + 2] === DCE_BIND && looksLikeDceRpc(bytes, at, to)) {
      found |= CARRIES_DCE_RPC;
    } else if (byte === 0xa1 && isNegotiationAnswer(bytes, at, to)) found |= CARRIES_GSSAPI;
  }
  return found;
}

/** NegTokenResp (RFC 4178): `[1]`, a sequence, and in it the state of the negotiation. */
function isNegotiationAnswer(bytes: Uint8Array, at: number, to: number): boolean {
  const length = at + 1 < to ? bytes[at + 1] : 0;
  const sequence = at + 2 + (length >= 0x80 ? length & 0x7f : 0);
  if (length > 0x83 || sequence + 2 > to || bytes[sequence] !== 0x30) return false;
  const size = bytes[sequence + 1];
  const state = sequence + 2 + (size >= 0x80 ? size & 0x7f : 0);
  return size <= 0x83 && state + 4 < to && bytes[state] === 0xa0 && bytes[state + 1] === 3 && bytes[state + 2] === 0x0a;
}

function holds(bytes: Uint8Array, at: number, to: number, wanted: Uint8Array): boolean {
  if (at + wanted.length > to) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}
