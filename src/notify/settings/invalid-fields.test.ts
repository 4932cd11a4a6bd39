import { expect, test } from 'vitest';
import type { z } from 'zod';
import { channelSchema } from '../channels.ts';
import { InvalidFields, parseFields } from './invalid-fields.ts';
import { ruleSchema } from './rule.ts';

function problems(schema: z.ZodType, input: unknown): string[] {
  try {
    parseFields(schema, input);
  } catch (error) {
    if (error instanceof InvalidFields) return error.fields.map(({ field, problem }) => `${field}: ${problem}`).sort();
    throw error;
  }
  return [];
}
const channel = (kind: string, settings: object = {}) => problems(channelSchema, { kind, name: 'x', ...settings });

test('what is wrong is said in words that go on from the name of the field', () => {
  const email = { to: ['a@b.c'], port: 99_999, security: 'tls', server: 'a b', sender: 3 };
  expect(channel('email', email)).toEqual([
    'port: must be at most 65535',
    'security: must be one of ssl, starttls, none',
    'sender: must be a text',
    'server: is not a name or an address of a server',
  ]);
  expect(channel('email', { to: [] })).toEqual(['to: is missing']);
  expect(channel('telegram', { chat: 'abc' })).toEqual([
    'chat: is neither the number of a chat nor the @name of a channel',
    'token: is missing',
  ]);
  expect(channel('incoming-hook')).toEqual([
    'style: must be one of slack, discord, mattermost, teams, google-chat',
    'url: is missing',
  ]);
  expect(channel('ntfy', { topic: 'a', enabled: 'yes', title: 'x'.repeat(300), loud: 1 })).toEqual([
    'enabled: must be true or false',
    'loud: is not a setting of this kind',
    'title: must be at most 200 characters long',
  ]);
  expect(channel('fax')).toEqual(['kind: is none of the kinds that there are']);
  expect(channel('apprise', { url: 'https://example.org' })).toEqual(['key: Give either a key or URLs.']);
  const rule = { name: '', kinds: ['x'], escalate: [{ afterMinutes: 0, channels: [] }] };
  expect(problems(ruleSchema, rule)).toEqual([
    'escalate.0.afterMinutes: must be at least 1',
    'escalate.0.channels: is missing',
    expect.stringMatching(/^kinds\.0: must be one of scan, /),
    'name: is missing',
  ]);
  expect(problems(ruleSchema, 'x')).toEqual([': must be an object of settings']);
});

test('the first of them makes the sentence for a terminal', () => {
  const sentence = (input: unknown) => expect(() => parseFields(ruleSchema, input, ['rules', '0']));
  sentence({ name: 'x', digest: { at: '8' } }).toThrow(
    'This cannot be kept: "rules.0.digest.at" is not a time as HH:MM.',
  );
  const never = { name: 'x', quietHours: { from: '07:00', to: '07:00' } };
  sentence(never).toThrow('This cannot be kept: Quiet hours need an end that is not their beginning.');
  expect(() => parseFields(ruleSchema, null)).toThrow(
    'This cannot be kept: what was sent must be an object of settings.',
  );
});

test('nothing of what was typed is repeated: it may have been a secret in the wrong field', () => {
  const canary = 'canary-1';
  const inputs = [
    { kind: 'ntfy', topic: canary.repeat(20) },
    { kind: canary },
    { kind: 'email', to: [canary], port: canary, security: canary, server: ` ${canary}`, ca: canary },
    { kind: 'webhook', url: canary },
  ];
  for (const { kind, ...settings } of inputs) {
    const found = channel(kind, settings);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join()).not.toContain(canary);
  }
});
