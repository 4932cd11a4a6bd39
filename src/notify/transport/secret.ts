/**
 * Secrets of channels. Settings never hold one: they say where it is, in the environment, in a file, or sealed
 * (AES-256-GCM) with a key that lies beside the database and not in it.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '../../errors.ts';

export const secretSchema = z
  .union([
    z.strictObject({ env: z.string().regex(/^[A-Za-z_]\w{0,99}$/) }),
    z.strictObject({ file: z.string().min(1).max(1000) }),
    z.strictObject({ sealed: z.string().regex(/^v1\.[\w-]{38,20000}$/) }),
  ])
  .meta({ secret: true });
export type SecretRef = z.infer<typeof secretSchema>;

export interface Secrets {
  /** Throws AppError `secret_missing` or `secret_unreadable`. */
  reveal(ref: SecretRef): string;
  /** Makes the key file, for its owner only, when it is missing. */
  seal(plain: string): { sealed: string };
  /** The text without any secret that was revealed: the last line of defence for logs and messages. */
  redact(text: string): string;
}

export interface SecretsOptions {
  /** Usually process.env. */
  env: Record<string, string | undefined>;
  /** In the data folder. */
  keyFile: string;
}

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MAX_SECRET_BYTES = 16_384;
/** Shorter ones would blot out ordinary words. */
const SHORTEST_REDACTED = 4;

export function createSecrets({ env, keyFile }: SecretsOptions): Secrets {
  const revealed = new Set<string>();

  const readKey = (): Buffer => {
    const key = readFileSync(keyFile);
    if (key.length !== KEY_BYTES) throw new AppError('secret_unreadable', { reason: 'the key file is damaged' });
    if (statSync(keyFile).mode & 0o077) chmodSync(keyFile, 0o600);
    return key;
  };
  const readOrMakeKey = (): Buffer => {
    try {
      writeFileSync(keyFile, randomBytes(KEY_BYTES), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    return readKey();
  };

  const open = (sealed: string): string => {
    const box = Buffer.from(sealed.slice(3), 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', readKey(), box.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(box.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return decipher.update(box.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
      throw new AppError(
        'secret_unreadable',
        { reason: missing ? 'its key file is missing' : 'another key sealed it' },
        { cause },
      );
    }
  };

  const readSecretFile = (file: string): string => {
    try {
      if (statSync(file).size > MAX_SECRET_BYTES) throw new Error('too large for a secret');
      return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (cause) {
      throw new AppError('secret_missing', { origin: `the file ${file}` }, { cause });
    }
  };

  const find = (ref: SecretRef): string => {
    if ('sealed' in ref) return open(ref.sealed);
    if ('file' in ref) return readSecretFile(ref.file);
    const value = env[ref.env];
    if (value) return value;
    const file = env[`${ref.env}_FILE`];
    if (file) return readSecretFile(file);
    throw new AppError('secret_missing', { origin: `the environment variable ${ref.env}` });
  };

  return {
    reveal(ref) {
      const secret = find(ref);
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
        if (form.length >= SHORTEST_REDACTED) revealed.add(form);
      }
      return secret;
    },

    seal(plain) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', readOrMakeKey(), iv, { authTagLength: TAG_BYTES });
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return { sealed: `v1.${Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')}` };
    },

    redact: (text) => [...revealed].reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text),
  };
}
