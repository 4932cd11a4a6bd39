/** Set-up, sign-in and accounts in a real browser on the real product, on a phone and on a desk. */

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../src/account/role.ts';
import { Browser as Client, PASSWORD } from '../account.ts';
import { totp } from '../totp.ts';
import { expectAccessible, launchBrowser, missingBrowser, openView, type View } from './browser.ts';
import { guardianBeside, makeDirectory, type Product, removeDirectory, startProduct } from './product.ts';

const sizes = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];

/** Without an account yet; what looks at it goes before it does. */
async function startFresh(): Promise<Product & AsyncDisposable & { views: View[] }> {
  const directory = makeDirectory();
  const views: View[] = [];
  const product = await startProduct(directory, {}, ['--auth']);
  return {
    ...product,
    views,
    async [Symbol.asyncDispose]() {
      await Promise.all(views.map((view) => view.close()));
      await product.stop();
      removeDirectory(directory);
    },
  };
}

const signIn = async (page: Page, who: string, password = PASSWORD): Promise<void> => {
  await page.getByLabel('E-mail').fill(who);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
};
const setUpLink = (product: Product): string => /http:\/\/\S+\/setup#[\w-]+/.exec(product.errors())![0];
const signedIn = (page: Page) => page.getByRole('navigation', { name: 'Main' }).waitFor();

describe.skipIf(missingBrowser !== null).each(sizes)('accounts at $width pixels', { timeout: 120_000 }, (viewport) => {
  let product: Product;
  let browser: Awaited<ReturnType<typeof launchBrowser>>;
  const directory = makeDirectory();
  const views: View[] = [];
  const open = async (url = product.url, kept = views): Promise<View> => {
    const view = await openView(browser, url, { viewport, hasTouch: viewport.width < 500 });
    kept.push(view);
    return view;
  };
  let admin: Client;
  let people = 0;
  /** An account that no other test, and no earlier try of this one, has touched. */
  const person = async (name: string, role: Role): Promise<string> => {
    const email = `${name.toLowerCase()}-${++people}@example.org`;
    const made = await admin.post('/api/v1/users', { name, email, password: PASSWORD, role });
    expect(made.status, made.text).toBe(200);
    return email;
  };
  beforeAll(async () => {
    [browser, product] = await Promise.all([launchBrowser(), startProduct(directory, {}, ['--auth'])]);
    admin = new Client(product.url);
    const token = setUpLink(product).split('#')[1];
    const first = { token, name: 'Grace', email: 'grace@example.org', password: PASSWORD };
    const made = await admin.post('/api/v1/set-up', first);
    expect(made.status, made.text).toBe(200);
  });
  afterAll(async () => {
    for (const view of views) view.expectClean();
    await Promise.all([browser?.close(), product?.stop()]);
    removeDirectory(directory);
  });

  test('the set-up link of the terminal makes the first account, and leads to the page', async () => {
    await using fresh = await startFresh();
    const without = await open(fresh.url, fresh.views);
    await without.page.goto('/alerts');
    await without.page.getByText('guardian user setup-link').waitFor();
    await expectAccessible(without.page);

    const { page } = await open(fresh.url, fresh.views);
    await page.goto(setUpLink(fresh));
    await page.getByRole('heading', { name: 'Set Guardian up' }).waitFor();
    await expectAccessible(page);
    await page.getByLabel('Name', { exact: true }).fill('Ada');
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Password').fill('password123');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByText('tried first everywhere').waitFor();
    await expectAccessible(page);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await signedIn(page);
    expect(new URL(page.url()).pathname + new URL(page.url()).hash).toBe('/');
    for (const view of fresh.views) view.expectClean();
  });

  test('signing in leads to the page that was asked for; a wrong password says how to go on', async () => {
    const email = await person('Ada', 'operator');
    const { page } = await open();
    await page.goto('/system');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await expectAccessible(page);
    await signIn(page, email, 'not this one, I think');
    await page.getByText('The e-mail address or the password is wrong.').waitFor();
    await expectAccessible(page);
    await signIn(page, email);
    await page.getByRole('heading', { name: 'System status' }).waitFor();
    await page.goto('/account');
    await page.getByRole('heading', { name: 'Ada' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  test('an authenticator: set up, asked for, and a recovery code in its place', async () => {
    const email = await person('Ada', 'viewer');
    const { page } = await open();
    await page.goto('/account');
    await signIn(page, email);
    await page.getByRole('button', { name: 'Set an authenticator up' }).click();
    await page.getByLabel('Your password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    await expectAccessible(page);
    const secret = (await page.locator('.secret-text').textContent())!;
    const codes = await page.locator('.recovery-codes code').allTextContents();
    expect(codes).toHaveLength(10);
    await page.getByLabel('Code', { exact: true }).fill(totp(secret));
    await page.getByRole('button', { name: 'Switch it on' }).click();
    await page.getByText('Your authenticator is asked for').waitFor();

    const phone = await open();
    await phone.page.goto('/');
    await signIn(phone.page, email);
    await phone.page.getByRole('heading', { name: 'One more step' }).waitFor();
    await expectAccessible(phone.page);
    await phone.page.getByLabel('Code').fill('000000');
    await phone.page.getByRole('button', { name: 'Continue' }).click();
    await phone.page.getByText('The code is wrong').waitFor();
    await phone.page.getByLabel('Code').fill(totp(secret, Date.now() + 30_000));
    await phone.page.getByRole('button', { name: 'Continue' }).click();
    await signedIn(phone.page);

    const lost = await open();
    await lost.page.goto('/');
    await signIn(lost.page, email);
    await lost.page.getByRole('button', { name: /recovery code/ }).click();
    await lost.page.getByLabel('Recovery code').fill(codes[0]);
    await lost.page.getByRole('button', { name: 'Continue' }).click();
    await signedIn(lost.page);

    // The other way back in, on the machine.
    expect(await guardianBeside(['user', 'disable-2fa', email, '--data', directory])).toMatchObject({ code: 0 });
    const again = await open();
    await again.page.goto('/');
    await signIn(again.page, email);
    await signedIn(again.page);
  });

  test('a forgotten password is set on the machine, and every browser is signed out', async () => {
    const email = await person('Ada', 'viewer');
    const { page } = await open();
    await page.goto('/');
    await signIn(page, email);
    await signedIn(page);
    const { code, out } = await guardianBeside(
      ['user', 'reset-password', email, '--data', directory],
      'six geese a-laying\n',
    );
    expect([code, out]).toEqual([0, expect.stringContaining('has a new password')]);
    await page.goto('/devices');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await signIn(page, email, 'six geese a-laying');
    await page.getByRole('heading', { name: 'Devices' }).first().waitFor();
  });

  test('an account for somebody else, with the rights of its role', async () => {
    const email = await person('Ada', 'admin');
    const { page } = await open();
    await page.goto('/users');
    await signIn(page, email);
    await page.getByRole('button', { name: 'Add an account' }).click();
    const name = `Bob ${++people}`;
    const bobs = `bob-${people}@example.org`;
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('E-mail').fill(bobs);
    await page.getByLabel('Password').fill(PASSWORD);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Add the account' }).click();
    await page.getByText(`${bobs} can sign in.`).waitFor();
    await page.getByRole('button', { name: `Change ${name}` }).click();
    await expectAccessible(page);

    const bob = await open();
    await bob.page.goto('/account');
    await signIn(bob.page, bobs);
    await bob.page.getByText(`${bobs} · Viewer`).waitFor();
    expect(await bob.page.getByRole('link', { name: 'Log of changes' }).count()).toBe(0);
    await bob.page.goto('/users');
    await bob.page.getByRole('region', { name: 'Accounts' }).getByText('This needs the role administrator').waitFor();
    await expectAccessible(bob.page);
    await bob.page.goto('/system');
    await bob.page.getByText('Everything else works.').waitFor();
    expect(await bob.page.getByText('do not answer').count()).toBe(0);

    // Switched off: what is open falls back to the sign-in by itself.
    await bob.page.goto('/');
    await signedIn(bob.page);
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByText(`${name} is switched off.`).waitFor();
    await bob.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  test('a token is shown once and revoked; the log of changes has it all', async () => {
    const email = await person('Ada', 'admin');
    const { page } = await open();
    await page.goto('/tokens');
    await signIn(page, email);
    await page.getByText('No tokens yet').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByLabel('What is it for?').fill('Home Assistant');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Make the token' }).click();
    const token = (await page.getByText(/^guardian_\S+$/).textContent())!;
    await expectAccessible(page);
    const as = () => fetch(`${product.url}/api/v1/scans`, { headers: { authorization: `Bearer ${token}` } });
    expect((await as()).status).toBe(200);
    await page.reload();
    await page.getByText('Home Assistant').waitFor();
    expect(await page.getByText(token).count()).toBe(0);
    await page.getByRole('button', { name: 'Revoke Home Assistant' }).click();
    await page.getByText('lets nobody in any more').waitFor();
    expect((await as()).status).toBe(401);
    await page.goto('/audit');
    await page.getByText('Revoke a token').first().waitFor();
    await page.getByText('Make the first account').first().waitFor();
    await page.getByText('command line').first().waitFor();
    await expectAccessible(page);
  });

  test('ten wrong passwords are enough', async () => {
    const { page } = await open();
    const nobody = `nobody-${++people}@example.org`;
    await page.goto('/');
    for (let i = 0; i < 10; i++) {
      await signIn(page, nobody, `wrong password ${i}`);
      await page.getByRole('button', { name: 'Sign in' }).and(page.locator(':enabled')).waitFor();
    }
    await page.getByText('Too many wrong attempts from here.').waitFor();
    await page.getByText('Wait 15 minutes').waitFor();
    await expectAccessible(page);
  });
});
