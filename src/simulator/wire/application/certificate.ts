/** X.509 certificates (RFC 5280) in DER, well-formed but signed with random bytes: what a TLS 1.2 server shows. */
import { Random } from '../../engine/random.ts';
import { ByteWriter } from '../bytes.ts';
import { der } from './der.ts';

const SEQUENCE = 0x30;
const SET = 0x31;
const text = (tag: number, value: string): Uint8Array => der(tag, new ByteWriter().ascii(value).done());
const oid = (...bytes: number[]): Uint8Array => der(0x06, Uint8Array.from(bytes));
const NULL = der(0x05);
const TRUE = der(0x01, Uint8Array.of(0xff));

const COMMON_NAME = oid(0x55, 4, 3);
const ORGANIZATION = oid(0x55, 4, 10);
const COUNTRY = oid(0x55, 4, 6);
const RSA_ENCRYPTION = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1);
const SHA256_WITH_RSA = der(SEQUENCE, oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11), NULL);
const SUBJECT_ALT_NAME = oid(0x55, 0x1d, 0x11);
const BASIC_CONSTRAINTS = oid(0x55, 0x1d, 0x13);
const KEY_USAGE = oid(0x55, 0x1d, 0x0f);

/** A positive INTEGER of this many random bytes. */
function positive(length: number, random: Random): Uint8Array {
  const bytes = random.bytes(length);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return der(0x02, bytes);
}

function name(common: string, organization: string): Uint8Array {
  const part = (type: Uint8Array, tag: number, value: string) => der(SET, der(SEQUENCE, type, text(tag, value)));
  return der(
    SEQUENCE,
    part(COUNTRY, 0x13, 'US'),
    part(ORGANIZATION, 0x0c, organization),
    part(COMMON_NAME, 0x0c, common),
  );
}

function bitString(content: Uint8Array): Uint8Array {
  return der(0x03, Uint8Array.of(0), content);
}

function certificate(subject: Uint8Array, issuer: Uint8Array, host: string | null, random: Random): Uint8Array {
  const key = der(SEQUENCE, positive(256, random), der(0x02, Uint8Array.of(1, 0, 1)));
  const extensions = [
    der(SEQUENCE, KEY_USAGE, TRUE, der(0x04, der(0x03, Uint8Array.of(5, 0xa0)))),
    der(SEQUENCE, BASIC_CONSTRAINTS, TRUE, der(0x04, host === null ? der(SEQUENCE, TRUE) : der(SEQUENCE))),
  ];
  if (host !== null) {
    const names = der(SEQUENCE, text(0x82, host), text(0x82, `*.${host.split('.').slice(-2).join('.')}`));
    extensions.push(der(SEQUENCE, SUBJECT_ALT_NAME, der(0x04, names)));
  }
  const body = der(
    SEQUENCE,
    der(0xa0, der(0x02, Uint8Array.of(2))),
    positive(16, random),
    SHA256_WITH_RSA,
    issuer,
    der(SEQUENCE, text(0x17, '250601000000Z'), text(0x17, '270701000000Z')),
    subject,
    der(SEQUENCE, der(SEQUENCE, RSA_ENCRYPTION, NULL), bitString(key)),
    der(0xa3, der(SEQUENCE, ...extensions)),
  );
  return der(SEQUENCE, body, SHA256_WITH_RSA, bitString(random.bytes(256)));
}

const AUTHORITIES = [
  'R10',
  'Amazon RSA 2048 M02',
  'DigiCert TLS RSA SHA256 2020 CA1',
  'GTS CA 1C3',
  'GeoTrust RSA CA 2018',
];

/** Leaf and intermediate for a server name; the same name always shows the same chain. */
export function certificateChain(host: string): Uint8Array[] {
  const random = new Random(`certificate/${host}`);
  const authority = name(random.pick(AUTHORITIES), 'Trust Services');
  const root = name('Root CA', 'Trust Services');
  return [
    certificate(name(host, 'Cloud Services'), authority, host, random),
    certificate(authority, root, null, random),
  ];
}
