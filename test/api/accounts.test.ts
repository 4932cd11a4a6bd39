/** Accounts over HTTP: set-up, sessions, tokens, the second factor, and what an attacker tries with them. */
import { statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Browser, emailOf, type Household, PASSWORD, startHousehold } from '../account.ts';
import { send, startServer, type TestServer } from '../server.ts';
import { totp } from '../totp.ts';

describe('a fresh data folder (E3)', () => {
  let server: TestServer;
  afterEach(() => server.stop());
  const account = { name: 'Ada', email: 'ada@example.org', password: PASSWORD };

  test('answers nothing but the set-up, which needs the token of the file', async () => {
    server = await startServer({ accounts: true });
    const browser = new Browser(server.url);
    for (const address of ['/status', '/history', '/api/v1/scans', '/api/v1/openapi.json', '/api/v1/events']) {
      expect((await browser.get(address)).status).toBe(401);
    }
    expect((await browser.get('/api/v1/session')).json()).toEqual({
      ...{ mode: 'accounts', needs_set_up: true, user: null },
      sign_in: { passwords: true, provider: null },
    });
    for (const password of ['admin', 'password', '123456']) {
      expect((await browser.signIn('admin@example.org', password)).status).toBe(401);
    }
    expect((await browser.post('/api/v1/set-up', { token: 'x'.repeat(32), ...account })).json()).toMatchObject({
      code: 'set_up_link_wrong',
    });
    const token = await server.accounts!.makeSetUpToken();
    expect(statSync(path.join(server.data, 'setup-token')).mode & 0o777).toBe(0o600);
    expect(statSync(path.join(server.data, 'accounts.key')).mode & 0o777).toBe(0o600);
    const weak = await browser.post('/api/v1/set-up', { token, ...account, password: 'password123' });
    expect([weak.status, weak.json().code]).toEqual([422, 'weak_password']);
    expect((await browser.post('/api/v1/set-up', { token, ...account })).status).toBe(200);
    expect((await browser.get('/api/v1/session')).json().user).toMatchObject({ email: account.email, role: 'admin' });
    expect((await browser.get('/status')).status).toBe(200);
  });

  test('a link is good once, for an hour, and never again after the set-up', async () => {
    server = await startServer({ accounts: true });
    const accounts = server.accounts!;
    const token = await accounts.makeSetUpToken();
    writeFileSync(path.join(server.data, 'setup-token'), `${token} ${Date.now() - 1}\n`);
    const browser = new Browser(server.url);
    const late = await browser.post('/api/v1/set-up', { token, ...account });
    expect([late.status, late.json().code]).toEqual([403, 'set_up_link_expired']);
    const again = await accounts.makeSetUpToken();
    const both = await Promise.all(
      ['ada@example.org', 'eve@example.org'].map((email) =>
        new Browser(server.url).post('/api/v1/set-up', { ...account, token: again, email }),
      ),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const [admin] = await accounts.store.users.list();
    // Even when somebody has taken the last account out of the database by hand.
    await accounts.store.sql.db.deleteFrom('auth_user').where('id', '=', admin.id).execute();
    expect((await browser.post('/api/v1/set-up', { token: again, ...account })).json().code).toBe('set_up_done');
    expect((await browser.get('/api/v1/session')).json()).toMatchObject({ needs_set_up: false, user: null });
    await expect(accounts.makeSetUpToken()).rejects.toMatchObject({ code: 'set_up_done' });
  });
});

describe('with accounts', () => {
  let house: Household;
  let server: TestServer;
  beforeAll(async () => {
    house = await startHousehold();
    ({ server } = house);
  });
  afterAll(() => server.stop());

  const idOf = async (email: string): Promise<string> =>
    (await house.admin.get('/api/v1/users')).json().users.find((user: { email: string }) => user.email === email).id;
  let count = 0;
  const somebody = async (role: 'viewer' | 'operator' | 'admin' = 'viewer') => {
    const email = `somebody-${++count}@example.org`;
    return { email, browser: await house.person(role, email), id: await idOf(email) };
  };
  const isIn = async (browser: Browser): Promise<boolean> => (await browser.get('/api/v1/scans')).status === 200;

  describe('sessions (E5)', () => {
    test('a cookie is for this host alone, no script reads it, and none is taken over', async () => {
      const { email } = await somebody();
      const browser = house.browser();
      browser.cookies.set('guardian.session_token', 'planted.by-somebody-else');
      const answer = await browser.signIn(email);
      const [cookie] = answer.headers['set-cookie'] as string[];
      expect(cookie).toMatch(/^guardian\.session_token=[^;]{60,}/);
      expect(cookie).not.toContain('planted');
      for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(attribute);
      expect(cookie).not.toMatch(/Domain=/i);
      expect(answer.text).not.toContain(decodeURIComponent(cookie.split(/[=;]/)[1]).split('.')[0]);
      const before = browser.cookies.get('guardian.session_token');
      const old = new Browser(server.url);
      old.cookies.set('guardian.session_token', before!);
      expect(await isIn(old)).toBe(true);
      await browser.signIn(email);
      expect(browser.cookies.get('guardian.session_token')).not.toBe(before);
      expect(await isIn(old)).toBe(false);
    });

    test('a cookie whose signature or session is another lets nobody in', async () => {
      const { browser } = await somebody();
      const [token, signature] = decodeURIComponent(browser.cookies.get('guardian.session_token')!).split('.');
      for (const value of [
        token,
        `${token}.`,
        `${token}.${'A'.repeat(43)}=`,
        `x${token.slice(1)}.${signature}`,
        `.${signature}`,
        `${token}.${signature}x`.repeat(1000),
      ]) {
        browser.cookies.set('guardian.session_token', encodeURIComponent(value).slice(0, 8000));
        expect(await isIn(browser)).toBe(false);
      }
    });

    type End = (one: Awaited<ReturnType<typeof somebody>>) => Promise<{ status: number }>;
    test.each<[string, End]>([
      ['signing out', ({ browser }) => browser.request('DELETE', '/api/v1/session', {})],
      [
        'another password by an administrator',
        ({ id }) => house.admin.request('PUT', `/api/v1/users/${id}/password`, { password: `${PASSWORD} again` }),
      ],
      ['being switched off', ({ id }) => house.admin.request('PATCH', `/api/v1/users/${id}`, { disabled: true })],
      ['another role', ({ id }) => house.admin.request('PATCH', `/api/v1/users/${id}`, { role: 'operator' })],
      ['being removed', ({ id }) => house.admin.request('DELETE', `/api/v1/users/${id}`, {})],
      [
        'signing out everywhere else, from another browser',
        async ({ email }) => {
          const other = house.browser();
          await other.signIn(email);
          return other.request('DELETE', '/api/v1/account/sessions', {});
        },
      ],
      [
        'another password by the owner in another browser',
        async ({ email }) => {
          const other = house.browser();
          await other.signIn(email);
          return other.request('PUT', '/api/v1/account/password', { current: PASSWORD, new: `${PASSWORD} again` });
        },
      ],
      [
        'the command line beside the server',
        async ({ id }) => {
          // Another process: the server is not told.
          const { openSqliteStore } = await import('../../src/store/sqlite/open.ts');
          const { createLog } = await import('../../src/log.ts');
          const log = createLog({ level: 'silent' });
          const store = await openSqliteStore({ directory: server.data, log, shared: true });
          await store.accounts.sessions.end({ userId: id });
          await store.close();
          return { status: 200 };
        },
      ],
    ])('%s ends the session and its event stream within a second', async (_name, end) => {
      const one = await somebody();
      const { browser } = one;
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const kept = new Browser(server.url);
      for (const [name, value] of browser.cookies) kept.cookies.set(name, value);
      const stream = await fetch(`${server.url}/api/v1/events`, { headers: { cookie } });
      expect(stream.status).toBe(200);
      const closed = (async () => {
        for await (const _ of stream.body!);
      })().catch(() => {});
      expect(await isIn(kept)).toBe(true);
      expect((await end(one)).status).toBeLessThan(300);
      const since = performance.now();
      await closed;
      expect(performance.now() - since).toBeLessThan(1000);
      expect(await isIn(kept)).toBe(false);
    });

    test('the list shows them, and each can be ended', async () => {
      const { email, browser } = await somebody();
      const phone = house.browser();
      phone.headers['user-agent'] = 'Phone/1';
      await phone.signIn(email);
      const { sessions } = (await browser.get('/api/v1/account')).json();
      expect(sessions).toHaveLength(2);
      const other = sessions.find(({ current }: { current: boolean }) => !current);
      expect(other).toMatchObject({ agent: 'Phone/1', address: '127.0.0.1' });
      expect((await browser.request('DELETE', `/api/v1/account/sessions/${other.id}`, {})).status).toBe(204);
      expect([await isIn(phone), await isIn(browser)]).toEqual([false, true]);
      // Somebody else's is not there.
      const stranger = await somebody();
      const own = (await stranger.browser.get('/api/v1/account')).json().sessions[0].id;
      expect((await browser.request('DELETE', `/api/v1/account/sessions/${own}`, {})).status).toBe(404);
      expect(await isIn(stranger.browser)).toBe(true);
    });

    test('it ends after two weeks without use, and after ninety days however it is used', async () => {
      const { browser, id } = await somebody();
      const { db } = server.accounts!.store.sql;
      const set = async (values: { expiresAt?: Date; createdAt?: Date }) => {
        await db.updateTable('auth_session').set(values).where('userId', '=', id).execute();
        server.accounts!.identities.forget();
      };
      const [session] = await server.accounts!.store.sessions.list(id);
      expect((session.expires - session.created) / 86_400_000).toBeCloseTo(14, 2);
      await set({ expiresAt: new Date(Date.now() - 1000) });
      expect(await isIn(browser)).toBe(false);
      await set({ expiresAt: new Date(Date.now() + 86_400_000) });
      expect(await isIn(browser)).toBe(true);
      await set({ createdAt: new Date(Date.now() - 91 * 86_400_000) });
      expect(await isIn(browser)).toBe(false);
    });
  });

  describe('requests that a foreign page makes (E6, E7)', () => {
    const change = (headers: Record<string, string>, body = '{}') => {
      const cookie = [...house.admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      return send(`${server.url}/api/v1/account/sessions`, { method: 'DELETE', headers: { cookie, ...headers }, body });
    };
    const json = { 'content-type': 'application/json' };

    test.each<[string, Record<string, string>]>([
      ['a form', { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://evil.example' }],
      ['a form without origin', { 'content-type': 'application/x-www-form-urlencoded' }],
      ['multipart', { 'content-type': 'multipart/form-data; boundary=x', origin: 'http://evil.example' }],
      ['plain text', { 'content-type': 'text/plain', origin: 'null' }],
      ['no body and no type', {}],
      ['JSON from another origin', { ...json, origin: 'http://evil.example' }],
      ['JSON of another site', { ...json, 'sec-fetch-site': 'cross-site' }],
      ['JSON from nowhere', json],
      ['JSON with origin null', { ...json, origin: 'null' }],
      ['a name that was rebound', { ...json, host: 'evil.example', origin: 'http://evil.example' }],
    ])('%s changes nothing', async (_name, headers) => {
      const other = house.browser();
      await other.signIn(emailOf('admin'));
      const { status } = await change(headers);
      expect([403, 415, 421]).toContain(status);
      expect(await isIn(other)).toBe(true);
    });

    test('a multipart upload with the cookie needs our own origin', async () => {
      const cookie = [...house.admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const body = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n1,2\r\n--x--\r\n';
      const upload = (headers: Record<string, string>) =>
        send(`${server.url}/upload`, {
          method: 'POST',
          headers: { cookie, 'content-type': 'multipart/form-data; boundary=x', ...headers },
          body,
        });
      expect((await upload({})).status).toBe(403);
      expect((await upload({ origin: 'http://evil.example' })).status).toBe(403);
      expect((await upload({ origin: server.url })).status).toBe(200);
    });

    test('nothing that is read changes anything', async () => {
      const before = (await house.admin.get('/api/v1/audit')).json().entries[0].id;
      for (const route of server.app.guard.routes.keys()) {
        const [method, pattern] = route.split(' ');
        if (method !== 'GET' || pattern.includes('*') || pattern === '/api/v1/events') continue;
        await house.admin.get(pattern.replaceAll(/:\w+/g, '1'));
      }
      expect((await house.admin.get('/api/v1/audit')).json().entries[0].id).toBe(before);
    });
  });

  describe('wrong passwords', () => {
    const from = (localAddress: string, email: string, password: string, headers: Record<string, string> = {}) =>
      new Promise<{ status: number; retryAfter?: string; text: string }>((resolve, reject) => {
        const body = JSON.stringify({ email, password });
        const request = httpRequest(
          {
            ...{ host: '127.0.0.1', port: server.port, localAddress, method: 'POST', path: '/api/v1/session' },
            headers: {
              host: 'localhost',
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
              ...headers,
            },
          },
          async (response) => {
            let text = '';
            for await (const piece of response) text += piece;
            resolve({ status: response.statusCode!, retryAfter: response.headers['retry-after'], text });
          },
        );
        request.on('error', reject);
        request.end(body);
      });

    test('ten from one client are enough; another client still signs in, and no header helps the first (E14)', async () => {
      const { email } = await somebody();
      const answers = [];
      for (let i = 0; i < 10; i++) answers.push((await from('127.0.0.7', email, `wrong ${i} of them`)).status);
      expect(answers).toEqual([...Array(9).fill(401), 429]);
      const right = await from('127.0.0.7', email, PASSWORD);
      expect([right.status, Number(right.retryAfter)]).toEqual([429, 900]);
      for (const headers of [
        { 'x-forwarded-for': '203.0.113.9' },
        { 'x-real-ip': '203.0.113.9' },
        { forwarded: 'for=203.0.113.9' },
        { 'x-guardian-client': '203.0.113.9' },
        { 'cf-connecting-ip': '203.0.113.9' },
      ] as Record<string, string>[]) {
        expect((await from('127.0.0.7', email, PASSWORD, headers)).status).toBe(429);
      }
      expect((await from('127.0.0.8', email, PASSWORD)).status).toBe(200);
      expect((await from('127.0.0.7', (await somebody()).email, PASSWORD)).status).toBe(200);
    });

    test('an unknown account looks like a wrong password, to the eye and to the clock (E14)', async () => {
      const { email } = await somebody();
      const times: Record<string, number[]> = { known: [], unknown: [] };
      const texts = new Set<string>();
      for (let i = 0; i < 7; i++) {
        for (const [kind, who] of [
          ['known', email],
          ['unknown', `nobody-${i}@example.org`],
        ]) {
          const started = performance.now();
          const { status, text } = await from(`127.0.1.${i + 1}`, who, 'wrong password of somebody');
          times[kind].push(performance.now() - started);
          expect(status).toBe(401);
          texts.add(text);
        }
      }
      expect(texts.size).toBe(1);
      const median = (of: number[]) => of.toSorted((a, b) => a - b)[3];
      const ratio = median(times.known) / median(times.unknown);
      expect(ratio).toBeGreaterThan(1 / 3);
      expect(ratio).toBeLessThan(3);
    });

    test.each<[string, unknown, number[]]>([
      ['an array', [PASSWORD], [400]],
      ['an object', { $ne: '' }, [400]],
      ['a number', 0, [400]],
      ['true', true, [400]],
      ['null', null, [400]],
      ['nothing', undefined, [400]],
      ['an empty text', '', [400]],
      ['a magic hash', '0e1234567890', [401]],
      ['a megabyte', 'a'.repeat(1024 * 1024), [400, 413]],
      ['the beginning of it', PASSWORD.slice(0, -1), [401]],
      ['more than it', `${PASSWORD}x`, [401]],
      ['a NUL behind it', `${PASSWORD}\0`, [401]],
      ['other letters', PASSWORD.toUpperCase(), [401]],
    ])('%s is no password (E15)', async (name, password, statuses) => {
      const { email } = await somebody();
      const browser = house.browser();
      expect(statuses, name).toContain((await browser.post('/api/v1/session', { email, password })).status);
      expect(browser.cookies.size).toBe(0);
    });

    test('a long one counts whole', async () => {
      const { browser, email } = await somebody();
      const long = `${'correct horse battery staple '.repeat(8)}!`;
      const change = { current: PASSWORD, new: long };
      expect((await browser.request('PUT', '/api/v1/account/password', change)).status).toBe(204);
      const next = house.browser();
      expect((await next.signIn(email, long.slice(0, 72))).status).toBe(401);
      expect((await next.signIn(email, long)).status).toBe(200);
    });

    test('what everybody tries first, or says who one is, is refused', async () => {
      const { browser, email } = await somebody();
      for (const bad of ['short', 'iloveyou123', '1234567890', 'aaaaaaaaaaaaaa', `${email}1`, 'q1w2e3r4t5y6']) {
        const change = { current: PASSWORD, new: bad };
        const answer = await browser.request('PUT', '/api/v1/account/password', change);
        expect([bad, answer.status]).toEqual([bad, 422]);
      }
      const wrong = { current: 'another one entirely', new: 'a new one that is fine' };
      expect((await browser.request('PUT', '/api/v1/account/password', wrong)).status).toBe(403);
    });
  });

  describe('tokens (E20)', () => {
    const as = (token: string, method = 'GET', address = '/api/v1/scans', headers: Record<string, string> = {}) =>
      send(server.url + address, { method, headers: { authorization: `Bearer ${token}`, ...headers } });

    test('are shown once, kept as a hash, and written down when they are used', async () => {
      const { id, token } = await house.token(['read']);
      const row = await server
        .accounts!.store.sql.db.selectFrom('api_token')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      expect(JSON.stringify(row)).not.toContain(token.slice(9));
      expect((await as(token)).status).toBe(200);
      const find = async () =>
        (await house.admin.get('/api/v1/tokens')).json().tokens.find((one: { id: string }) => one.id === id);
      await expect.poll(async () => (await find()).used).not.toBeNull();
      expect(await find()).toMatchObject({ scopes: ['read'], used_from: '127.0.0.1', owner: emailOf('admin') });
      expect(JSON.stringify(await find())).not.toContain(token);
      expect(server.logged()).not.toContain(token);
    });

    test('the published curl line works with one for uploads, and with no other', async () => {
      const form = () => {
        const data = new FormData();
        data.append('file', new Blob(['1,2']), 'traffic.csv');
        return data;
      };
      for (const [scopes, status] of [
        [['upload'], 200],
        [['read', 'operate'], 403],
        [['admin'], 200],
      ] as const) {
        const { token } = await house.token([...scopes]);
        const headers = { authorization: `Bearer ${token}` };
        expect((await fetch(`${server.url}/upload`, { method: 'POST', body: form(), headers })).status).toBe(status);
      }
      expect((await fetch(`${server.url}/upload`, { method: 'POST', body: form() })).status).toBe(401);
    });

    test('cannot make tokens, nor be in the address, a cookie or another header', async () => {
      const { token } = await house.token(['admin']);
      const json = { 'content-type': 'application/json' };
      expect((await as(token, 'POST', '/api/v1/tokens', json)).status).toBe(403);
      expect((await as(token, 'GET', '/api/v1/tokens')).status).toBe(403);
      const bare = (address: string, headers = {}) => send(server.url + address, { headers });
      expect((await bare(`/api/v1/scans?token=${token}`)).status).toBe(401);
      expect((await bare(`/api/v1/scans?access_token=${token}`)).status).toBe(401);
      expect((await bare('/api/v1/scans', { 'x-api-key': token })).status).toBe(401);
      expect((await bare('/api/v1/scans', { cookie: `guardian.session_token=${token}` })).status).toBe(401);
      expect((await bare('/api/v1/scans', { authorization: `Basic ${btoa(`:${token}`)}` })).status).toBe(401);
    });

    test('do no more than their owner may, and nobody makes one that would', async () => {
      const { browser } = await somebody('operator');
      const wide = await browser.post('/api/v1/tokens', { name: 'wide', scopes: ['admin'], days: null });
      expect([wide.status, wide.json().code]).toEqual([403, 'token_too_wide']);
      const viewer = await somebody('viewer');
      const upload = await viewer.browser.post('/api/v1/tokens', { name: 'wide', scopes: ['upload'], days: null });
      expect(upload.status).toBe(403);
      const { id } = await house.token(['read']);
      expect((await browser.request('DELETE', `/api/v1/tokens/${id}`, {})).status).toBe(404);
      expect((await browser.get('/api/v1/tokens')).json().tokens).toEqual([]);
    });

    test('end by themselves, and at once when they are revoked, with their open streams', async () => {
      const { id, token } = await house.token(['read']);
      const headers = { authorization: `Bearer ${token}` };
      const stream = await fetch(`${server.url}/api/v1/events`, { headers });
      const closed = (async () => {
        for await (const _ of stream.body!);
      })().catch(() => {});
      expect((await house.admin.request('DELETE', `/api/v1/tokens/${id}`, {})).status).toBe(204);
      const since = performance.now();
      await closed;
      expect(performance.now() - since).toBeLessThan(1000);
      expect((await as(token)).status).toBe(401);
      const { id: old, token: expiring } = await house.token(['read']);
      expect((await as(expiring)).status).toBe(200);
      const { db } = server.accounts!.store.sql;
      await db
        .updateTable('api_token')
        .set({ expires: Date.now() - 1 })
        .where('id', '=', old)
        .execute();
      server.accounts!.identities.forget();
      expect((await as(expiring)).status).toBe(401);
    });

    test('a thousand requests of one are all answered', async () => {
      const { token } = await house.token(['read']);
      const statuses = new Set<number>();
      for (let i = 0; i < 20; i++) {
        const batch = Array.from({ length: 50 }, () =>
          fetch(`${server.url}/api/v1/session`, { headers: { authorization: `Bearer ${token}` } }),
        );
        for (const answer of await Promise.all(batch)) statuses.add(answer.status);
      }
      expect([...statuses]).toEqual([200]);
    });
  });

  describe('the second factor', () => {
    test('is asked for after the password, takes each code of its list once, and counts wrong ones', {
      timeout: 60_000,
    }, async () => {
      const { browser, email } = await somebody();
      expect((await browser.post('/api/v1/account/two-factor', { password: 'not the one it is' })).status).toBe(403);
      const made = (await browser.post('/api/v1/account/two-factor', { password: PASSWORD })).json();
      expect(made.recovery_codes).toHaveLength(10);
      // Not before it was confirmed.
      expect((await house.browser().signIn(email)).json()).toEqual({ two_factor: false });
      expect((await browser.post('/api/v1/account/two-factor/confirm', { code: '000000' })).status).toBe(401);
      const confirmed = await browser.post('/api/v1/account/two-factor/confirm', { code: totp(made.secret) });
      expect(confirmed.status).toBe(204);
      expect((await browser.get('/api/v1/account')).json()).toMatchObject({ two_factor: true });

      const phone = house.browser();
      expect((await phone.signIn(email)).json()).toEqual({ two_factor: true });
      expect(await isIn(phone)).toBe(false);
      expect((await phone.post('/api/v1/session/code', { code: '123456' })).status).toBe(401);
      expect((await phone.post('/api/v1/session/code', { code: totp(made.secret) })).status).toBe(200);
      expect(await isIn(phone)).toBe(true);

      const [first] = made.recovery_codes;
      const lost = house.browser();
      await lost.signIn(email);
      expect((await lost.post('/api/v1/session/code', { code: first, recovery: true })).status).toBe(200);
      const twice = house.browser();
      await twice.signIn(email);
      expect((await twice.post('/api/v1/session/code', { code: first, recovery: true })).status).toBe(401);
      // A code without the password before it is worth nothing.
      expect((await house.browser().post('/api/v1/session/code', { code: totp(made.secret) })).json().code).toBe(
        'no_code_wanted',
      );
      // Neither key nor codes are in the database in clear.
      const rows = await server.accounts!.store.sql.db.selectFrom('auth_two_factor').selectAll().execute();
      for (const secret of [made.secret, ...made.recovery_codes]) expect(JSON.stringify(rows)).not.toContain(secret);
      expect((await lost.request('DELETE', '/api/v1/account/two-factor', { password: PASSWORD })).status).toBe(204);
      expect((await house.browser().signIn(email)).json()).toEqual({ two_factor: false });
    });

    test('a code that was used is not taken a second time', async () => {
      const { browser, email } = await somebody();
      const { secret } = (await browser.post('/api/v1/account/two-factor', { password: PASSWORD })).json();
      await browser.post('/api/v1/account/two-factor/confirm', { code: totp(secret) });
      const code = totp(secret, Date.now() + 30_000);
      const [one, two] = [house.browser(), house.browser()];
      await one.signIn(email);
      await two.signIn(email);
      expect((await one.post('/api/v1/session/code', { code })).status).toBe(200);
      expect((await two.post('/api/v1/session/code', { code })).status).toBe(401);
    });
  });

  describe('the last administrator', () => {
    test('stays one', async () => {
      const id = await idOf(emailOf('admin'));
      for (const change of [{ role: 'viewer' }, { disabled: true }]) {
        const admins = (await house.admin.get('/api/v1/users'))
          .json()
          .users.filter((user: { role: string; id: string }) => user.role === 'admin' && user.id !== id);
        for (const other of admins) await house.admin.request('DELETE', `/api/v1/users/${other.id}`, {});
        const answer = await house.admin.request('PATCH', `/api/v1/users/${id}`, change);
        expect([answer.status, answer.json().code]).toEqual([409, 'last_admin']);
      }
      expect((await house.admin.request('DELETE', `/api/v1/users/${id}`, {})).status).toBe(409);
      expect(await isIn(house.admin)).toBe(true);
    });
  });

  describe('the log of changes', () => {
    test('says who did what, from where, and never what was sent', async () => {
      const secret = 'a password that nobody may read';
      const { id, email } = await somebody();
      await house.admin.request('PUT', `/api/v1/users/${id}/password`, { password: secret });
      const wrong = house.browser();
      await wrong.signIn(email, 'wrong on purpose');
      const viewer = await somebody('viewer');
      await viewer.browser.request('PATCH', `/api/v1/users/${id}`, { role: 'admin' });
      const list = async () => (await house.admin.get('/api/v1/audit?limit=10')).json();
      await expect.poll(async () => (await list()).entries[0].action).toBe('Change an account');
      const { entries, next_before } = await list();
      expect(entries).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            actor: emailOf('admin'),
            action: 'Set the password of an account',
            target: email,
            outcome: 'done',
            via: 'page',
            address: '127.0.0.1',
          }),
          expect.objectContaining({ actor: email, action: 'Sign in', outcome: 'refused' }),
          expect.objectContaining({ actor: viewer.email, action: 'Change an account', outcome: 'refused' }),
        ]),
      );
      expect([null, entries.at(-1).id]).toContain(next_before);
      const exported = (await house.admin.get('/api/v1/audit/export')).text;
      expect(exported).not.toContain(secret);
      expect(exported).not.toContain(PASSWORD);
      const lines = exported
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(new Set(lines.map((line) => line.id)).size).toBe(lines.length);
      expect(server.logged()).not.toContain(secret);
    });
  });
});

test('without accounts everything is open, and says so', async () => {
  const server = await startServer();
  const browser = new Browser(server.url);
  expect((await browser.get('/api/v1/session')).json()).toMatchObject({
    mode: 'open',
    needs_set_up: false,
    user: null,
  });
  expect((await browser.get('/status')).status).toBe(200);
  expect((await browser.get('/api/v1/users')).status).toBe(404);
  await server.stop();
});
