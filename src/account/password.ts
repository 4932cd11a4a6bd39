/** Passwords: scrypt with the cost that OWASP names, and the rules for a new one (NIST SP 800-63B: length, not classes). */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AppError } from '../errors.ts';

export const MIN_PASSWORD = 10;
export const MAX_PASSWORD = 256;

/** 16 MiB for a quarter of a second of a small computer; a later version may ask for more and still read these. */
const COST = { N: 2 ** 14, r: 8, p: 5 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;

const derive = (password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // The same password typed on another keyboard may be composed in another way. HMAC fills a short key up with zeros,
    // so "x" and "x\0" would be one password: a byte that is no zero ends it.
    const key = Buffer.concat([Buffer.from(password.normalize('NFKC')), Buffer.of(0x80)]);
    scrypt(key, salt, KEY_BYTES, { ...cost, maxmem: 64 * 1024 * 1024 }, (error, derived) =>
      error ? reject(error) : resolve(derived),
    );
  });

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

export async function verifyPassword(stored: string, password: string): Promise<boolean> {
  const [kind, N, r, p, salt, key] = stored.split('$');
  if (kind !== 'scrypt' || !key) return false;
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const expected = Buffer.from(key, 'base64url');
  const given = await derive(password, Buffer.from(salt, 'base64url'), cost);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Rejects with AppError `weak_password`. `about` are words that a guesser tries first: the name and the address. */
export async function requireGoodPassword(password: string, about: readonly string[]): Promise<void> {
  if (password.length < MIN_PASSWORD) throw weak(`it is shorter than ${MIN_PASSWORD} characters`);
  if (password.length > MAX_PASSWORD) throw weak(`it is longer than ${MAX_PASSWORD} characters`);
  const plain = password.toLowerCase();
  if (new Set(plain).size < 4) throw weak('it repeats the same few characters');
  if (about.some((word) => word.length >= 4 && plain.includes(word.toLowerCase()) && plain.length < word.length + 6)) {
    throw weak('it is little more than the name or the address');
  }
  if (await isCommon(plain)) throw weak('it is one of the passwords that are tried first everywhere');
}

async function isCommon(password: string): Promise<boolean> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./common-password/worker.${extension}`, import.meta.url), {
    workerData: password,
  });
  const [answer] = (await once(worker, 'message')) as [boolean];
  return answer;
}

const weak = (reason: string): AppError => new AppError('weak_password', { reason });
