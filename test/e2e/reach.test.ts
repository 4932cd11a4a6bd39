/** The pages for other devices and for scripts, over HTTPS, on a phone and on a desk. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, launchBrowser, missingBrowser, openView, type View } from './browser.ts';
import { guardianBeside, makeDirectory, type Product, removeDirectory, startProduct } from './product.ts';

const sizes = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];
const PASSWORD = 'four ducks on a pond';

describe.skipIf(missingBrowser !== null).each(sizes)('other devices at $width pixels', (viewport) => {
  let product: Product;
  let browser: Awaited<ReturnType<typeof launchBrowser>>;
  let view: View;
  const directory = makeDirectory();

  beforeAll(async () => {
    const added = await guardianBeside(['user', 'add', 'ada@example.org', '--data', directory], `${PASSWORD}\n`);
    expect(added.code, added.out).toBe(0);
    [browser, product] = await Promise.all([
      launchBrowser(),
      startProduct(directory, { GUARDIAN_SERVER_HTTPS: 'on' }, ['--auth']),
    ]);
    // A phone before it trusts the authority: its owner has passed the warning once.
    view = await openView(browser, product.url, { viewport, ignoreHTTPSErrors: true });
  });
  afterAll(async () => {
    view?.expectClean();
    await Promise.all([browser?.close(), product?.stop()]);
    removeDirectory(directory);
  });

  test('the certificate is there for whoever cannot sign in yet, with its fingerprint and the steps', async () => {
    const { page } = view;
    expect(product.url).toMatch(/^https:/);
    await page.goto('/trust');
    const { raw, fingerprint256 } = new X509Certificate(readFileSync(path.join(directory, 'tls/authority.crt')));
    await page.getByText(fingerprint256).waitFor();
    await expectAccessible(page);
    for (const system of ['iPhone and iPad', 'Android', 'Windows', 'macOS', 'Linux']) {
      await page.getByText(system, { exact: true }).waitFor();
    }
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download the certificate' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('home-iot-guardian.crt');
    expect(new X509Certificate(readFileSync(await download.path())).raw).toEqual(raw);
  });

  test('once signed in, the system page leads there; the API is there to read, from this host alone', async () => {
    const { page } = view;
    await page.goto('/system');
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Open it on other devices' }).click();
    await page.getByText('guardian serve --host 0.0.0.0').waitFor();
    await expectAccessible(page);

    const foreign: string[] = [];
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== 'data:' && origin !== product.url) foreign.push(request.url());
    });
    await page.goto('/api/docs');
    await page.getByText('Analyse a capture or a flow log').first().waitFor();
    expect(foreign).toEqual([]);
  });
});
