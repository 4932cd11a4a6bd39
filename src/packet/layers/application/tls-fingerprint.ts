import { hash } from 'node:crypto';
import type { ClientOffer, ServerHello } from './tls.ts';

/** RFC 8701: values that clients sprinkle in to keep servers tolerant; fingerprints leave them out. */
const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >>> 8 === (value & 0xff);
const plain = (values: readonly number[]): number[] => values.filter((value) => !isGrease(value));
const dashed = (values: readonly number[]): string => values.join('-');
const md5 = (text: string): string => hash('md5', text);

/** An offer that was seen before is the same object. */
const clients = new WeakMap<ClientOffer, Map<string, string>>();
/** Servers answer in few ways; when there are more than this, all are forgotten. */
const servers = new Map<string, string>();
const MAXIMUM_SERVERS = 1024;

/** The fingerprint `kind` of an offer, computed once. */
function once(offer: ClientOffer, kind: string, compute: () => string): string {
  let known = clients.get(offer);
  if (known === undefined) {
    known = new Map();
    clients.set(offer, known);
  }
  let print = known.get(kind);
  if (print === undefined) {
    print = compute();
    known.set(kind, print);
  }
  return print;
}

/** JA3 (Salesforce, 2017): MD5 of version, cipher suites, extensions, groups and point formats in decimal. */
export function ja3(offer: ClientOffer): string {
  return once(offer, 'ja3', () => {
    const lists = [offer.cipherSuites, offer.extensions, offer.supportedGroups].map((list) => dashed(plain(list)));
    return md5([offer.legacyVersion, ...lists, dashed(offer.pointFormats)].join(','));
  });
}

/** JA3S: MD5 of version, cipher suite and extensions. The version is that of the record's body. */
export function ja3s(hello: ServerHello, legacyVersion: number): string {
  const text = `${legacyVersion},${hello.cipherSuite},${dashed(hello.extensions)}`;
  let print = servers.get(text);
  if (print === undefined) {
    if (servers.size >= MAXIMUM_SERVERS) servers.clear();
    print = md5(text);
    servers.set(text, print);
  }
  return print;
}

const SERVER_NAME = 0;
const ALPN = 16;

/** JA4 (FoxIO, 2023), TLS client: `t13d1516h2_8daaf6152771_b186095e22b6`. `transport` is t, q or d. */
export function ja4(offer: ClientOffer, transport: 't' | 'q' | 'd'): string {
  return once(offer, transport, () => computeJa4(offer, transport));
}

function computeJa4(hello: ClientOffer, transport: string): string {
  const ciphers = plain(hello.cipherSuites);
  const extensions = plain(hello.extensions);
  const counts = [ciphers, extensions].map((list) => String(Math.min(99, list.length)).padStart(2, '0')).join('');
  const sni = hello.extensions.includes(SERVER_NAME) ? 'd' : 'i';
  const head = `${transport}${versionCode(hello)}${sni}${counts}${alpnCode(hello.alpn[0])}`;
  const others = extensions.filter((extension) => extension !== SERVER_NAME && extension !== ALPN);
  const algorithms = plain(hello.signatureAlgorithms).map(hex4).join(',');
  const tail = sortedHex(others) + (algorithms === '' ? '' : `_${algorithms}`);
  return `${head}_${short(sortedHex(ciphers))}_${others.length === 0 ? EMPTY : short(tail)}`;
}

const EMPTY = '000000000000';
const hex4 = (value: number): string => value.toString(16).padStart(4, '0');
const sortedHex = (values: readonly number[]): string => values.map(hex4).sort().join(',');
const short = (text: string): string => (text === '' ? EMPTY : hash('sha256', text).slice(0, EMPTY.length));

function versionCode(hello: ClientOffer): string {
  const offered = plain(hello.supportedVersions);
  const version = offered.length > 0 ? Math.max(...offered) : hello.legacyVersion;
  const codes: Record<number, string> = { 772: '13', 771: '12', 770: '11', 769: '10', 768: 's3' };
  return codes[version] ?? '00';
}

/** First and last character of the first protocol; of one that is not alphanumeric, of its hexadecimal form. */
function alpnCode(protocol: string | undefined): string {
  if (protocol === undefined || protocol === '') return '00';
  const ends = protocol[0] + protocol[protocol.length - 1];
  if (/^[0-9a-z]{2}$/i.test(ends)) return ends;
  const hex = Buffer.from(protocol, 'latin1').toString('hex');
  return hex[0] + hex[hex.length - 1];
}
