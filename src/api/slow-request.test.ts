/** Requests that drip in hold up nobody else, and are ended. */
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendRaw, startServer, type TestServer, upload } from '../../test/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ timeouts: { bodyMs: 500, stretchMs: 2000 }, limits: { maxConcurrentScans: 1 } });
});
afterAll(() => server.stop());

/** Sends the head, then a byte now and then; resolves with the answer. */
function drip(head: string, everyMs: number): { answer: Promise<string>; socket: Socket } {
  const socket = connect(server.port, '127.0.0.1');
  socket.setEncoding('utf8').write(head);
  const timer = setInterval(() => socket.write('1'), everyMs);
  const answer = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\r\n\r\n{')) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(timer);
      resolve(text);
    });
  });
  return { answer, socket };
}

const dripUpload = () =>
  drip(
    'POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 900\r\n\r\n' +
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n',
    50,
  );

test('dripping uploads take no place from others, and are refused', async () => {
  const dripping = Array.from({ length: 8 }, dripUpload);
  expect((await upload(server.url, 'a capture')).status).toBe(200);
  for (const { answer } of dripping) expect(await answer).toMatch(/^HTTP\/1\.1 408 .*"code":"request_timeout"/s);
  expect(server.uploads()).toEqual([]);
});

test('a small body that drips is refused', async () => {
  const { answer } = drip(
    'PUT /api/v1/notifications/rules HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{',
    50,
  );
  expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
});

test('a large JSON body is 413, under every spelling of its path', async () => {
  const body = JSON.stringify({ a: 'x'.repeat(70_000) });
  const response = await fetch(`${server.url}/api/v1/notifications/rules`, {
    ...{ method: 'PUT', headers: { 'content-type': 'application/json' }, body },
  });
  expect([response.status, (await response.json()).code]).toEqual([413, 'body_too_large']);
});

test.each(['/api/v1/notifications/rules', '/%61pi/v1/notifications/rules', '/api/v%31/notifications/rules'])(
  'a change of %s without JSON is refused',
  async (path) => {
    const response = await fetch(server.url + path, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain' },
      body: '{}',
    });
    expect([response.status, (await response.json()).code]).toEqual([415, 'not_json']);
  },
);

test('two hosts are refused', async () => {
  const answer = await sendRaw(
    server.port,
    'GET /status HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 (400|421) /);
});
