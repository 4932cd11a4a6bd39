/** Behind a real nginx and a real Caddy: who the client is, TLS of the proxy, cookies, and a stream that is not held back. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { makeAuthority, makeServerCertificate } from '../../src/reach/certificate.ts';
import { type Household, PASSWORD, startHousehold } from '../account.ts';
import { until } from '../live.ts';
import { describeWith } from '../needs.ts';

const NAME = 'guardian.home.arpa';
const missing = (program: string): string | null =>
  spawnSync(program, ['-h']).error === undefined || process.env.CI === 'true' ? null : program;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Place {
  folder: string;
  port: number;
  upstream: number;
}

const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** What docs/security.md tells the owner to write, in a configuration of its own. */
const proxies: Record<string, { args: (file: string) => string[]; text: (place: Place) => string }> = {
  nginx: {
    args: (file) => ['-p', path.dirname(file), '-c', file, '-g', 'daemon off;'],
    text: ({ folder, port, upstream }) => `
pid ${folder}/pid;
error_log stderr;
events {}
http {
  access_log off;
  ${temporary.map((one) => `${one}_temp_path ${folder}/${one};`).join(' ')}
  server {
    listen 127.0.0.1:${port} ssl;
    server_name ${NAME};
    ssl_certificate ${folder}/proxy.crt;
    ssl_certificate_key ${folder}/proxy.key;
    client_max_body_size 0;
    location / {
      proxy_pass http://127.0.0.1:${upstream};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_buffering off;
    }
  }
}
`,
  },
  caddy: {
    args: (file) => ['run', '--config', file, '--adapter', 'caddyfile'],
    text: ({ folder, port, upstream }) => `
{
  admin off
  auto_https off
}
https://${NAME}:${port} {
  bind 127.0.0.1
  tls ${folder}/proxy.crt ${folder}/proxy.key
  reverse_proxy 127.0.0.1:${upstream}
}
`,
  },
};

for (const [program, { args, text }] of Object.entries(proxies)) {
  describeWith(missing(program), `behind ${program}`, () => {
    let house: Household | undefined;
    let child: ChildProcess | undefined;
    let folder: string;
    afterEach(async () => {
      child?.kill('SIGTERM');
      await house?.server.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test('the client and TLS are those that the proxy sees (E5, E14)', async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'guardian-proxy-'));
      house = await startHousehold({
        ...{ trustedProxies: ['127.0.0.1'], allowedHosts: [NAME], baseUrl: `https://${NAME}` },
      });
      const port = await freePort();
      const authority = await makeAuthority('Proxy', [], Date.now());
      const { certificate, key } = await makeServerCertificate(authority, [NAME], Date.now());
      const file = path.join(folder, 'configuration');
      writeFileSync(path.join(folder, 'proxy.crt'), certificate);
      writeFileSync(path.join(folder, 'proxy.key'), key);
      writeFileSync(file, text({ folder, port, upstream: house.server.port }));
      child = spawn(program, args(file), {
        stdio: 'ignore',
        env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder },
      });

      const ask = (method: string, at: string, headers: Record<string, string> = {}, body?: string) =>
        new Promise<IncomingMessage>((resolve, reject) => {
          const way = { host: '127.0.0.1', port, servername: NAME, ca: authority.certificate, agent: false as const };
          const request = requestHttps({ ...way, method, path: at, headers: { host: `${NAME}:${port}`, ...headers } });
          request.on('response', resolve).on('error', reject);
          request.end(body);
        });
      await until(() => ask('GET', '/api/v1/session').catch(() => null), 60);

      const json = { 'content-type': 'application/json', origin: `https://${NAME}:${port}` };
      const signIn = (claims: Record<string, string>, password = PASSWORD) =>
        ask(
          'POST',
          '/api/v1/session',
          { ...json, ...claims },
          JSON.stringify({ email: 'admin@example.org', password }),
        );
      const signedIn = await signIn({ 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'http' });
      expect(signedIn.statusCode).toBe(200);
      expect(signedIn.headers['strict-transport-security']).toContain('max-age=');
      const session = signedIn.headers['set-cookie']!.find((one) => one.startsWith('__Host-guardian.session_token='))!;
      for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/']) expect(session).toContain(attribute);
      const cookie = { cookie: session.split(';')[0] };
      const account = JSON.parse(await textOf(await ask('GET', '/api/v1/account', cookie)));
      const addresses = account.sessions.map(({ address }: { address: string }) => address);
      // What the client claims of itself is not believed.
      expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
      // Caddy itself has an empty answer for a name that is not its own.
      expect(await textOf(await ask('GET', '/', { host: 'evil.example' }))).not.toContain('Home IoT Guardian');
      // Another address at each attempt helps nobody who guesses.
      const guesses = [];
      for (let i = 0; i < 11; i++) {
        guesses.push((await signIn({ 'x-forwarded-for': `203.0.113.${i}` }, 'wrong each time')).statusCode);
      }
      expect(guesses.at(-1)).toBe(429);

      // The stream of events comes through as it is written.
      const stream = await ask('GET', '/api/v1/events', cookie);
      expect(stream.statusCode).toBe(200);
      await new Promise((resolve) => stream.once('data', resolve));
      stream.destroy();
    });
  });
}
