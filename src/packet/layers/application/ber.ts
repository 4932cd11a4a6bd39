/** Protocols in ASN.1's Basic Encoding Rules (X.690): LDAP, Kerberos and SNMP. Only their first fields are looked at. */

export const SEQUENCE = 0x30;
export const SET = 0x31;
export const OBJECT_IDENTIFIER = 0x06;
const INTEGER = 0x02;
const OCTETS = 0x04;

/** Where the content of the element at `at` begins, and what its length says; `start` is -1 where it is none. */
interface Element {
  start: number;
  length: number;
}

/** Reused: recognising must not allocate. */
const element: Element = { start: -1, length: 0 };

/** Reads tag and length at `at`; false where the tag is another, or they are cut off. Lengths of up to four bytes. */
function open(bytes: Uint8Array, at: number, to: number, tag: number): boolean {
  if (at + 2 > to || bytes[at] !== tag) return false;
  const first = bytes[at + 1];
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || more > 4 || at + 2 + more > to) return false;
  let length = more === 0 ? first : 0;
  for (let i = 0; i < more; i++) length = length * 256 + bytes[at + 2 + i];
  element.start = at + 2 + more;
  element.length = length;
  return true;
}

const LDAP_REQUESTS = new Set([0x4a, 0x42, 0x50, 0x60, 0x63, 0x66, 0x68, 0x6c, 0x6e, 0x77]);
const LDAP_RESPONSES = new Set([0x61, 0x64, 0x65, 0x67, 0x69, 0x6b, 0x6d, 0x6f, 0x73, 0x78, 0x79]);

/** The operation of an LDAPMessage (RFC 4511): a sequence of the message's number and the operation; 0 for none. */
function ldapOperation(bytes: Uint8Array, from: number, to: number): number {
  if (!open(bytes, from, to, SEQUENCE) || element.length < 5) return 0;
  if (!open(bytes, element.start, to, INTEGER) || element.length < 1 || element.length > 4) return 0;
  const at = element.start + element.length;
  return at < to ? bytes[at] : 0;
}

export const looksLikeLdapRequest = (bytes: Uint8Array, from: number, to: number): boolean =>
  LDAP_REQUESTS.has(ldapOperation(bytes, from, to));

export const looksLikeLdapResponse = (bytes: Uint8Array, from: number, to: number): boolean =>
  LDAP_RESPONSES.has(ldapOperation(bytes, from, to));

/** Application tags of Kerberos (RFC 4120): AS, TGS and AP, requests and replies, and the error. */
const KERBEROS = new Set([0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x7e]);

/** A sequence whose first field is the version, 5: `[1]` in requests for tickets, `[0]` in all others. */
export function looksLikeKerberos(bytes: Uint8Array, from: number, to: number): boolean {
  if (from >= to || !KERBEROS.has(bytes[from]) || !open(bytes, from, to, bytes[from])) return false;
  if (!open(bytes, element.start, to, SEQUENCE)) return false;
  const at = element.start;
  if (at + 5 > to || (bytes[at] !== 0xa0 && bytes[at] !== 0xa1)) return false;
  return bytes[at + 1] === 3 && bytes[at + 2] === INTEGER && bytes[at + 3] === 1 && bytes[at + 4] === 5;
}

/** Over TCP a message has its length, in four bytes, before it. */
export function looksLikeKerberosStream(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 5 > to || bytes[from] !== 0 || bytes[from + 1] !== 0) return false;
  return looksLikeKerberos(bytes, from + 4, to);
}

/** SNMP: a sequence of the version (0, 1 or 3), then the community (RFC 1901), or in version 3 the header (RFC 3412). */
export function looksLikeSnmp(bytes: Uint8Array, from: number, to: number): boolean {
  if (!open(bytes, from, to, SEQUENCE) || element.start + element.length > to) return false;
  if (!open(bytes, element.start, to, INTEGER) || element.length !== 1 || element.start >= to) return false;
  const version = bytes[element.start];
  const at = element.start + 1;
  if (version === 3) return open(bytes, at, to, SEQUENCE);
  if (version > 1 || !open(bytes, at, to, OCTETS)) return false;
  const pdu = element.start + element.length;
  return pdu < to && bytes[pdu] >= 0xa0 && bytes[pdu] <= 0xa8;
}
