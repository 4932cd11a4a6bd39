/** Live events over real sockets: in order for those who read, bounded for those who do not. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { startServer } from '../../../test/server.ts';
import { createEventBus, type EventBus } from '../../events.ts';
import { eventSchema, type LiveEvent } from '../contract.ts';
import { createLiveEvents, type LiveEvents } from './event-stream.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

/** A server with nothing but the event stream, and its ends of the connections. */
async function listen(options: { maxClients?: number; heartbeatMs?: number; stalledMs?: number } = {}) {
  const bus: EventBus<LiveEvent> = createEventBus();
  const live: LiveEvents = createLiveEvents({ bus, maxClients: 3, heartbeatMs: 50, stalledMs: 60_000, ...options });
  const responses: ServerResponse[] = [];
  const server: Server = createServer((_request, response) => {
    responses.push(response);
    if (!live.attach(response, {})) response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => {
    live.close();
    server.closeAllConnections();
    server.close();
  });
  const client = async (): Promise<{ socket: Socket; response: ServerResponse; text: () => string }> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let text = '';
    socket.on('data', (data) => {
      text += data.toString();
    });
    socket.on('error', () => {});
    const known = responses.length;
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await vi.waitFor(() => expect(responses.length).toBe(known + 1), { interval: 2 });
    return { socket, response: responses[known], text: () => text };
  };
  return { bus, live, client };
}

const eventsOf = (text: string): LiveEvent[] =>
  [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, type, data]) => {
    const event = eventSchema.parse(JSON.parse(data));
    expect(event.type).toBe(type);
    return event;
  });

const progress = (fraction: number, request_id = 'one'): Extract<LiveEvent, { type: 'scan.progress' }> => ({
  type: 'scan.progress',
  request_id,
  file: 'a.csv',
  fraction,
});

test('an upload is told from start to end under the id of its request', async () => {
  const server = await startServer();
  cleanUp.push(() => server.stop());
  const stream = await fetch(`${server.url}/api/v1/events`);
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(stream.headers.get('cache-control')).toBe('no-store');
  expect(stream.headers.get('content-security-policy')).toContain("default-src 'self'");
  const form = new FormData();
  form.append('file', new Blob(['x']), 'a.csv');
  await fetch(`${server.url}/upload`, { method: 'POST', body: form, headers: { 'x-request-id': 'my-upload-1' } });

  let text = '';
  for await (const piece of stream.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.includes('scan.finished')) break;
  }
  expect(eventsOf(text)).toEqual([
    { type: 'scan.started', request_id: 'my-upload-1', file: 'a.csv' },
    { type: 'scan.progress', request_id: 'my-upload-1', file: 'a.csv', fraction: 0.5 },
    { type: 'scan.progress', request_id: 'my-upload-1', file: 'a.csv', fraction: 1 },
    {
      type: 'scan.finished',
      request_id: 'my-upload-1',
      file: 'a.csv',
      scan_id: 1,
      anomalies_count: 1,
      total_samples: 200,
    },
  ]);
});

test('a client that does not read costs a bounded buffer, and others hear everything meanwhile', async () => {
  const { bus, client } = await listen();
  const deaf = await client();
  deaf.socket.pause();
  const filler = 'x'.repeat(4000);
  const good = await client();
  for (let burst = 0; burst < 50; burst++) {
    for (let i = 0; i < 100; i++) bus.emit({ ...progress((burst * 100 + i) / 5000), file: filler });
    await sleep(1);
  }
  bus.emit({ type: 'scan.failed', request_id: 'one', file: 'a.csv', code: 'internal' });
  expect(deaf.response.writableLength).toBeLessThan(1024 * 1024);
  await vi.waitFor(() => expect(good.text()).toContain('scan.failed'));
  const heard = eventsOf(good.text());
  expect(heard.at(-2)).toMatchObject({ type: 'scan.progress', fraction: 4999 / 5000 });

  deaf.socket.resume();
  await vi.waitFor(() => expect(deaf.text()).toContain('scan.failed'));
  const late = eventsOf(deaf.text());
  // The newest progress has taken the place of those that waited.
  expect(late.length).toBeLessThan(5000);
  expect(late.at(-2)).toMatchObject({ type: 'scan.progress', fraction: 4999 / 5000 });
  expect(late.at(-1)).toMatchObject({ type: 'scan.failed' });
});

test('a client that stays deaf is let go', async () => {
  const { bus, client } = await listen({ heartbeatMs: 20, stalledMs: 100 });
  const deaf = await client();
  deaf.socket.pause();
  const filler = 'x'.repeat(100_000);
  for (let i = 0; i < 100; i++) bus.emit({ ...progress(0.5, `${i}`), file: filler });
  await vi.waitFor(() => expect(deaf.response.destroyed).toBe(true));
});

test('a connection stays alive through silence, one client too many is told so', async () => {
  const { client } = await listen({ maxClients: 2, heartbeatMs: 20 });
  const quiet = await client();
  await client();
  await vi.waitFor(() => expect(quiet.text().match(/^:$/gm)?.length).toBeGreaterThan(3));
  const third = await client();
  await vi.waitFor(() => expect(third.text()).toMatch(/^HTTP\/1\.1 503 /));
  quiet.socket.destroy();
  await vi.waitFor(() => expect(quiet.response.destroyed).toBe(true));
  const next = await client();
  await vi.waitFor(() => expect(next.text()).toMatch(/^HTTP\/1\.1 200 /));
});
