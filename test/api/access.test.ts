/**
 * Every route that the server really has, asked by everybody: anonymous, each role, each scope, and credentials that
 * are over. The expectation is the list in src/api/access/routes.ts; a route that is not in it fails here.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Access, type Role, roleAllows, roles, type Scope, scopes } from '../../src/account/role.ts';
import { routeAccess } from '../../src/api/access/routes.ts';
import { createLiveMonitor } from '../../src/monitor/server/live-monitor.ts';
import { emailOf, type Household, PASSWORD, startHousehold } from '../account.ts';
import { liveOptions } from '../live.ts';
import { makeDirectory, send, type TestServer } from '../server.ts';

type Caller = { name: string; headers: Record<string, string>; may: (access: Access) => boolean };

const never = (access: Access): boolean => access === 'public';
/** They would wait for ever, or end what the next request needs. */
const asked = (route: string): boolean => !/^(OPTIONS|TRACE) /.test(route);

let house: Household;
let server: TestServer;
const callers: Caller[] = [];

beforeAll(async () => {
  const directory = makeDirectory();
  house = await startHousehold({
    directory,
    live: async (store) => {
      const { options } = liveOptions(store, directory);
      return { monitor: await createLiveMonitor(options), bus: options.bus };
    },
  });
  ({ server } = house);
  const cookieOf = (browser: { cookies: Map<string, string> }): Record<string, string> => ({
    cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    origin: server.url,
  });
  callers.push({ name: 'anonymous', headers: {}, may: never });
  callers.push({ name: 'a made-up cookie', headers: { cookie: 'guardian.session_token=abc.def' }, may: never });
  callers.push({ name: 'a made-up token', headers: { authorization: 'Bearer guardian_abc' }, may: never });
  const broken = { authorization: 'Basic YWRtaW46YWRtaW4=' };
  callers.push({
    name: 'an admin who sends another authorization',
    headers: { ...cookieOf(house.admin), ...broken },
    may: never,
  });
  for (const role of roles) {
    const person = await house.person(role, `${role}-matrix@example.org`);
    const may = (access: Access) => roleAllows(role as Role, access);
    callers.push({ name: role, headers: cookieOf(person), may });
  }
  for (const scope of scopes) {
    const { token } = await house.token([scope]);
    const may = (access: Access) =>
      access === 'public' || (access !== 'person' && (scope === 'admin' || (scope as Scope) === access));
    callers.push({ name: `a token for ${scope}`, headers: { authorization: `Bearer ${token}` }, may });
  }
  // Scopes do not lift a role: the owner of this token has become a viewer.
  const fallen = await house.person('admin', 'fallen@example.org');
  const { token: wide } = await house.token(['admin'], fallen);
  const { users } = (await house.admin.get('/api/v1/users')).json();
  const idOf = (email: string) => users.find((user: { email: string }) => user.email === email).id;
  const expired = cookieOf(fallen);
  await house.admin.request('PATCH', `/api/v1/users/${idOf('fallen@example.org')}`, { role: 'viewer' });
  const asViewer = (access: Access) => access !== 'person' && roleAllows('viewer', access);
  callers.push({ name: 'an admin token of a viewer', headers: { authorization: `Bearer ${wide}` }, may: asViewer });
  callers.push({ name: 'a session from before the role changed', headers: expired, may: never });
  const gone = await house.person('admin', 'gone@example.org');
  const { token: revoked, id } = await house.token(['admin']);
  await house.admin.request('DELETE', `/api/v1/tokens/${id}`, {});
  callers.push({ name: 'a revoked token', headers: { authorization: `Bearer ${revoked}` }, may: never });
  const signedOut = cookieOf(gone);
  await gone.request('DELETE', '/api/v1/session', {});
  callers.push({ name: 'a session that was signed out', headers: signedOut, may: never });
  const off = await house.person('admin', 'off@example.org');
  const { token: ofOff } = await house.token(['admin'], off);
  const { users: now } = (await house.admin.get('/api/v1/users')).json();
  const offId = now.find((user: { email: string }) => user.email === 'off@example.org').id;
  await house.admin.request('PATCH', `/api/v1/users/${offId}`, { disabled: true });
  callers.push({ name: 'the session of an account that is off', headers: cookieOf(off), may: never });
  callers.push({
    name: 'the token of an account that is off',
    headers: { authorization: `Bearer ${ofOff}` },
    may: never,
  });
});
afterAll(() => server?.stop());

/** What the server has, from the server itself. */
const registered = (): string[] => [...server.app.guard.routes.keys()];

test('every route is in the list, and the list names no other (E1)', () => {
  // HEAD goes as GET.
  const real = [...new Set(registered().map((route) => route.replace(/^HEAD /, 'GET ')))];
  const ofPage = real.filter((route) => server.app.guard.routes.get(route) === 'public' && !(route in routeAccess));
  // Files of the page: read alone, and none of them below /api.
  expect(ofPage.filter((route) => !/^(GET|OPTIONS) \/(?!api)/.test(route))).toEqual([]);
  expect(real.filter((route) => !ofPage.includes(route)).toSorted()).toEqual(Object.keys(routeAccess).toSorted());
});

describe('every route with everybody (E1)', () => {
  test('is decided as the list says', { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    let decisions = 0;
    for (const route of registered().filter(asked)) {
      const [method, pattern] = route.split(' ');
      const access = routeAccess[`${method === 'HEAD' ? 'GET' : method} ${pattern}`] ?? 'public';
      const path = pattern.replaceAll(/:\w+/g, '999999').replace('*', 'nothing');
      for (const { name, headers, may } of callers) {
        // A body that no route takes: whoever may call it is told 4xx of another kind, and nothing is changed.
        const isChange = method !== 'GET' && method !== 'HEAD';
        if (route === 'DELETE /api/v1/session' || route === 'GET /api/v1/events' || endsOwnSession(route)) {
          if (may(access)) continue;
        }
        const { status } = await send(server.url + path, {
          method,
          headers: isChange ? { 'content-type': 'application/json', ...headers } : headers,
          body: isChange ? '"no object"' : undefined,
        });
        decisions++;
        const refused = status === 401 || status === 403;
        // The one 401 of a public route is its own: nobody signs in with such a body.
        if (refused === may(access)) wrong.push(`${route} by ${name}: ${status}, but it asks for ${access}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(decisions).toBeGreaterThan(1000);
  });

  test('an allowed stream is a stream', async () => {
    const viewer = await house.person('viewer', 'viewer-stream@example.org');
    const cookie = [...viewer.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const abort = new AbortController();
    const answer = await fetch(`${server.url}/api/v1/events`, { headers: { cookie }, signal: abort.signal });
    expect(answer.status).toBe(200);
    abort.abort();
  });
});

/** Asked by somebody who may, they would sign them out. */
const endsOwnSession = (route: string): boolean => route === 'DELETE /api/v1/account/sessions';

describe('other spellings of a path (E2)', () => {
  const spellings = [
    '//api/v1/users',
    '/api//v1/users',
    '/api/v1/users/',
    '/api/v1/users/.',
    '/./api/v1/users',
    '/x/../api/v1/users',
    '/api/v1/users;x=1',
    '/api/v1/..;/v1/users',
    '/api/v1/users%20',
    '/api/v1/users%2f',
    '/%61pi/v1/users',
    '/api%2fv1%2fusers',
    '/API/V1/USERS',
    '/api/v1/users.',
    '/api/v1/users%00',
    '/api/v1/users?x=/api/v1/session',
    '/api/v1/session/../users',
    '/api/v1/session%2f..%2fusers',
    '/assets/../api/v1/users',
  ];
  test.each(spellings)('%s gives nothing to nobody', async (path) => {
    const { sendRaw } = await import('../server.ts');
    const raw = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    const answer = await sendRaw(server.port, raw);
    expect(answer).toMatch(/^HTTP\/1\.1 (401|404|400) /);
    expect(answer).not.toContain(emailOf('admin'));
  });

  test.each(['x-http-method-override', 'x-method-override', 'x-http-method', 'x-original-url', 'x-rewrite-url'])(
    '%s changes no decision',
    async (header) => {
      const viewer = await house.person('viewer', 'viewer-override@example.org');
      const answer = await viewer.request('GET', '/api/v1/users', undefined, {
        [header]: header.includes('url') ? '/api/v1/session' : 'DELETE',
      });
      expect(answer.status).toBe(403);
    },
  );

  test('an upgrade to h2c is not taken up', async () => {
    const { sendRaw } = await import('../server.ts');
    const upgrade = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk';
    const raw = `GET /api/v1/users HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\nConnection: close\r\n\r\n`;
    const answer = await sendRaw(server.port, raw);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).not.toContain(emailOf('admin'));
  });

  test('an absolute address is no other way in', async () => {
    const { sendRaw } = await import('../server.ts');
    const raw = 'GET http://localhost/api/v1/users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    expect(await sendRaw(server.port, raw)).toMatch(/^HTTP\/1\.1 (401|404) /);
  });
});

test('nobody but the owner of the password has used it', () => {
  expect(server.logged()).not.toContain(PASSWORD);
});
