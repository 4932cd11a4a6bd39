import { createHash } from 'node:crypto';
import type { ClientHello, ServerHello } from './tls.ts';

/** RFC 8701: values that clients sprinkle in to keep servers tolerant; fingerprints leave them out. */
const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >>> 8 === (value & 0xff);
const plain = (values: readonly number[]): number[] => values.filter((value) => !isGrease(value));
const dashed = (values: readonly number[]): string => values.join('-');
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** JA3 (Salesforce, 2017): MD5 of version, cipher suites, extensions, groups and point formats in decimal. */
export function ja3(hello: ClientHello): string {
  const lists = [hello.cipherSuites, hello.extensions, hello.supportedGroups].map((list) => dashed(plain(list)));
  return md5([hello.legacyVersion, ...lists, dashed(hello.pointFormats)].join(','));
}

/** JA3S: MD5 of version, cipher suite and extensions. The version is that of the record's body. */
export function ja3s(hello: ServerHello, legacyVersion: number): string {
  return md5([legacyVersion, hello.cipherSuite, dashed(hello.extensions)].join(','));
}

const SERVER_NAME = 0;
const ALPN = 16;

/** JA4 (FoxIO, 2023), TLS client: `t13d1516h2_8daaf6152771_b186095e22b6`. `transport` is t, q or d. */
export function ja4(hello: ClientHello, transport: 't' | 'q' | 'd'): string {
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
const short = (text: string): string =>
  text === '' ? EMPTY : createHash('sha256').update(text).digest('hex').slice(0, EMPTY.length);

function versionCode(hello: ClientHello): string {
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
