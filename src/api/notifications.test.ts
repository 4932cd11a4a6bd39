import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HttpSink, startHttpSink } from '../../test/conformance/notify/http-sink.ts';
import { closedPort } from '../../test/conformance/notify/sink.ts';
import { newSubject } from '../../test/conformance/notify/subject.ts';
import { makeDirectory, send, startServer, type TestServer } from '../../test/server.ts';
import { channelDefinitions, secretSettings } from '../notify/channels.ts';
import { notificationSettingsSchema } from '../notify/settings/settings.ts';
import { deliveryListSchema, notificationDecisionsSchema, notificationsSchema } from './contract.ts';

const CANARY = 'canary-Zm9v+/secret';

let server: TestServer;
let sink: HttpSink;
beforeAll(async () => {
  const fixed = { kind: 'ntfy', name: 'fixed', topic: 'home', enabled: false };
  sink = await startHttpSink('ok');
  const file = notificationSettingsSchema.parse({ channels: [fixed], lanTargets: ['127.0.0.1'] });
  server = await startServer({ told: { file } });
});
afterAll(() => Promise.all([server.stop(), sink.close()]));

const base = (path: string): string => `${server.url}/api/v1/notifications${path}`;
const json = { 'content-type': 'application/json' };
const change = async (method: string, path: string, body: unknown = {}) => {
  const response = await fetch(base(path), { method, headers: json, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
};
const codeOf = ({ text }: { text: string }): string => JSON.parse(text).code;
const overview = async () => notificationsSchema.parse(await (await fetch(base(''))).json());
const webhook = () => ({ kind: 'webhook', url: `http://127.0.0.1:${sink.port}/`, token: CANARY });

describe('channels', () => {
  test('are made, shown without secrets, tested and removed', async () => {
    expect(await change('PUT', '/channels/My%20script', webhook())).toEqual({ status: 204, text: '' });
    const { channels, forms } = await overview();
    expect(channels).toMatchObject([
      { name: 'fixed', from: 'file', enabled: false },
      { name: 'My script', kind: 'webhook', from: 'page', enabled: true, waiting: 0, held: 0, failing: null },
    ]);
    expect(channels[1].settings).toEqual({ url: webhook().url, token: { set: true, from: 'store' } });
    expect(forms.find(({ kind }) => kind === 'webhook')?.fields[0]).toMatchObject({ name: 'url', required: true });

    const tested = await change('POST', '/channels/My%20script/test');
    expect(JSON.parse(tested.text)).toEqual({ ok: true, seconds: expect.any(Number), error: null });
    expect(sink.received[0].headers.authorization).toBe(`Bearer ${CANARY}`);
    expect((await overview()).channels[1].last_delivered).toBeCloseTo(Date.now() / 1000, -1);
    expect((await change('DELETE', '/channels/My%20script')).status).toBe(204);
    expect((await overview()).channels).toHaveLength(1);
  });

  test('wrong settings are said field by field, and no secret with them', async () => {
    const { status, text } = await change('PUT', '/channels/x', { ...webhook(), url: `http://me:${CANARY}@nas/` });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ code: 'invalid_fields', fields: [{ field: 'url' }] });
    expect(text + server.logged()).not.toContain(CANARY);
    for (const body of [[], 'x', 7, null, {}]) expect((await change('PUT', '/channels/x', body)).status).toBe(400);
  });

  test('what is not there or not here to be changed is refused', async () => {
    expect(codeOf(await change('POST', '/channels/none/test'))).toBe('channel_not_found');
    expect(codeOf(await change('DELETE', '/channels/none'))).toBe('channel_not_found');
    const fixed = await change('PUT', '/channels/fixed', webhook());
    expect(fixed.status).toBe(409);
    expect(codeOf(fixed)).toBe('channel_not_here');
  });
});

describe('deliveries', () => {
  test('come in pages without gap or overlap, and a dead letter can be sent again', async () => {
    await change('PUT', '/channels/script', webhook());
    sink.become(400);
    for (let i = 0; i < 5; i++) await change('POST', '/channels/script/test');
    const seen: string[] = [];
    let query = '?limit=2&channel=script&status=dead';
    for (;;) {
      const page = deliveryListSchema.parse(await (await fetch(base(`/deliveries${query}`))).json());
      seen.push(...page.deliveries.map(({ id }) => id));
      expect(page.deliveries[0].log[0].error).toMatchObject({ code: 'delivery_refused', hint: expect.any(String) });
      if (page.next_before === null) break;
      query = `?limit=2&channel=script&status=dead&before=${encodeURIComponent(page.next_before)}`;
    }
    expect([seen.length, new Set(seen).size]).toEqual([5, 5]);

    sink.become('ok');
    const before = sink.received.length;
    expect((await change('POST', `/deliveries/${seen[0]}/retry`)).status).toBe(204);
    await expect.poll(() => sink.received.length).toBe(before + 1);
    expect(codeOf(await change('POST', `/deliveries/${seen[0]}/retry`))).toBe('delivery_not_found');
    expect((await fetch(base('/deliveries?before=1'))).status).toBe(400);
    expect((await fetch(base('/deliveries?limit=1000'))).status).toBe(400);
  });

  test('why somebody was, or was not, told of an alert', async () => {
    await change('PUT', '/channels/script', webhook());
    const asked = async (id: string) =>
      notificationDecisionsSchema.parse(await (await fetch(`${server.url}/api/v1/alerts/${id}/notifications`)).json());
    await server.notifications.notifier.notify(newSubject({ id: 'alert-41' }));
    await expect.poll(async () => (await asked('41')).decisions[0].delivery?.status).toBe('delivered');
    const [decision] = (await asked('41')).decisions;
    expect(decision).toMatchObject({ channel: 'script', outcome: 'sent', reason: expect.stringContaining('at once') });
    expect(decision.delivery).toMatchObject({ alert: 41, scan: null, type: 'alert' });
    expect(decision.ts).toBeCloseTo(Date.now() / 1000, -1);
    expect(await asked('42')).toEqual({ decisions: [] });
  });
});

test('rules and options', async () => {
  expect((await change('PUT', '/rules', { rules: [{ name: 'Bad news', minSeverity: 'High' }] })).status).toBe(204);
  const wrong = await change('PUT', '/rules', { rules: [{ name: 'x' }, { name: 'y', digest: { at: '8' } }] });
  expect(JSON.parse(wrong.text).fields).toEqual([{ field: 'rules.1.digest.at', problem: 'is not a time as HH:MM' }]);
  const options = { time_zone: 'Europe/Berlin', lan_targets: ['nas.lan:8080'] };
  expect((await change('PUT', '/options', options)).status).toBe(204);
  expect(await overview()).toMatchObject({
    rules: [{ name: 'Bad news', minSeverity: 'High', channels: ['*'] }],
    rules_from: 'page',
    time_zone: { name: 'Europe/Berlin', from: 'page' },
    lan_targets: { page: ['nas.lan:8080'], file: ['127.0.0.1'] },
    storm: { messages: 5, window_minutes: 10 },
  });
});

test('a foreign page changes nothing, whatever it sends', async () => {
  const before = await overview();
  const body = JSON.stringify(webhook());
  const { host } = new URL(server.url);
  const attempts: Record<string, string>[] = [
    { ...json, origin: 'https://evil.example' },
    { ...json, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    {},
  ];
  for (const headers of attempts) {
    for (const [method, path] of [
      ['PUT', '/channels/evil'],
      ['DELETE', '/channels/script'],
      ['POST', '/channels/script/test'],
      ['PUT', '/options'],
    ]) {
      const { status } = await send(base(path), { method, headers: { host, ...headers }, body });
      expect(status).toBeGreaterThanOrEqual(400);
    }
  }
  expect(await overview()).toEqual(before);
});

test('the secrets of every kind of channel are in no answer, event, log line or file, whether it works or fails (E16)', async () => {
  const directory = makeDirectory();
  const own = await startServer({ directory });
  const url = `http://127.0.0.1:${sink.port}`;
  const nobody = await closedPort();
  const kinds: Record<string, Record<string, unknown>> = {
    email: { to: ['me@example.org'], user: 'me', password: CANARY, server: '127.0.0.1', port: nobody },
    webhook: { url, token: CANARY, signingSecret: CANARY },
    mqtt: { url: `mqtt://127.0.0.1:${nobody}`, user: 'me', password: CANARY },
    ntfy: { topic: 'home', url, token: CANARY },
    telegram: { token: CANARY, chat: '1', url },
    'incoming-hook': { style: 'slack', url: `${url}/${CANARY}` },
    apprise: { url, key: CANARY },
  };
  expect(Object.keys(kinds).sort()).toEqual(channelDefinitions.map(({ kind }) => kind).sort());
  const events = await fetch(`${own.url}/api/v1/events`);
  const said: string[] = [];
  const listening = events.body!.pipeTo(
    new WritableStream({ write: (chunk: Uint8Array) => void said.push(Buffer.from(chunk).toString()) }),
  );
  const answers: string[] = [];
  const ask = async (method: string, place: string, body?: unknown): Promise<void> => {
    const init = method === 'GET' ? {} : { method, headers: json, body: JSON.stringify(body ?? {}) };
    answers.push(await (await fetch(`${own.url}/api/v1/${place}`, init)).text());
  };
  for (const [kind, settings] of Object.entries(kinds)) {
    const place = `notifications/channels/${kind}`;
    await ask('PUT', place, { kind, ...settings });
    for (const behaviour of ['ok', 403, 'busy'] as const) {
      sink.become(behaviour);
      await ask('POST', `${place}/test`);
    }
    // A page that sends nonsense gets none of it back.
    await ask('PUT', place, { kind, ...settings, nonsense: CANARY });
  }
  sink.become('busy');
  await own.notifications.notifier.notify(newSubject({ id: 'alert-1' }));
  for (const place of ['notifications', 'notifications/deliveries', 'alerts/1/notifications']) await ask('GET', place);
  const { channels } = await (await fetch(`${own.url}/api/v1/notifications`)).json();
  expect(channels).toHaveLength(channelDefinitions.length);
  for (const { kind, settings } of channels) {
    for (const name of secretSettings(kind).filter((one) => kinds[kind][one])) {
      expect(settings[name]).toEqual({ set: true, from: 'store' });
    }
  }
  await own.stop();
  await listening;

  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(directory, name))
    .filter((file) => statSync(file).isFile());
  const everywhere = [...answers, ...said, own.logged(), ...files.map((file) => readFileSync(file, 'latin1'))].join();
  for (const form of [CANARY, encodeURIComponent(CANARY), Buffer.from(CANARY).toString('base64')]) {
    expect(everywhere).not.toContain(form);
  }
  expect(everywhere).toContain('me@example.org');
  rmSync(directory, { recursive: true });
});
