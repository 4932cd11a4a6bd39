import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSecrets, secretSchema } from './secret.ts';

let directory: string;
const keyFile = () => path.join(directory, 'secret.key');
const file = (name: string, text: string): string => {
  writeFileSync(path.join(directory, name), text);
  return path.join(directory, name);
};
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'guardian-secret-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('come from the environment, from a file that it names, or from a file', () => {
  const env = { TOKEN: 'in-env', OTHER_FILE: file('other', 'in-file\n'), EMPTY: '' };
  const secrets = createSecrets({ env, keyFile: keyFile() });
  expect(secrets.reveal({ env: 'TOKEN' })).toBe('in-env');
  expect(secrets.reveal({ env: 'OTHER' })).toBe('in-file');
  expect(secrets.reveal({ file: file('third', ' spaces stay \r\n') })).toBe(' spaces stay ');
  expect(() => secrets.reveal({ env: 'EMPTY' })).toThrow(expect.objectContaining({ code: 'secret_missing' }));
  expect(() => secrets.reveal({ file: '/nonexistent' })).toThrow(expect.objectContaining({ code: 'secret_missing' }));
  expect(() => secrets.reveal({ file: file('huge', 'x'.repeat(20_000)) })).toThrow(/no secret/);
});

test('sealed ones open with the same key only, after a restart too', () => {
  const secrets = createSecrets({ env: {}, keyFile: keyFile() });
  const sealed = secrets.seal('pässword');
  expect(secretSchema.parse(sealed)).toEqual(sealed);
  expect(sealed.sealed).not.toContain('pässword');
  expect(secrets.seal('pässword')).not.toEqual(sealed);
  expect(createSecrets({ env: {}, keyFile: keyFile() }).reveal(sealed)).toBe('pässword');
  const elsewhere = createSecrets({ env: {}, keyFile: path.join(directory, 'other.key') });
  expect(() => elsewhere.reveal(sealed)).toThrow(/its key file is missing/);
  elsewhere.seal('x');
  expect(() => elsewhere.reveal(sealed)).toThrow(/another key sealed it/);
});

test('a sealed one with any byte changed does not open', () => {
  const secrets = createSecrets({ env: {}, keyFile: keyFile() });
  const bytes = Buffer.from(secrets.seal('secret').sealed.slice(3), 'base64url');
  for (let i = 0; i < bytes.length; i++) {
    const changed = Buffer.from(bytes);
    changed[i] ^= 1;
    expect(() => secrets.reveal({ sealed: `v1.${changed.toString('base64url')}` })).toThrow(/another key/);
  }
});

test('the key file is for its owner only, stays so, and is refused when damaged', () => {
  const secrets = createSecrets({ env: {}, keyFile: keyFile() });
  const sealed = secrets.seal('x');
  const key = readFileSync(keyFile());
  expect([key.length, statSync(keyFile()).mode & 0o777]).toEqual([32, 0o600]);
  chmodSync(keyFile(), 0o644);
  secrets.reveal(sealed);
  expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
  expect(readFileSync(keyFile()).equals(key)).toBe(true);
  writeFileSync(keyFile(), 'short');
  expect(() => secrets.reveal(sealed)).toThrow(/the key file is damaged/);
});

test('what was revealed is taken out of texts, in the forms in which it travels', () => {
  const secrets = createSecrets({ env: { A: 'p/ss w+rd', B: 'ok' }, keyFile: keyFile() });
  secrets.reveal({ env: 'A' });
  secrets.reveal({ env: 'B' });
  const text = `p/ss w+rd, p%2Fss%20w%2Brd, ${Buffer.from('p/ss w+rd').toString('base64')}, ok`;
  expect(secrets.redact(text)).toBe('[secret], [secret], [secret], ok');
});

test('settings hold no plain secret', () => {
  for (const bad of ['plain', { env: 'A B' }, { sealed: 'x' }, { env: 'A', file: 'b' }, {}, null]) {
    expect(secretSchema.safeParse(bad).success).toBe(false);
  }
});
