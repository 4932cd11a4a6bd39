import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

/** QUIC Initial packets (RFC 9001, RFC 9369): protected with keys that everybody can compute, so the hello is open. */

interface Version {
  salt: Uint8Array;
  /** Prefix of the key labels. */
  label: string;
  /** The packet type of an Initial. */
  initialType: number;
}

const salt = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
const V1 = { salt: salt('38762cf7f55934b34d179ae6a4c80cadccbb7f0a'), label: 'quic', initialType: 0 };
const V2 = { salt: salt('0dede3def700a6db819381be6e269dcbf9bd2ed9'), label: 'quicv2', initialType: 1 };
const DRAFT_29 = { salt: salt('afbfec289993d24c9e9786f19c6111e04390a899'), label: 'quic', initialType: 0 };
const DRAFT_23 = { salt: salt('c3eef712c72ebb5a11a7d2432bb46365bef9f502'), label: 'quic', initialType: 0 };

function versionOf(number: number): Version | null {
  if (number === 0x00000001) return V1;
  if (number === 0x6b3343cf) return V2;
  if (number >= 0xff00001d && number <= 0xff000022) return DRAFT_29;
  if (number >= 0xff000017 && number <= 0xff00001c) return DRAFT_23;
  return null;
}

const LONG_HEADER = 0xc0;
const SAMPLE_OFFSET = 4;
const SAMPLE = 16;
const TAG = 16;

/** Whether a long-header packet of a known version begins at `from`. */
export function looksLikeQuic(bytes: Uint8Array, from: number, to: number): boolean {
  return from + 7 <= to && (bytes[from] & LONG_HEADER) === LONG_HEADER && versionOf(word(bytes, from + 1)) !== null;
}

/** A piece of the TLS handshake, by its offset in the crypto stream. */
export interface CryptoPiece {
  offset: number;
  bytes: Uint8Array;
}

/**
 * The handshake bytes of a client's Initial packet in the datagram [from, to); null where it is none or does not
 * decrypt (a server's, or damaged).
 */
export function openInitial(bytes: Uint8Array, from: number, to: number): CryptoPiece[] | null {
  if (!looksLikeQuic(bytes, from, to)) return null;
  const version = versionOf(word(bytes, from + 1));
  if (version === null || ((bytes[from] >>> 4) & 0x03) !== version.initialType) return null;
  const idLength = bytes[from + 5];
  const idStart = from + 6;
  const sourceLength = idStart + idLength;
  if (idLength > 20 || sourceLength >= to || bytes[sourceLength] > 20) return null;
  const token = readVarint(bytes, sourceLength + 1 + bytes[sourceLength], to);
  const length = token === null ? null : readVarint(bytes, token.next + token.value, to);
  if (length === null || length.next + length.value > to || length.value < SAMPLE_OFFSET + SAMPLE) return null;
  const plaintext = decrypt(bytes, from, length.next, length.value, version, bytes.subarray(idStart, sourceLength));
  return plaintext === null ? null : readCryptoFrames(plaintext);
}

/** Removes header protection and decrypts (RFC 9001, 5.2 to 5.4). */
function decrypt(
  bytes: Uint8Array,
  from: number,
  numberAt: number,
  length: number,
  version: Version,
  connectionId: Uint8Array,
): Uint8Array | null {
  const secret = expandLabel(extract(version.salt, connectionId), 'client in', 32);
  const key = expandLabel(secret, `${version.label} key`, 16);
  const iv = expandLabel(secret, `${version.label} iv`, 12);
  const headerKey = expandLabel(secret, `${version.label} hp`, 16);
  const sampleAt = numberAt + SAMPLE_OFFSET;
  const mask = createCipheriv('aes-128-ecb', headerKey, null).update(bytes.subarray(sampleAt, sampleAt + SAMPLE));
  const header = Buffer.from(bytes.subarray(from, numberAt + 4));
  header[0] ^= mask[0] & 0x0f;
  const numberLength = (header[0] & 0x03) + 1;
  let number = 0;
  for (let i = 0; i < numberLength; i++) {
    header[numberAt - from + i] ^= mask[1 + i];
    number = number * 256 + header[numberAt - from + i];
  }
  const nonce = Buffer.from(iv);
  for (let i = 0; i < 4; i++) nonce[11 - i] ^= (number >>> (8 * i)) & 0xff;
  const end = numberAt + length;
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAAD(header.subarray(0, numberAt - from + numberLength));
  decipher.setAuthTag(bytes.subarray(end - TAG, end));
  const plaintext = decipher.update(bytes.subarray(numberAt + numberLength, end - TAG));
  try {
    decipher.final();
    return plaintext;
  } catch {
    return null; // not a client's Initial: a server's has other keys, and a damaged one fails too
  }
}

/** HKDF-Extract (RFC 5869). */
function extract(key: Uint8Array, secret: Uint8Array): Buffer {
  return createHmac('sha256', key).update(secret).digest();
}

/** HKDF-Expand-Label of TLS 1.3 (RFC 8446, 7.1) for at most 32 bytes, which is one round. */
function expandLabel(secret: Uint8Array, label: string, length: number): Buffer {
  const full = `tls13 ${label}`;
  const info = Buffer.concat([
    Uint8Array.of(length >>> 8, length & 0xff, full.length),
    Buffer.from(full, 'latin1'),
    Uint8Array.of(0, 1),
  ]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, length);
}

const CRYPTO = 0x06;
const PADDING = 0x00;
const PING = 0x01;
const ACK = 0x02;
const MAXIMUM_PIECES = 64;

function readCryptoFrames(frames: Uint8Array): CryptoPiece[] {
  const pieces: CryptoPiece[] = [];
  const end = frames.length;
  for (let at = 0; at < end && pieces.length < MAXIMUM_PIECES; ) {
    const type = frames[at];
    if (type === PADDING || type === PING) {
      at++;
      continue;
    }
    if (type === ACK || type === ACK + 1) {
      at = skipAck(frames, at, end);
      continue;
    }
    if (type !== CRYPTO) break;
    const offset = readVarint(frames, at + 1, end);
    const length = offset === null ? null : readVarint(frames, offset.next, end);
    if (offset === null || length === null || length.next + length.value > end) break;
    at = length.next + length.value;
    pieces.push({ offset: offset.value, bytes: frames.subarray(length.next, at) });
  }
  return pieces;
}

/** Offset behind an ACK frame: largest, delay, range count, first range, then pairs, and three counts with ECN. */
function skipAck(frames: Uint8Array, start: number, end: number): number {
  let at = start + 1;
  let fields = 4;
  for (let i = 0; i < fields; i++) {
    const value = readVarint(frames, at, end);
    if (value === null) return end;
    if (i === 2) fields += Math.min(value.value, end) * 2 + (frames[start] === ACK ? 0 : 3);
    at = value.next;
  }
  return at;
}

/** RFC 9000, 16: the first two bits give the length. */
function readVarint(bytes: Uint8Array, at: number, end: number): { value: number; next: number } | null {
  if (at >= end) return null;
  const length = 1 << (bytes[at] >>> 6);
  if (at + length > end) return null;
  let value = bytes[at] & 0x3f;
  for (let i = 1; i < length; i++) value = value * 256 + bytes[at + i];
  return { value, next: at + length };
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
