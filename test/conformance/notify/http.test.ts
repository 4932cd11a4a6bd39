import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createHttpPost } from '../../../src/notify/transport/http-post.ts';
import { createTargetGuard } from '../../../src/notify/transport/target-guard.ts';
import { alertMessage, CANARY, createHarness, environment } from './channel-suite.ts';
import { ANSWER, type HttpBehaviour, type ReceivedRequest, startHttpSink } from './http-sink.ts';
import type { Sink } from './sink.ts';

type Opened = { sink: Sink<ReceivedRequest>; harness: ReturnType<typeof createHarness>; failure: unknown };

async function send(
  settings: (port: number) => Record<string, unknown>,
  behaviour: HttpBehaviour = 'ok',
): Promise<Opened> {
  const harness = createHarness();
  const sink = await startHttpSink(behaviour);
  const { failure } = await harness.send(harness.open(settings(sink.port)), alertMessage());
  await sink.close();
  return { sink, harness, failure };
}

const webhook = (port: number) => ({ kind: 'webhook', url: `http://127.0.0.1:${port}/in?room=hall` });

test('a webhook is signed so that body, time and id cannot be changed', async () => {
  const secret = { env: 'CANARY' };
  const { sink } = await send((port) => ({ ...webhook(port), signingSecret: secret, token: secret }));
  const [{ method, path, headers, body }] = sink.received;
  expect([method, path, headers['content-type']]).toEqual(['POST', '/in?room=hall', 'application/json']);
  expect(headers).toMatchObject({
    'user-agent': 'home-iot-guardian/test',
    authorization: `Bearer ${CANARY}`,
    'idempotency-key': 'message-1',
    'webhook-id': 'message-1',
    'webhook-timestamp': '1792152000',
  });
  const signed = createHmac('sha256', CANARY).update(`message-1.1792152000.${body}`).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${signed}`);
  expect(JSON.parse(body)).toMatchObject({
    id: 'message-1',
    type: 'guardian.alert',
    timestamp: '2026-10-16T12:00:00.000Z',
    data: { severity: 'High', alert: { kind: 'scan', evidence: { addresses: 214 } } },
  });
});

test.each([
  ['redirect', { code: 'delivery_refused', blame: 'settings' }],
  ['huge', { code: 'delivery_refused', blame: 'receiver' }],
  ['rate-limited', { code: 'delivery_refused', blame: 'receiver', retryAfterMs: 90_000 }],
  [400, { code: 'delivery_refused', blame: 'message' }],
  [404, { code: 'delivery_refused', blame: 'settings' }],
  [418, { code: 'delivery_refused', blame: 'receiver' }],
  [503, { code: 'delivery_refused', blame: 'receiver' }],
] as const)('an answer that is no success (%s) is asked for once and shown nowhere', async (behaviour, expected) => {
  const { sink, harness, failure } = await send(webhook, behaviour);
  expect(failure).toMatchObject(expected);
  expect(sink.received).toHaveLength(1);
  expect(JSON.stringify(failure) + harness.logged()).not.toContain(ANSWER);
});

test('a huge answer is not read', async () => {
  const before = process.memoryUsage().rss;
  await send(webhook, 'huge');
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
});

test('the connection goes to the address that was checked, whatever the name says a moment later', async () => {
  const sink = await startHttpSink('ok');
  const answers = ['93.184.215.14', '127.0.0.1'];
  let asked = 0;
  const guard = createTargetGuard({
    lanTargets: [],
    ownPort: null,
    resolve: async () => [{ address: answers[asked++], family: 4 }],
  });
  const controller = new AbortController();
  const post = createHttpPost(guard, 'test', Date.now);
  const request = { url: `http://rebind.example:${sink.port}/`, body: '{}', signal: controller.signal };
  const first = post(request);
  setTimeout(() => controller.abort(new Error('enough')), 200);
  // The public address is asked for once and nothing comes back from it here; loopback is never tried.
  await expect(first).rejects.toThrow();
  await expect(post({ ...request, signal: AbortSignal.timeout(2000) })).rejects.toMatchObject({
    code: 'target_refused',
  });
  expect([asked, sink.connections.made]).toEqual([2, 0]);
  await sink.close();
});

test('an Apprise server that has nobody to tell is a failure, and gets what it understands otherwise', async () => {
  const apprise = (port: number) => ({
    kind: 'apprise',
    url: `http://127.0.0.1:${port}/`,
    key: { env: 'CANARY' },
    tag: 'home',
  });
  expect((await send(apprise, 204)).failure).toMatchObject({ code: 'delivery_refused', blame: 'settings' });
  const [{ path, body }] = (await send(apprise)).sink.received;
  expect(path).toBe(`/notify/${encodeURIComponent(CANARY)}`);
  expect(JSON.parse(body)).toMatchObject({ title: 'High: Hall camera', type: 'warning', format: 'text', tag: 'home' });
});

test('Telegram says in its answer how long to wait', async () => {
  const { failure, sink } = await send(
    (port) => ({ kind: 'telegram', url: `http://127.0.0.1:${port}`, token: { env: 'CANARY' }, chat: '-100' }),
    'rate-limited',
  );
  expect(failure).toMatchObject({ retryAfterMs: 90_000 });
  expect(sink.received[0].path).toBe(`/bot${encodeURIComponent(CANARY)}/sendMessage`);
  expect(JSON.parse(sink.received[0].body)).not.toHaveProperty('parse_mode');
});

test('ntfy gets topic, priority and a message that is not too long', async () => {
  const harness = createHarness();
  const sink = await startHttpSink('ok');
  const channel = harness.open({ kind: 'ntfy', url: `http://127.0.0.1:${sink.port}`, topic: 'home' });
  const message = { ...alertMessage({ severity: 'Critical' }), text: 'ä'.repeat(5000) };
  expect(await harness.send(channel, message)).toMatchObject({ failure: null });
  const body = JSON.parse(sink.received[0].body);
  expect(body).toMatchObject({ topic: 'home', title: 'Critical: Hall camera', priority: 5 });
  expect(Buffer.byteLength(body.message)).toBeLessThanOrEqual(4096);
  expect(body.message).not.toContain('\ufffd');
  await sink.close();
});

test.each([
  ['slack', /<[!@h]/],
  ['google-chat', /<[!@uh]/],
  ['discord', /(?<!\\)[*[\]<]|@e/],
  ['mattermost', /(?<!\\)[*[\]<]|@e/],
] as const)('in %s a name is no mention, link or markup', async (style, markup) => {
  const device = '<!channel> @everyone <@U1> [x](http://e.example) **b** <http://e.example|x>';
  const harness = createHarness();
  const sink = await startHttpSink('ok');
  environment.CHAT = `http://127.0.0.1:${sink.port}/`;
  await harness.send(harness.open({ kind: 'incoming-hook', style, url: { env: 'CHAT' } }), alertMessage({ device }));
  const { text, content = text, allowed_mentions } = JSON.parse(sink.received[0].body);
  expect(content).not.toMatch(markup);
  expect(allowed_mentions).toEqual(style === 'discord' ? { parse: [] } : undefined);
  await sink.close();
});

test('a secret address that is wrong is refused without being repeated', async () => {
  const harness = createHarness();
  const channel = harness.open({ kind: 'incoming-hook', style: 'slack', url: { env: 'CANARY' } });
  const { failure } = await harness.send(channel, alertMessage());
  expect(failure).toMatchObject({ code: 'target_forbidden', blame: 'settings' });
  expect(JSON.stringify(failure) + harness.logged()).not.toContain(CANARY);
});
