/**
 * X.509 certificates (RFC 5280) of the local authority and of the server, with keys on P-256: what every phone and
 * computer of the last ten years takes. The library is loaded only where a certificate has to be made.
 */
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';
import type { Extension } from '@peculiar/x509';
import { permittedNames } from './name-constraint.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3653;
/** Apple and the CA/Browser Forum take no server certificate that is good for longer than 398 days. */
const SERVER_DAYS = 397;
/** A device whose clock is behind is to trust it too. */
const BEFORE_MS = DAY_MS;

/** Both in PEM. */
export interface KeyPair {
  certificate: string;
  key: string;
}

/** `names` without a dot at their end are permitted with what is below them; nothing else can be signed by it. */
export async function makeAuthority(label: string, names: readonly string[], now: number): Promise<KeyPair> {
  const x509 = await load();
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [label] }, { O: ['Home IoT Guardian'] }],
    notBefore: new Date(now - BEFORE_MS),
    notAfter: new Date(now + AUTHORITY_DAYS * DAY_MS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      // It signs servers, and no further authorities.
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.Extension('2.5.29.30', true, permittedNames(names)),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await exportKey(keys.privateKey) };
}

/** A certificate of a server for these names and addresses, signed by the authority. */
export async function makeServerCertificate(
  authority: KeyPair,
  hosts: readonly string[],
  now: number,
): Promise<KeyPair> {
  const x509 = await load();
  const issuer = new x509.X509Certificate(authority.certificate);
  const keys = await makeKeys();
  const alternatives = hosts.map((host) => ({ type: isIP(host) ? 'ip' : 'dns', value: host }) as const);
  const extensions: Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension(alternatives),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(issuer),
  ];
  const end = Math.min(now + SERVER_DAYS * DAY_MS, issuer.notAfter.getTime());
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: ['Home IoT Guardian'] }],
    issuer: issuer.subjectName.toJSON(),
    notBefore: new Date(now - BEFORE_MS),
    // The day before counts as well.
    notAfter: new Date(end - BEFORE_MS),
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: ALGORITHM,
    extensions,
  });
  return { certificate: certificate.toString('pem'), key: await exportKey(keys.privateKey) };
}

async function load() {
  // Its dependency injection asks for it, and looks for it when it is loaded.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto as Crypto);
  return x509;
}

/** Positive, and too long to be guessed. */
const serialNumber = (): string => `01${randomBytes(15).toString('hex')}`;

/** The same keys under the names that the library has for their types. */
const makeKeys = async (): Promise<CryptoKeyPair> =>
  (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair;

async function exportKey(key: CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key as webcrypto.CryptoKey));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({
    format: 'pem',
    type: 'pkcs8',
  }) as string;
}

async function importKey(pem: string): Promise<CryptoKey> {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' }) as Buffer;
  return (await webcrypto.subtle.importKey('pkcs8', new Uint8Array(der), ALGORITHM, false, ['sign'])) as CryptoKey;
}

/** In the spelling that certificates of both kinds are compared in. */
export const plainHost = (host: string): string => {
  const bare = host.toLowerCase().replaceAll(/[[\]]/g, '').replace(/%.*$/, '').replace(/\.$/, '');
  return isIPv6(bare) ? new URL(`http://[${bare}]`).hostname.slice(1, -1) : bare;
};
