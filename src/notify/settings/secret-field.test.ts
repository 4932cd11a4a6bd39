import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { channelDefinitions, channelSchema, secretSettings } from '../channels.ts';
import { createSecrets } from '../transport/secret.ts';
import { hideSecrets, sealChannel } from './secret-field.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'guardian-secret-field-'));
afterAll(() => rmSync(directory, { recursive: true }));
const secrets = createSecrets({ env: {}, keyFile: path.join(directory, 'secret.key') });
const input = {
  kind: 'webhook',
  name: 'hook',
  url: 'https://example.org/',
  token: 'canary-1',
  signingSecret: 'canary-2',
};

test('a secret that a page writes is sealed, and what a page reads does not hold it', () => {
  const config = channelSchema.parse(sealChannel(input, undefined, secrets));
  if (config.kind !== 'webhook') throw new Error('another kind');
  expect(JSON.stringify(config)).not.toContain('canary');
  expect(secrets.reveal(config.token!)).toBe('canary-1');
  expect(hideSecrets(config)).toEqual({
    ...input,
    enabled: true,
    token: { set: true, from: 'store' },
    signingSecret: { set: true, from: 'store' },
  });

  const renamed = { ...hideSecrets(config), name: 'renamed', token: 'canary-3', signingSecret: '' };
  const changed = channelSchema.parse(sealChannel(renamed, config, secrets));
  if (changed.kind !== 'webhook') throw new Error('another kind');
  expect([secrets.reveal(changed.token!), changed.signingSecret]).toEqual(['canary-3', undefined]);
  const untouched = channelSchema.parse(sealChannel(hideSecrets(config), config, secrets));
  expect(untouched).toEqual(config);
});

test.each([
  { file: '/etc/shadow' },
  { env: 'PATH' },
  { sealed: secrets.seal('x').sealed },
  { set: true, from: 'store' },
  ['a'],
  7,
])('a page may not say %j for a secret', (token) => {
  expect(() => sealChannel({ ...input, token }, undefined, secrets)).toThrow(
    expect.objectContaining({ code: 'bad_setting' }),
  );
});

test('where a secret of the configuration file comes from is shown, and kept', () => {
  const config = channelSchema.parse({ kind: 'ntfy', name: 'n', topic: 't', token: { env: 'NTFY' } });
  expect(hideSecrets(config)).toMatchObject({ token: { set: true, from: 'environment' } });
  expect(channelSchema.parse(sealChannel(hideSecrets(config), config, secrets))).toEqual(config);
  // A secret does not follow to another receiver.
  const hook = { kind: 'webhook', name: 'n', url: config.kind === 'ntfy' ? config.url : '', token: { set: true } };
  expect(() => sealChannel(hook, config, secrets)).toThrow(/enter it again/);
  const moved = { ...hideSecrets(config), url: 'https://evil.example/' };
  expect(() => sealChannel(moved, config, secrets)).toThrow(/enter it again/);
});

test('every kind tells a settings form which of its fields are secret', () => {
  expect(Object.fromEntries(channelDefinitions.map(({ kind }) => [kind, secretSettings(kind)]))).toEqual({
    email: ['password'],
    webhook: ['signingSecret', 'token'],
    mqtt: ['password'],
    ntfy: ['token'],
    telegram: ['token'],
    'incoming-hook': ['url'],
    apprise: ['key', 'urls'],
  });
  for (const { kind, settings } of channelDefinitions) {
    const form = z.toJSONSchema(settings, { io: 'input' }) as { properties: Record<string, { secret?: boolean }> };
    const marked = Object.entries(form.properties).filter(([, field]) => field.secret);
    expect(marked.map(([name]) => name)).toEqual(secretSettings(kind));
  }
  expect(secretSettings('fax')).toEqual([]);
});
