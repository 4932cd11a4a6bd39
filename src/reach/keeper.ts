/**
 * Keeps the server's certificate: the owner's own, or one of the local authority, which is made at the first start and
 * stays for ten years. The certificate is made again by itself when the machine has other names or addresses, and in
 * good time before it ends; connections that are open stay open.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { type Clock, systemClock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type KeyPair, makeAuthority, makeServerCertificate, plainHost } from './certificate.ts';
import { isPermitted } from './name-constraint.ts';

const LOOK_MS = 60_000;
/** Made again when less is left: whoever is on holiday for a month finds it working. */
const RENEW_MS = 60 * 86_400_000;

export interface KeeperOptions {
  /** Its files lie in `tls/` of the data folder. */
  directory: string;
  /** Files in PEM of the owner's own certificate and key; empty for the local authority. */
  certificate: string;
  key: string;
  /** Names and addresses that it is to be good for, asked for again and again. */
  hosts: () => readonly string[];
  log: Log;
  clock?: Clock;
}

/** What others need to trust the server; null with the owner's own certificate. */
export interface Authority {
  /** PEM. */
  certificate: string;
  name: string;
  /** SHA-256 of the certificate, as browsers show it. */
  fingerprint: string;
  /** Milliseconds since 1970. */
  expires: number;
}

export interface CertificateKeeper {
  /** In PEM, for tls.createServer and setSecureContext. */
  current(): { cert: string; key: string };
  authority: Authority | null;
  /** Called with a new one. */
  onRenew(listener: () => void): void;
  /** Looks whether another is needed; by itself every minute. */
  look(): Promise<void>;
  close(): void;
}

/** Rejects with AppError `bad_certificate`. */
export async function openCertificateKeeper(options: KeeperOptions): Promise<CertificateKeeper> {
  const listeners = new Set<() => void>();
  const source = options.certificate === '' ? await ownAuthority(options) : ownersFiles(options);
  let pair = await source.next(null);
  const keeper: CertificateKeeper = {
    authority: source.authority,
    current: () => ({ cert: pair.certificate, key: pair.key }),
    onRenew: (listener) => void listeners.add(listener),
    async look() {
      const next = await source.next(pair);
      if (next === pair) return;
      pair = next;
      for (const listener of listeners) listener();
    },
    close: () => clearInterval(timer),
  };
  const timer = setInterval(() => {
    keeper.look().catch((error: unknown) => {
      options.log.warn({ err: error }, 'The certificate could not be renewed; the one before is used on');
    });
  }, LOOK_MS).unref();
  return keeper;
}

interface Source {
  authority: Authority | null;
  /** The same object where nothing has changed. */
  next(current: KeyPair | null): Promise<KeyPair>;
}

/** Read again when they change: the owner's own tool renews them. */
function ownersFiles({ certificate, key }: KeeperOptions): Source {
  return {
    authority: null,
    async next(current) {
      let pair: KeyPair;
      try {
        pair = { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
        if (pair.certificate === current?.certificate && pair.key === current.key) return current;
        createSecureContext({ cert: pair.certificate, key: pair.key });
      } catch (error) {
        const { message } = error as Error;
        throw new AppError('bad_certificate', { certificate, key: key || '(none)', reason: message }, { cause: error });
      }
      return pair;
    },
  };
}

async function ownAuthority({ directory, hosts, log, clock = systemClock }: KeeperOptions): Promise<Source> {
  const folder = path.join(directory, 'tls');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  let signer = readPair(folder, 'authority');
  // One of the future is good: the clock of this machine is not set yet.
  if (!signer || Date.parse(new X509Certificate(signer.certificate).validTo) - clock.now() < RENEW_MS) {
    const label = `Home IoT Guardian on ${hostname().split('.')[0]}`;
    const outside = hosts()
      .map(plainHost)
      .filter((host) => isHost(host) && !isPermitted(host, []));
    signer = await makeAuthority(label, outside, clock.now());
    writePair(folder, 'authority', signer);
    // For whom it was made: the certificate says it too, but only to those who read ASN.1.
    writeFileSync(path.join(folder, 'authority.names'), outside.join('\n'), { mode: 0o600 });
    log.info({ folder }, 'Made the certificate authority of this Guardian');
  }
  const names = readNames(folder);
  const toldOf = new Set<string>();
  const wanted = (): string[] => {
    const all = [...new Set(['localhost', '127.0.0.1', '::1', ...hosts().map(plainHost)])].sort();
    return all.filter((host) => {
      if (!isHost(host)) return false;
      if (isPermitted(host, names)) return true;
      if (!toldOf.has(host)) {
        log.warn(
          { host },
          `The authority was made before the name ${host} was set, and does not vouch for it. Delete ${folder} to make another, and trust that one`,
        );
      }
      toldOf.add(host);
      return false;
    });
  };
  return {
    authority: describe(signer.certificate),
    async next(current) {
      const list = wanted();
      const kept = current ?? readPair(folder, 'server');
      if (kept && isGood(kept, signer, list, clock.now())) return kept;
      const made = await makeServerCertificate(signer, list, clock.now());
      writePair(folder, 'server', made);
      log.info({ hosts: list }, 'Made a certificate for the server');
      return made;
    },
  };
}

/** What a certificate can hold; `allowedHosts` may say more. */
const isHost = (host: string): boolean => isIP(host) !== 0 || /^[a-z\d]([a-z\d.-]*[a-z\d])?$/.test(host);

function describe(pem: string): Authority {
  const { raw, subject, validTo } = new X509Certificate(pem);
  const hex = createHash('sha256').update(raw).digest('hex').toUpperCase();
  const name = /^CN=(.+)$/m.exec(subject)?.[1] ?? subject;
  return { certificate: pem, name, fingerprint: hex.match(/../g)!.join(':'), expires: Date.parse(validTo) };
}

/** A certificate for more than is asked for stays: an address that is gone for an hour comes back. */
function isGood({ certificate }: KeyPair, signer: KeyPair, hosts: readonly string[], now: number): boolean {
  const own = new X509Certificate(certificate);
  if (!own.verify(new X509Certificate(signer.certificate).publicKey)) return false;
  const end = Date.parse(own.validTo);
  if (end - now < RENEW_MS || Date.parse(own.validFrom) > now) return false;
  const covered = (own.subjectAltName ?? '').split(', ').map((one) => plainHost(one.replace(/^(DNS|IP Address):/, '')));
  return hosts.every((host) => covered.includes(host));
}

function readPair(folder: string, name: string): KeyPair | null {
  const [certificate, key] = ['crt', 'key'].map((ending) => path.join(folder, `${name}.${ending}`));
  if (!existsSync(certificate) || !existsSync(key)) return null;
  const pair = { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
  try {
    createSecureContext({ cert: pair.certificate, key: pair.key });
    return pair;
  } catch {
    // Cut off when the power went: the next is made in its place.
    return null;
  }
}

/** The key first: a certificate without its key is as good as none. */
function writePair(folder: string, name: string, { certificate, key }: KeyPair): void {
  for (const [ending, text] of [
    ['key', key],
    ['crt', certificate],
  ]) {
    const file = path.join(folder, `${name}.${ending}`);
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

function readNames(folder: string): string[] {
  const file = path.join(folder, 'authority.names');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}
