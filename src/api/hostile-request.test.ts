/** Requests that no honest client makes: each is refused, and the same process answers the next one. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send, sendRaw, startServer, type TestServer, upload } from '../../test/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    allowedHosts: ['guardian.home'],
    timeouts: { headersMs: 300 },
    limits: { maxTextBytes: 1024 * 1024 },
  });
});
afterAll(() => server.stop());

/** The server lives, and has kept nothing of what came before. */
async function expectUnharmed(): Promise<void> {
  const history = (await (await fetch(`${server.url}/history`)).json()) as unknown[];
  const response = await upload(server.url, 'still here');
  expect(response.status).toBe(200);
  expect((await response.json()).scan_id).toBe(history.length + 1);
  expect(server.uploads()).toEqual([]);
}

const disposition = 'Content-Disposition: form-data; name="file"; filename="a.csv"';
const post = (body: string, boundary = 'x'): Promise<string> =>
  sendRaw(
    server.port,
    `POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );

describe('multipart (B8)', () => {
  test.each([
    ['an empty field name', '--x\r\nContent-Disposition: form-data; name=""; filename="a"\r\n\r\n1\r\n--x--\r\n'],
    ['no field name', '--x\r\nContent-Disposition: form-data; filename="a"\r\n\r\n1\r\n--x--\r\n'],
    ['a field named __proto__', '--x\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\n1\r\n--x--\r\n'],
    [
      'a file named constructor',
      '--x\r\nContent-Disposition: form-data; name="constructor"; filename="a"\r\n\r\n1\r\n--x--\r\n',
    ],
    ['no final boundary', `--x\r\n${disposition}\r\n\r\n1,2,3`],
    ['a header without a value', `--x\r\n${disposition}\r\nX-Empty\r\n: \r\n\r\n1\r\n--x--`.slice(0, -4)],
    ['no header at all', '--x\r\n\r\n1\r\n--x--\r\n'],
    ['no part', 'nothing of the kind'],
    ['an end without a beginning', '--x--\r\n'],
    ['10,000 parts', `${`--x\r\n${disposition}\r\n\r\n1\r\n`.repeat(10_000)}--x--\r\n`],
    ['10,000 fields', `${'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n1\r\n'.repeat(10_000)}--x--\r\n`],
    ['10,000 headers', `--x\r\n${'X-Many: 1\r\n'.repeat(10_000)}${disposition}\r\n\r\n1\r\n--x--\r\n`],
    ['a header of 1 MB', `--x\r\nX-Long: ${'a'.repeat(1024 * 1024)}\r\n${disposition}\r\n\r\n1\r\n--x--\r\n`],
    ['a broken name', '--x\r\nContent-Disposition: form-data; name="fi\r\nle"; filename="a"\r\n\r\n1\r\n--x--\r\n'],
  ])('%s is 400', async (_name, body) => {
    const answer = await post(body);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({
      error: expect.any(String),
      code: expect.stringMatching(/^(bad_multipart|no_file)$/),
    });
    await expectUnharmed();
  });

  test('a content type without a boundary is 400', async () => {
    const answer = await sendRaw(
      server.port,
      'POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\nabc',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    await expectUnharmed();
  });

  test('a field beside the file does no harm', async () => {
    const field = '--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n';
    const file = `--x\r\n${disposition}\r\n\r\n1,2\r\n`;
    for (const body of [field + file, file + field]) expect(await post(`${body}--x--\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('Host (E7)', () => {
  const host = (name: string) => send(`${server.url}/status`, { headers: { host: name } });

  test.each(['localhost', 'LOCALHOST:80', '127.0.0.1', '127.0.0.1:9999', 'guardian.home', 'guardian.home:8443'])(
    '%s is ours',
    async (name) => expect((await host(name)).status).toBe(200),
  );
  test.each([
    'evil.example',
    'localhost.evil.example',
    'localhost.',
    'localhost@evil.example',
    'evil.example:5000',
    '127.0.0.2',
    '[::1]',
    '192.168.1.2',
    '0x7f.1',
    '2130706433',
    'a b',
    'guardian.home.',
  ])('%s is not, whatever the origin says', async (name) => {
    const attempts: Record<string, string>[] = [{ host: name }, { host: name, origin: `http://${name}` }];
    for (const headers of attempts) {
      const { status, text } = await send(`${server.url}/status`, { headers });
      expect(status).toBe(421);
      expect(JSON.parse(text)).toMatchObject({ code: 'unknown_host' });
    }
  });

  test('none is refused', async () => {
    expect(await sendRaw(server.port, 'GET /status HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421 /);
    const answer = await sendRaw(server.port, 'GET /status HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({
      error: 'The request is not valid: it has no Host header.',
      code: 'invalid_request',
    });
  });
});

describe('requests from pages of other sites (E6, E7)', () => {
  const body = `--x\r\n${disposition}\r\n\r\n1,2\r\n--x--\r\n`;
  const own = () => server.url.replace('localhost', '127.0.0.1');
  const attempt = (headers: Record<string, string>, method = 'POST', path = '/upload') =>
    send(own() + path, {
      method,
      headers: { 'content-type': 'multipart/form-data; boundary=x', ...headers },
      body: method === 'POST' ? body : undefined,
    });

  test.each<[string, Record<string, string>]>([
    ['a foreign origin', { origin: 'http://evil.example' }],
    ['origin null', { origin: 'null' }],
    ['our name on another port', { origin: 'http://127.0.0.1:1' }],
    ['our address by another name', { origin: 'http://localhost' }],
    ['another scheme', { origin: 'file://' }],
    ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }],
    ['a form that navigates', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    ['plain text', { 'content-type': 'text/plain', origin: 'http://evil.example' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://evil.example' }],
  ])('%s is 403 and changes nothing', async (_name, headers) => {
    const { status, text } = await attempt(headers);
    expect(status).toBe(403);
    expect(JSON.parse(text)).toMatchObject({ code: 'foreign_origin' });
    await expectUnharmed();
  });

  test('the same goes for reading and for live events', async () => {
    for (const path of ['/history', '/scan/1', '/api/v1/events', '/api/v1/scans']) {
      expect((await attempt({ origin: 'http://evil.example' }, 'GET', path)).status).toBe(403);
      expect((await attempt({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 'GET', path)).status).toBe(
        403,
      );
    }
  });

  test('our own page, a script and a followed link are let in', async () => {
    expect((await attempt({ origin: own(), 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await attempt({})).status).toBe(200);
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', accept: 'text/html' };
    expect((await attempt(link, 'GET', '/')).status).toBe(200);
  });
});

describe('addresses (E2, E19)', () => {
  const traversals = [
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/%2e%2e%2fpackage.json',
    '/..%5cpackage.json',
    '/....//package.json',
    '/..;/package.json',
    '/.%2e/guardian.db',
    '/assets/../../guardian.db',
    '/assets/..%2f..%2fguardian.db',
    '/assets/%2e%2e/%2e%2e/guardian.db',
    '/assets/%252e%252e/%252e%252e/guardian.db',
    '/assets/%c0%ae%c0%ae/guardian.db',
    '/assets/..%00/guardian.db',
    '/guardian.db',
    '/guardian.db%00.js',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/file:///etc/passwd',
    '/C:%5cWindows',
    '/upload/',
    '/web/index.html',
    '/./status/.',
    '/STATUS',
    '/status/',
    '//status',
    '/%2fstatus',
    '/status%00',
    '/status%2f',
    '/scan/..%2f..%2fguardian.db',
    '/api/v1/../../guardian.db',
    'http://evil.example/status',
    '*',
  ];
  test.each(traversals)('%s leads nowhere', async (target) => {
    const answer = await sendRaw(server.port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toHaveProperty('code');
    expect(answer).not.toMatch(/SQLite|root:/);
  });

  test('a method override changes nothing', async () => {
    const { status } = await send(`${server.url}/upload`, { headers: { 'x-http-method-override': 'POST' } });
    expect(status).toBe(404);
  });

  test('an upgrade is not taken up', async () => {
    const upgrade = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk';
    const answer = await sendRaw(
      server.port,
      `GET /nothing HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('an unknown address is the page for a person and JSON for a script', async () => {
    const page = await fetch(`${server.url}/nothing`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    const api = await fetch(`${server.url}/api/v1/nothing`, { headers: { accept: 'text/html' } });
    expect([api.status, await api.json()]).toEqual([404, expect.objectContaining({ code: 'not_found' })]);
  });

  test('hostile parameters are values, nothing more (E18)', async () => {
    for (const id of ["1'--", '1;drop table scan_result', '{"$gt":0}', 'a'.repeat(5000), '__proto__', 'constructor']) {
      const { status } = await send(`${server.url}/scan/${encodeURIComponent(id)}`);
      expect(status).toBe(404);
    }
    await expectUnharmed();
  });
});

describe('headers (E17)', () => {
  const everywhere = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };

  test.each(['/', '/status', '/history', '/scan/7', '/nothing', '/api/v1/openapi.json', '/assets/app-1a2b3c.js', '/%'])(
    '%s is answered with every security header',
    async (path) => {
      const { headers } = await send(server.url + path);
      expect(headers).toMatchObject(everywhere);
      const policy = String(headers['content-security-policy']);
      expect(policy).not.toContain('unsafe');
      for (const part of ["default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"]) {
        expect(policy).toContain(part);
      }
      expect(headers['x-request-id']).toMatch(/^[\w-]{8,64}$/);
      const cached = path === '/' ? 'no-cache' : path.startsWith('/assets') ? /immutable/ : 'no-store';
      expect(headers['cache-control']).toEqual(cached instanceof RegExp ? expect.stringMatching(cached) : cached);
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  test('a request id is taken over when it is a plain word, and replaced when it is not', async () => {
    const id = async (given: string) =>
      (await send(`${server.url}/status`, { headers: { 'x-request-id': given } })).headers['x-request-id'];
    expect(await id('my-request-17')).toBe('my-request-17');
    expect(await id('<script>alert(1)</script>')).toMatch(/^[\da-f-]{36}$/);
    expect(await id('a'.repeat(65))).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('broken HTTP', () => {
  const parse = (answer: string) => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));

  test('what is not HTTP is 400', async () => {
    const answer = await sendRaw(server.port, 'hello\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(parse(answer)).toMatchObject({ code: 'invalid_request' });
  });

  test('endless headers are 431', async () => {
    const answer = await sendRaw(
      server.port,
      `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'a'.repeat(64 * 1024)}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(parse(answer)).toMatchObject({ code: 'headers_too_large' });
  });

  test('two lengths that differ are refused', async () => {
    const lengths = 'Content-Length: 3\r\nTransfer-Encoding: chunked';
    const answer = await sendRaw(server.port, `POST /upload HTTP/1.1\r\nHost: localhost\r\n${lengths}\r\n\r\nabc`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('headers that dribble in are 408, and others are served meanwhile', async () => {
    const slow = Array.from({ length: 200 }, () => {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write('GET /status HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
      return socket;
    });
    const closed = slow.map(
      (socket) =>
        new Promise<string>((resolve) => {
          let answer = '';
          socket.on('data', (data) => {
            answer += data.toString();
          });
          socket.on('close', () => resolve(answer));
        }),
    );
    expect((await fetch(`${server.url}/status`)).status).toBe(200);
    for (const answer of await Promise.all(closed)) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    await expectUnharmed();
  });
});
