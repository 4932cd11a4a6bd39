import { describe, expect, test } from 'vitest';
import { channelDefinitions } from '../../../src/notify/channels.ts';
import { CANARY, type ChannelUnderTest, channelConformance, environment } from './channel-suite.ts';
import { decodeMail } from './decode-mail.ts';
import { type ReceivedRequest, startHttpSink } from './http-sink.ts';
import { type ReceivedPublish, startMqttSink } from './mqtt-sink.ts';
import type { Sink } from './sink.ts';
import { type ReceivedMail, startSmtpSink } from './smtp-sink.ts';

const secret = { env: 'CANARY' };
const scheme = (ca?: string): string => (ca === undefined ? 'http' : 'https');
const trust = (ca?: string): { ca?: string } => (ca ? { ca } : {});

const http = (kind: string, settings: (port: number, ca?: string) => Record<string, unknown>): ChannelUnderTest => ({
  kind,
  startSink: (behaviour, certificate) => startHttpSink(behaviour, certificate),
  settings: (port, ca) => ({ kind, ...settings(port, ca), ...trust(ca) }),
  messages: (sink) => (sink as Sink<ReceivedRequest>).received.map(({ body }) => textsOf(JSON.parse(body))),
  login: true,
});

/** Every string in a JSON value. */
const textsOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? Object.values(value).map(textsOf).join('\n') : String(value);

const secretUrl = (port: number, ca?: string): { env: string } => {
  const name = `HOOK_${port}`;
  environment[name] = `${scheme(ca)}://127.0.0.1:${port}/hook/${CANARY}`;
  return { env: name };
};

const channels: ChannelUnderTest[] = [
  http('webhook', (port, ca) => ({ url: `${scheme(ca)}://127.0.0.1:${port}/x`, signingSecret: secret, token: secret })),
  http('ntfy', (port, ca) => ({ url: `${scheme(ca)}://127.0.0.1:${port}`, topic: 'home', token: secret })),
  http('telegram', (port, ca) => ({ url: `${scheme(ca)}://127.0.0.1:${port}`, chat: '-100', token: secret })),
  ...['slack', 'discord', 'mattermost', 'teams', 'google-chat'].map((style) =>
    http('incoming-hook', (port, ca) => ({ style, url: secretUrl(port, ca) })),
  ),
  http('apprise', (port, ca) => ({ url: `${scheme(ca)}://127.0.0.1:${port}`, key: secret })),
  ...(['ssl', 'starttls'] as const).map(
    (security): ChannelUnderTest => ({
      kind: 'email',
      startSink: (behaviour, certificate) =>
        startSmtpSink({ behaviour, certificate, security: certificate ? security : 'none', login: `owner:${CANARY}` }),
      settings: (port, ca) => ({
        kind: 'email',
        server: '127.0.0.1',
        port,
        security: ca === undefined ? 'none' : security,
        to: ['owner@example.org'],
        ...(ca === undefined ? {} : { user: 'owner', password: secret }),
        ...trust(ca),
      }),
      messages: (sink) => (sink as Sink<ReceivedMail>).received.map(({ data }) => decodeMail(data)),
      login: false,
    }),
  ),
  {
    kind: 'mqtt',
    startSink: startMqttSink,
    settings: (port, ca) => ({
      kind: 'mqtt',
      url: `mqtt${ca === undefined ? '' : 's'}://127.0.0.1:${port}`,
      user: 'guardian',
      password: secret,
      ...trust(ca),
    }),
    messages: (sink) =>
      (sink as Sink<ReceivedPublish>).received
        .filter(({ topic }) => topic === 'guardian/alert')
        .map(({ payload }) => textsOf(JSON.parse(payload))),
    login: true,
  },
];

test('every kind of channel is put to the test', () => {
  expect([...new Set(channels.map(({ kind }) => kind))].sort()).toEqual(
    channelDefinitions.map(({ kind }) => kind).sort(),
  );
});

for (const [i, channel] of channels.entries()) {
  describe(`${channel.kind} ${i}`, () => channelConformance(channel));
}
