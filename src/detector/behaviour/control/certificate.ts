/** What the leaf certificate of a TLS server says in the clear (TLS 1.2 and older; RFC 5280). */
import { OBJECT_IDENTIFIER, SEQUENCE, SET } from '../../../packet/layers/application/ber.ts';
import { HANDSHAKE_RECORD } from '../../../packet/layers/application/tls.ts';

export interface Leaf {
  isSelfSigned: boolean;
  /** Seconds since 1970 UTC. */
  notAfter: number;
  /** Names that it is for: alternative names, else the common name; in lower case. */
  names: string[];
  isWhole: boolean;
}

const CERTIFICATE = 11;
const COMMON_NAME = [0x55, 0x04, 0x03];
const ALTERNATIVE_NAME = [0x55, 0x1d, 0x11];
const DNS_NAME = 0x82;

/**
 * The first certificate in what a server has said so far. Null: it is not all there yet; undefined: there is none.
 * Of what was cut (`isCut`: no more will come) the beginning says enough: issuer, validity and subject stand there.
 */
export function leafOf(bytes: Uint8Array, length: number, isCut: boolean): Leaf | null | undefined {
  const body = joinHandshake(bytes, length);
  if (body === undefined) return undefined;
  for (let at = 0; at + 4 <= body.length; ) {
    const size = (body[at + 1] << 16) | (body[at + 2] << 8) | body[at + 3];
    if (body[at] === CERTIFICATE) {
      const first = at + 10;
      if (first > body.length) return null;
      const end = first + ((body[at + 7] << 16) | (body[at + 8] << 8) | body[at + 9]);
      if (end <= body.length) return parseLeaf(body.subarray(first, end));
      return isCut ? parseLeaf(body.subarray(first)) : null;
    }
    if (body[at] !== 2) return undefined;
    at += 4 + size;
  }
  return null;
}

/** The handshake messages of the records at the beginning; undefined where these are none. */
function joinHandshake(bytes: Uint8Array, length: number): Uint8Array | undefined {
  const joined = new Uint8Array(length);
  let [have, at] = [0, 0];
  while (at + 5 <= length && bytes[at] === HANDSHAKE_RECORD) {
    const end = Math.min(length, at + 5 + ((bytes[at + 3] << 8) | bytes[at + 4]));
    joined.set(bytes.subarray(at + 5, end), have);
    have += end - at - 5;
    at += 5 + ((bytes[at + 3] << 8) | bytes[at + 4]);
  }
  return have === 0 ? undefined : joined.subarray(0, have);
}

interface Element {
  tag: number;
  from: number;
  to: number;
}

/** The DER element at `at`; null where it does not fit. */
function element(bytes: Uint8Array, at: number, to: number): Element | null {
  if (at + 2 > to) return null;
  let from = at + 2;
  let size = bytes[at + 1];
  if (size & 0x80) {
    const digits = size & 0x7f;
    if (digits === 0 || digits > 3 || from + digits > to) return null;
    size = 0;
    for (let i = 0; i < digits; i++) size = size * 256 + bytes[from++];
  }
  return from + size > to ? null : { tag: bytes[at], from, to: from + size };
}

function children(bytes: Uint8Array, { from, to }: Element): Element[] {
  const found: Element[] = [];
  for (let at = from; at < to && found.length < 64; ) {
    const next = element(bytes, at, to);
    if (next === null) break;
    found.push(next);
    at = next.to;
  }
  return found;
}

const text = (bytes: Uint8Array, { from, to }: Element): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
const isOid = (bytes: Uint8Array, { tag, from, to }: Element, oid: readonly number[]): boolean =>
  tag === OBJECT_IDENTIFIER && to - from === oid.length && oid.every((value, i) => bytes[from + i] === value);

/** The content of the element at `at`, as far as it is there. */
function content(bytes: Uint8Array, at: number): Element | null {
  const digits = bytes[at + 1] & 0x80 ? bytes[at + 1] & 0x7f : 0;
  const from = at + 2 + digits;
  return from < bytes.length ? { tag: bytes[at], from, to: bytes.length } : null;
}

function parseLeaf(bytes: Uint8Array): Leaf | undefined {
  const whole = content(bytes, 0);
  const body = whole && (element(bytes, whole.from, whole.to) ?? content(bytes, whole.from));
  if (!body || body.tag !== SEQUENCE) return undefined;
  const fields = children(bytes, body);
  // The version is optional and stands first.
  const [, , issuer, validity, subject] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields;
  if (!issuer || !validity || !subject) return undefined;
  const until = children(bytes, validity)[1];
  const alternative = fields.find(({ tag }) => tag === 0xa3);
  const names = alternative ? alternativeNames(bytes, alternative) : [];
  return {
    isSelfSigned: text(bytes, issuer) === text(bytes, subject),
    notAfter: until ? timeOf(text(bytes, until)) : Number.NaN,
    names: names.length > 0 ? names : commonNames(bytes, subject),
    isWhole: element(bytes, 0, bytes.length) !== null,
  };
}

/** UTCTime (two digits of the year) or GeneralizedTime. */
function timeOf(written: string): number {
  const full = written.length === 13 ? `${Number(written.slice(0, 2)) < 50 ? '20' : '19'}${written}` : written;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) / 1000;
}

function commonNames(bytes: Uint8Array, subject: Element): string[] {
  return children(bytes, subject)
    .filter(({ tag }) => tag === SET)
    .flatMap((set) => children(bytes, set))
    .map((pair) => children(bytes, pair))
    .filter(([type, value]) => type && value && isOid(bytes, type, COMMON_NAME))
    .map(([, value]) => text(bytes, value).toLowerCase());
}

function alternativeNames(bytes: Uint8Array, extensions: Element): string[] {
  const list = children(bytes, extensions)[0];
  if (!list) return [];
  for (const extension of children(bytes, list)) {
    const parts = children(bytes, extension);
    if (!parts[0] || !isOid(bytes, parts[0], ALTERNATIVE_NAME)) continue;
    const names = element(bytes, parts.at(-1)!.from, parts.at(-1)!.to);
    if (names === null) return [];
    return children(bytes, names)
      .filter(({ tag }) => tag === DNS_NAME)
      .map((name) => text(bytes, name).toLowerCase());
  }
  return [];
}

/** Whether a certificate for these names covers the host, wildcards of one label included. */
export const covers = (names: readonly string[], host: string): boolean =>
  names.some((name) => name === host || (name.startsWith('*.') && host.slice(host.indexOf('.') + 1) === name.slice(2)));
