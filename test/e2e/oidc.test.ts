/** Signing in with a real OpenID provider in a real browser: roles from groups, linking, and the way back in. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeAuthority, makeServerCertificate } from '../../src/reach/certificate.ts';
import { Browser as Client, PASSWORD } from '../account.ts';
import { startProvider, type TestProvider } from '../oidc-provider.ts';
import { expectAccessible, launchBrowser, missingBrowser, openView, type View } from './browser.ts';
import { guardianBeside, makeDirectory, type Product, removeDirectory, startProduct } from './product.ts';

const sizes = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];
const signedIn = (page: Page) => page.getByRole('navigation', { name: 'Main' }).waitFor();
const withProvider = (page: Page) => page.getByRole('link', { name: 'Sign in with Pond ID' });

describe.skipIf(missingBrowser !== null).each(sizes)(
  'a provider at $width pixels',
  { timeout: 120_000 },
  (viewport) => {
    let product: Product;
    let provider: TestProvider;
    let browser: Awaited<ReturnType<typeof launchBrowser>>;
    let admin: Client;
    let people = 0;
    const directory = makeDirectory();
    const files = makeDirectory();
    const views: View[] = [];
    const open = async (): Promise<Page> => {
      const view = await openView(browser, product.url, {
        viewport,
        hasTouch: viewport.width < 500,
        // The browser trusts the provider; that Guardian does is what oidc.ca is for.
        ignoreHTTPSErrors: true,
      });
      views.push(view);
      return view.page;
    };
    /** Somebody whom only the provider knows. */
    const person = (groups: string[]): { id: string; email: string } => {
      const id = `person-${++people}`;
      const email = `${id}@pond.example`;
      provider.people[id] = { email, name: `Person ${people}`, groups };
      return { id, email };
    };
    /** The provider's own pages: a name, a password that it does not look at, and leave to tell. */
    const passProvider = async (page: Page, id: string): Promise<void> => {
      await page.locator('input[name=login]').fill(id);
      await page.locator('input[name=password]').fill('whatever');
      await page.locator('button[type=submit]').click();
      await page.locator('button[type=submit]').click();
    };
    const start = async (): Promise<void> => {
      product = await startProduct(
        directory,
        {
          ...{ GUARDIAN_OIDC_ISSUER: provider.issuer, GUARDIAN_OIDC_CLIENT_ID: provider.clientId },
          ...{ OIDC_CLIENT_SECRET: provider.clientSecret, GUARDIAN_OIDC_NAME: 'Pond ID' },
          ...{ GUARDIAN_OIDC_ADMINS: 'ducks', GUARDIAN_OIDC_OPERATORS: 'geese', GUARDIAN_OIDC_VIEWERS: 'swans' },
          GUARDIAN_OIDC_CA: path.join(files, 'ca.crt'),
        },
        ['--auth'],
      );
    };

    beforeAll(async () => {
      const authority = await makeAuthority('Pond', [], Date.now());
      const { certificate: cert, key } = await makeServerCertificate(authority, ['localhost'], Date.now());
      writeFileSync(path.join(files, 'ca.crt'), authority.certificate);
      [browser, provider] = await Promise.all([launchBrowser(), startProvider({ cert, key })]);
      await start();
      admin = new Client(product.url);
      const token = /\/setup#([\w-]+)/.exec(product.errors())![1];
      const first = { token, name: 'Grace', email: 'grace@example.org', password: PASSWORD };
      expect((await admin.post('/api/v1/set-up', first)).status).toBe(200);
      provider.allow((await admin.get('/api/v1/oidc')).json().redirect_uri);
    });
    afterAll(async () => {
      for (const view of views) {
        // The pages of the provider ask for a font from elsewhere.
        view.forgive(/ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED/);
        view.expectClean();
      }
      await Promise.all([browser?.close(), product?.stop(), provider?.stop()]);
      for (const made of [directory, files]) removeDirectory(made);
    });

    test('the groups give the role, at each time anew', async () => {
      const { id, email } = person(['geese']);
      const page = await open();
      await page.goto('/');
      await withProvider(page).waitFor();
      await expectAccessible(page);
      await withProvider(page).click();
      await passProvider(page, id);
      await signedIn(page);
      await page.goto('/account');
      await page.getByText(`${email} · Operator`).waitFor();

      provider.people[id].groups = ['swans'];
      const again = await open();
      await again.goto('/');
      await withProvider(again).click();
      await passProvider(again, id);
      await signedIn(again);
      await again.goto('/account');
      await again.getByText(`${email} · Viewer`).waitFor();
      // What the other browser was drawn with is gone.
      await page.goto('/account');
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    });

    test('whoever is in no group stays outside, and the administrator sees what came back', async () => {
      const { id, email } = person(['herons']);
      const page = await open();
      await page.goto('/');
      await withProvider(page).click();
      await passProvider(page, id);
      await page.getByText('You are in no group').waitFor();
      await expectAccessible(page);

      const view = await open();
      await view.goto('/users');
      await view.getByLabel('E-mail').fill('grace@example.org');
      await view.getByLabel('Password').fill(PASSWORD);
      await view.getByRole('button', { name: 'Sign in' }).click();
      await view.getByText(`${product.url}/api/v1/session/oidc/callback`).waitFor();
      await view.getByText(`${email}, groups herons`).waitFor();
      await view.getByRole('button', { name: 'Test the provider' }).click();
      await view.getByText('Its clock agrees').waitFor();
      await expectAccessible(view);
    });

    test('an address that has an account is not taken over; its owner links it', async () => {
      const { id, email } = person(['geese']);
      const made = await admin.post('/api/v1/users', { name: 'Ada', email, password: PASSWORD, role: 'operator' });
      expect(made.status).toBe(200);
      const page = await open();
      await page.goto('/');
      await withProvider(page).click();
      await passProvider(page, id);
      await page.getByText('There is an account with your address already.').waitFor();
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await signedIn(page);
      await page.goto('/account');
      await page.getByRole('button', { name: 'Link your account of Pond ID' }).click();
      // The provider remembers who has signed in there.
      await page.waitForURL(`${product.url}/account`);
      await page.getByText(`${email} · Operator`).waitFor();

      const other = await open();
      await other.goto('/');
      await withProvider(other).click();
      await passProvider(other, id);
      await signedIn(other);
      await other.goto('/account');
      await other.getByText(`${email} · Operator`).waitFor();
    });

    test('what comes back is good for one browser and once', async () => {
      const { id } = person(['geese']);
      const page = await open();
      const callbacks: string[] = [];
      page.on('request', (request) => {
        if (request.url().includes('/oidc/callback')) callbacks.push(request.url());
      });
      await page.goto('/');
      await withProvider(page).click();
      await passProvider(page, id);
      await signedIn(page);
      for (const who of [await open(), page]) {
        await who.goto(callbacks[0]);
        expect(new URL(who.url()).search).toBe('?oidc=oidc_state');
      }
    });

    test('a broken provider locks nobody out: the command line takes passwords again', async () => {
      const off = await guardianBeside(['user', 'disable-oidc', '--data', directory]);
      expect([off.code, off.out]).toEqual([0, expect.stringContaining('Passwords let people in')]);
      const page = await open();
      await page.goto('/');
      await page.getByLabel('E-mail').waitFor();
      expect(await withProvider(page).count()).toBe(0);
      expect((await guardianBeside(['user', 'enable-oidc', '--data', directory])).code).toBe(0);
      await page.reload();
      await withProvider(page).waitFor();
    });
  },
);
