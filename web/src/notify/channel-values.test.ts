import { expect, test } from 'vitest';
import type { ChannelForm, NotificationChannel } from '../../../src/api/contract.ts';
import { keptSecret, linesOf, toChange, toValues } from './channel-values.ts';

const field = (name: string, type: string, usual: unknown = null, choices: string[] = []) => ({
  ...{ name, type, choices, default: usual },
});
const form = {
  kind: 'email',
  fields: [
    field('host', 'text'),
    field('port', 'number', 587),
    field('security', 'choice', null, ['starttls', 'tls']),
    field('to', 'list'),
    field('verify', 'yes-no', true),
    field('password', 'secret'),
  ],
} as unknown as ChannelForm;
const channel = {
  settings: { host: 'mail.example', to: ['a@example', 'b@example'], password: { set: true } },
} as unknown as NotificationChannel;

test('a new form has the usual values, and the first of a choice', () => {
  expect(toValues(form)).toEqual({ host: '', port: '587', security: 'starttls', to: '', verify: true, password: '' });
});

test('a channel that is set up keeps its secret hidden', () => {
  const values = toValues(form, channel);
  expect(values).toMatchObject({ host: 'mail.example', to: 'a@example\nb@example' });
  expect(keptSecret(channel, form.fields[5])).toEqual({ set: true });
  expect(keptSecret(channel, form.fields[0])).toBeUndefined();
});

test('what is sent has numbers, lists and trimmed texts, and nothing that is empty', () => {
  const values = { ...toValues(form), host: ' mail.example ', to: 'a@example, b@example\n\n', password: ' x ' };
  expect(toChange(form, values, true)).toEqual({
    ...{ kind: 'email', enabled: true, host: 'mail.example', port: 587, security: 'starttls' },
    ...{ to: ['a@example', 'b@example'], verify: true, password: ' x ' },
  });
  expect(linesOf(' , a\n\nb,')).toEqual(['a', 'b']);
});
