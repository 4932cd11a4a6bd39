/** Behind a reverse proxy: who the client is, and whether there is TLS, is believed of the proxy and of nobody else. */
import { afterEach, expect, test } from 'vitest';
import { settingsSchema } from '../../src/config/schema.ts';
import { type Household, PASSWORD, startHousehold } from '../account.ts';

let house: Household;
afterEach(() => house.server.stop());
const https = { 'x-forwarded-proto': 'https', host: 'guardian.home' };

test('a proxy that is named says who the client is, and that there is TLS', async () => {
  house = await startHousehold({ trustedProxies: ['127.0.0.1'], allowedHosts: ['guardian.home'] });
  const { email, server } = { email: 'bob@example.org', server: house.server };
  await house.person('viewer', email);
  const from = (client: string, password: string) => {
    const browser = house.browser();
    browser.headers = { ...https, 'x-forwarded-for': client, origin: 'https://guardian.home' };
    return { browser, answer: browser.signIn(email, password) };
  };
  for (let i = 0; i < 10; i++) await from('203.0.113.9', 'wrong each time').answer;
  expect((await from('203.0.113.9', PASSWORD).answer).status).toBe(429);
  // What the client itself has put in front is not what the proxy has seen.
  expect((await from('198.51.100.1, 203.0.113.9', PASSWORD).answer).status).toBe(429);
  const { browser, answer } = from('203.0.113.10', PASSWORD);
  const [cookie] = (await answer).headers['set-cookie'] as string[];
  expect(cookie).toMatch(/^__Host-guardian\.session_token=/);
  for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(attribute);
  expect((await browser.get('/api/v1/scans')).status).toBe(200);
  expect((await browser.get('/api/v1/account')).json().sessions[0].address).toBe('203.0.113.10');
  // The cookie of plain HTTP is none under TLS: somebody in between could have set it.
  const value = browser.cookies.get('__Host-guardian.session_token')!;
  browser.cookies.clear();
  browser.cookies.set('guardian.session_token', value);
  expect((await browser.get('/api/v1/scans')).status).toBe(401);
  const users = (await house.admin.get('/api/v1/audit'))
    .json()
    .entries.map((entry: { address: string }) => entry.address);
  expect(users).toContain('203.0.113.9');
  expect(server.logged()).not.toContain(PASSWORD);
});

test('whoever is no proxy says nothing about itself', async () => {
  house = await startHousehold({ trustedProxies: ['203.0.113.1'], allowedHosts: ['guardian.home'] });
  const browser = house.browser();
  browser.headers = { ...https, 'x-forwarded-for': '203.0.113.10', origin: 'http://guardian.home' };
  const answer = await browser.signIn('admin@example.org');
  expect((answer.headers['set-cookie'] as string[])[0]).toMatch(/^guardian\.session_token=/);
  expect((await browser.get('/api/v1/account')).json().sessions.map((one: { address: string }) => one.address)).toEqual(
    expect.arrayContaining(['127.0.0.1']),
  );
  expect((await browser.get('/api/v1/account')).text).not.toContain('203.0.113.10');
});

test('a proxy is an address or a network', () => {
  house = { server: { stop: async () => {} } } as Household;
  const parse = (trustedProxies: unknown) => settingsSchema.safeParse({ server: { trustedProxies } });
  expect(parse('127.0.0.1, 172.16.0.0/12,fd00::/8').data?.server.trustedProxies).toHaveLength(3);
  expect(parse('').data?.server.trustedProxies).toEqual([]);
  for (const bad of ['nginx', '10.0.0.0/99', 'true', '*']) expect(parse(bad).success).toBe(false);
});
