/** X.509 certificates for TLS tests, good and bad, made in the test: no key lies in the repository (RFC 5280, X.690). */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const integer = (value: number): Buffer => der(0x02, Buffer.from([value]));

/** Object identifier from its dotted form. */
function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 127];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 127) | 128);
    bytes.push(...groups);
  }
  return der(0x06, Buffer.from(bytes));
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
const name = (commonName: string): Buffer =>
  sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(commonName)))));
const time = (date: Date): Buffer => der(0x18, Buffer.from(`${date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`));
const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), der(0x04, value));

export interface TestCertificate {
  cert: string;
  key: string;
}

export interface CertificateOptions {
  /** DNS names and IPv4 addresses it is for. */
  names: string[];
  /** Days from now until it ends; negative for one that has ended. */
  days?: number;
  /** Who signs; itself unless told. */
  authority?: { cert: string; keyObject: KeyObject; commonName: string };
}

export function createCertificate({ names, days = 30, authority }: CertificateOptions): TestCertificate & {
  authority: NonNullable<CertificateOptions['authority']>;
} {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const commonName = `Guardian test ${names[0]}`;
  const alternatives = names.map((one) =>
    /^[\d.]+$/.test(one) ? der(0x87, Buffer.from(one.split('.').map(Number))) : der(0x82, Buffer.from(one)),
  );
  const body = sequence(
    der(0xa0, integer(2)),
    integer(Math.floor(1 + Math.random() * 126)),
    ecdsaWithSha256,
    name(authority?.commonName ?? commonName),
    sequence(time(new Date(Date.now() - 400 * 86_400_000)), time(new Date(Date.now() + days * 86_400_000))),
    name(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(
        extension('2.5.29.17', sequence(...alternatives)),
        extension('2.5.29.19', sequence(der(0x01, Buffer.from([0xff])))),
      ),
    ),
  );
  const signature = sign('sha256', body, authority?.keyObject ?? privateKey);
  const whole = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  const cert = `-----BEGIN CERTIFICATE-----\n${whole.toString('base64').replaceAll(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return { cert, key, authority: { cert, keyObject: privateKey, commonName } };
}
