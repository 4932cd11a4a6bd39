import { wireText } from '../text.ts';

/** The hello messages of TLS (RFC 8446, 5246), and what of them fingerprints a program. Numbers stay as on the wire. */
export interface ClientHello {
  /** The version of the record's body; newer ones hide theirs in `supportedVersions`. */
  legacyVersion: number;
  supportedVersions: number[];
  cipherSuites: number[];
  extensions: number[];
  serverName: string | null;
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
const HANDSHAKE_RECORD = 22;
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

/** Parses the body of a ClientHello; null where its fixed part is cut. Extensions that are cut end the list. */
export function parseClientHello(body: Uint8Array): ClientHello | null {
  if (body.length < 35) return null;
  let at = 35 + body[34];
  if (at + 2 > body.length) return null;
  const ciphersEnd = at + 2 + word(body, at);
  if (ciphersEnd + 1 > body.length) return null;
  const hello: ClientHello = {
    legacyVersion: word(body, 0),
    supportedVersions: [],
    cipherSuites: words(body, at + 2, ciphersEnd),
    extensions: [],
    serverName: null,
    alpn: [],
    supportedGroups: [],
    pointFormats: [],
    signatureAlgorithms: [],
  };
  at = ciphersEnd + 1 + body[ciphersEnd];
  readExtensions(body, at, (type, start, end) => {
    hello.extensions.push(type);
    readClientExtension(hello, body, type, start, end);
  });
  return hello;
}

function readClientExtension(hello: ClientHello, body: Uint8Array, type: number, start: number, end: number): void {
  switch (type) {
    case 0:
      hello.serverName = serverName(body, start, end);
      return;
    case 10:
      hello.supportedGroups = words(body, start + 2, end);
      return;
    case 11:
      hello.pointFormats = [...body.subarray(start + 1, end)];
      return;
    case 13:
      hello.signatureAlgorithms = words(body, start + 2, end);
      return;
    case 16:
      hello.alpn = protocolNames(body, start + 2, end);
      return;
    case 43:
      hello.supportedVersions = words(body, start + 1, end);
      return;
  }
}

export function parseServerHello(body: Uint8Array): ServerHello | null {
  if (body.length < 35) return null;
  const at = 35 + body[34];
  if (at + 3 > body.length) return null;
  const hello: ServerHello = { version: word(body, 0), cipherSuite: word(body, at), extensions: [], alpn: null };
  readExtensions(body, at + 3, (type, start, end) => {
    hello.extensions.push(type);
    if (type === 43 && end - start === 2) hello.version = word(body, start);
    if (type === 16) hello.alpn = protocolNames(body, start + 2, end)[0] ?? null;
  });
  return hello;
}

function readExtensions(body: Uint8Array, start: number, take: (type: number, start: number, end: number) => void) {
  if (start + 2 > body.length) return;
  const limit = Math.min(body.length, start + 2 + word(body, start));
  for (let at = start + 2; at + 4 <= limit; ) {
    const end = at + 4 + word(body, at + 2);
    if (end > limit) return;
    take(word(body, at), at + 4, end);
    at = end;
  }
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
