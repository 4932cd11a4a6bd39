import { ByteCache } from '../../byte-cache.ts';
import { wireText } from '../../text.ts';

/** The hello messages of TLS (RFC 8446, 5246). Numbers stay as on the wire. */
export interface ClientHello {
  serverName: string | null;
  offer: ClientOffer;
}

/** What of a hello is the program's, and so fingerprints it; the same object for hellos that offer the same. */
export interface ClientOffer {
  /** The version of the record's body; newer ones hide theirs in `supportedVersions`. */
  legacyVersion: number;
  supportedVersions: number[];
  cipherSuites: number[];
  extensions: number[];
  alpn: string[];
  supportedGroups: number[];
  pointFormats: number[];
  signatureAlgorithms: number[];
}

export interface ServerHello {
  /** As negotiated. */
  version: number;
  cipherSuite: number;
  extensions: number[];
  alpn: string | null;
}

export const CLIENT_HELLO = 1;
export const SERVER_HELLO = 2;
const RECORD_HEADER = 5;
export const HANDSHAKE_RECORD = 22;
const ALERT_RECORD = 21;
/** RFC 8446, 5.1: 2^14, and what older versions allowed on top. */
const MAXIMUM_RECORD = 16_384 + 2048;
const MAXIMUM_HANDSHAKE = 65_536;

export type HandshakeRead =
  | { kind: 'message'; type: number; body: Uint8Array }
  /** More bytes are needed. */
  | { kind: 'cut' }
  | { kind: 'none' };

/**
 * The first handshake message of a stream that begins at `from`, put together from its records (an alert may come
 * before a server's).
 */
export function readHandshake(bytes: Uint8Array, from: number, to: number): HandshakeRead {
  const parts: Uint8Array[] = [];
  let have = 0;
  for (let at = from; ; ) {
    if (at + RECORD_HEADER > to) return { kind: 'cut' };
    const type = bytes[at];
    const length = (bytes[at + 3] << 8) | bytes[at + 4];
    if (bytes[at + 1] !== 3 || length === 0 || length > MAXIMUM_RECORD) return { kind: 'none' };
    const body = at + RECORD_HEADER;
    at = body + length;
    if (type === ALERT_RECORD && have === 0) continue;
    if (type !== HANDSHAKE_RECORD) return { kind: 'none' };
    parts.push(bytes.subarray(body, Math.min(at, to)));
    have += parts[parts.length - 1].length;
    const message = have >= 4 ? wholeMessage(parts, have) : null;
    if (message !== null) return message;
    if (at > to) return { kind: 'cut' };
  }
}

function wholeMessage(parts: Uint8Array[], have: number): HandshakeRead | null {
  const joined = parts.length === 1 ? parts[0] : concatenate(parts, have);
  const length = (joined[1] << 16) | (joined[2] << 8) | joined[3];
  if (length > MAXIMUM_HANDSHAKE) return { kind: 'none' };
  return have < 4 + length ? null : { kind: 'message', type: joined[0], body: joined.subarray(4, 4 + length) };
}

function concatenate(parts: Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The offers of the programs that were seen last, by the parts of the hello that they follow from. */
const offers = new ByteCache<ClientOffer>(512, 1024);
const offerKey = new Uint8Array(1024);

/** Parses the body of a ClientHello; null where its fixed part is cut. Extensions that are cut end the list. */
export function parseClientHello(body: Uint8Array): ClientHello | null {
  if (body.length < 35) return null;
  const ciphers = 35 + body[34];
  if (ciphers + 2 > body.length) return null;
  const ciphersEnd = ciphers + 2 + word(body, ciphers);
  if (ciphersEnd + 1 > body.length) return null;
  const extensions = ciphersEnd + 1 + body[ciphersEnd];
  let name: string | null = null;
  // Lengths are part of the key, so that no two hellos with different offers share it.
  let key = copyKey(body, 0, 2, 0);
  key = copyKey(body, ciphers, ciphersEnd, key);
  for (let at = firstExtension(body, extensions); at >= 0; at = nextExtension(body, extensions, at)) {
    const type = word(body, at);
    const end = at + 4 + word(body, at + 2);
    if (type === SERVER_NAME) name = serverName(body, at + 4, end);
    key = copyKey(body, at, isOffered(type) ? end : at + 2, key);
  }
  if (key > offerKey.length) return { serverName: name, offer: readOffer(body, ciphers + 2, ciphersEnd, extensions) };
  const known = offers.find(offerKey, 0, key);
  if (known !== undefined) return { serverName: name, offer: known };
  const offer = readOffer(body, ciphers + 2, ciphersEnd, extensions);
  return { serverName: name, offer: offers.keep(offerKey, 0, key, offer) };
}

/** Appends [from, to) at `at`, and says where the next bytes belong; behind its end nothing is written. */
function copyKey(body: Uint8Array, from: number, to: number, at: number): number {
  const end = at + to - from;
  if (end <= offerKey.length) for (let i = from; i < to; i++) offerKey[at + i - from] = body[i];
  return end;
}

const SERVER_NAME = 0;
const GROUPS = 10;
const POINT_FORMATS = 11;
const ALGORITHMS = 13;
const ALPN = 16;
const VERSIONS = 43;

/** Whether the content of an extension is part of the offer. */
function isOffered(type: number): boolean {
  switch (type) {
    case GROUPS:
    case POINT_FORMATS:
    case ALGORITHMS:
    case ALPN:
    case VERSIONS:
      return true;
    default:
      return false;
  }
}

function readOffer(body: Uint8Array, ciphers: number, ciphersEnd: number, extensions: number): ClientOffer {
  const offer: ClientOffer = {
    legacyVersion: word(body, 0),
    supportedVersions: [],
    cipherSuites: words(body, ciphers, ciphersEnd),
    extensions: [],
    alpn: [],
    supportedGroups: [],
    pointFormats: [],
    signatureAlgorithms: [],
  };
  for (let at = firstExtension(body, extensions); at >= 0; at = nextExtension(body, extensions, at)) {
    offer.extensions.push(word(body, at));
    readOffered(offer, body, word(body, at), at + 4, at + 4 + word(body, at + 2));
  }
  return offer;
}

function readOffered(offer: ClientOffer, body: Uint8Array, type: number, start: number, end: number): void {
  switch (type) {
    case GROUPS:
      offer.supportedGroups = words(body, start + 2, end);
      return;
    case POINT_FORMATS:
      offer.pointFormats = [...body.subarray(start + 1, end)];
      return;
    case ALGORITHMS:
      offer.signatureAlgorithms = words(body, start + 2, end);
      return;
    case ALPN:
      offer.alpn = protocolNames(body, start + 2, end);
      return;
    case VERSIONS:
      offer.supportedVersions = words(body, start + 1, end);
      return;
  }
}

export function parseServerHello(body: Uint8Array): ServerHello | null {
  if (body.length < 35) return null;
  const at = 35 + body[34];
  if (at + 3 > body.length) return null;
  const hello: ServerHello = { version: word(body, 0), cipherSuite: word(body, at), extensions: [], alpn: null };
  for (let ext = firstExtension(body, at + 3); ext >= 0; ext = nextExtension(body, at + 3, ext)) {
    const type = word(body, ext);
    const end = ext + 4 + word(body, ext + 2);
    hello.extensions.push(type);
    if (type === VERSIONS && end - ext === 6) hello.version = word(body, ext + 4);
    if (type === ALPN) hello.alpn = protocolNames(body, ext + 6, end)[0] ?? null;
  }
  return hello;
}

/** Offset of the first whole extension of the list at `start`, -1 where there is none. */
function firstExtension(body: Uint8Array, start: number): number {
  return start + 2 > body.length ? -1 : wholeExtension(body, start, start + 2);
}

function nextExtension(body: Uint8Array, start: number, at: number): number {
  return wholeExtension(body, start, at + 4 + word(body, at + 2));
}

function wholeExtension(body: Uint8Array, start: number, at: number): number {
  const limit = Math.min(body.length, start + 2 + word(body, start));
  return at + 4 > limit || at + 4 + word(body, at + 2) > limit ? -1 : at;
}

/** List length, type 0 (host name), length, name. */
function serverName(body: Uint8Array, start: number, end: number): string | null {
  if (start + 5 > end || body[start + 2] !== 0) return null;
  const from = start + 5;
  return wireText(body, from, Math.min(end, from + Math.min(255, word(body, start + 3)))).toLowerCase();
}

function protocolNames(body: Uint8Array, start: number, end: number): string[] {
  const names: string[] = [];
  for (let at = start; at < end && names.length < 16; at += 1 + body[at]) {
    names.push(wireText(body, at + 1, Math.min(end, at + 1 + body[at])));
  }
  return names;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

function words(bytes: Uint8Array, start: number, end: number): number[] {
  const list: number[] = [];
  for (let at = start; at + 2 <= Math.min(end, bytes.length); at += 2) list.push(word(bytes, at));
  return list;
}

/** Zeek's names of versions. */
export function tlsVersionName(version: number): string {
  switch (version) {
    case 0x0300:
      return 'SSLv3';
    case 0x0301:
      return 'TLSv10';
    case 0x0302:
      return 'TLSv11';
    case 0x0303:
      return 'TLSv12';
    case 0x0304:
      return 'TLSv13';
    default:
      return `unknown-${version}`;
  }
}
