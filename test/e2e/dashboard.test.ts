/** The frame around the pages in a real browser on the real product: addresses, keyboard, colours, sizes. */
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { describeWith } from '../needs.ts';
import { expectAccessible, missingBrowser, openView } from './browser.ts';
import { onProduct } from './on-product.ts';
import { startProduct } from './product.ts';
import { scan, traffic } from './scanning.ts';

describeWith(missingBrowser, 'dashboard', () => {
  const at = onProduct(() => startProduct());
  let page: Page;
  beforeEach(() => {
    page = at.page;
  });

  test('says what will appear while there is nothing yet', async () => {
    await page.goto('/');
    await page.getByText('The result of your first file appears here').waitFor();
    await expectAccessible(page);
    await page.goto('/scans');
    await page.getByText('Nothing scanned yet').waitFor();
    await expectAccessible(page);
  });

  test('the system view shows what /status says', async () => {
    const status = await (await fetch(`${at.product.url}/status`)).json();
    await page.goto('/system');
    // Nobody keeps watch: that is not said in green, and not behind "everything works".
    const lead = page.locator('.page-lead');
    await lead.getByText('Nothing is being watched: Guardian reports nothing of your network.').waitFor();
    expect(await lead.locator('.verdict-fine').count()).toBe(0);
    await page.getByText(`${status.total_scans} scans kept`).waitFor();
    await page.getByText(`Threshold ${status.threshold.toFixed(6)}`).waitFor();
    await page.getByText('16 MiB').waitFor();
  });

  test('unknown addresses lead back', async () => {
    await page.goto('/scans/999999');
    await page.getByRole('heading', { name: 'There is no scan 999999' }).waitFor();
    const response = await page.goto('/nothing');
    expect(response?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await expectAccessible(page);
    await page.locator('main').getByRole('link', { name: 'Home' }).click();
    await page.waitForURL(/:\d+\/$/);
  });

  test('the first view takes at most 200 kB of compressed script and style', async () => {
    const sizes: Promise<number>[] = [];
    page.on('requestfinished', (request) => {
      if (!['script', 'stylesheet'].includes(request.resourceType())) return;
      sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await page.goto('/');
    await page.getByText('Drop files here').waitFor();
    const all = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(all).toBeGreaterThan(50_000);
    expect(all).toBeLessThan(200_000);
  });

  test('everything can be done from the keyboard', async () => {
    // Asked for early: the browser must know that it is awaited before a key opens it.
    const chooser = page.waitForEvent('filechooser');
    await page.goto('/');
    await page.getByText('Drop files here').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    // What is said of the network comes first, and may offer something.
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    for (let i = 0; i < 10 && (await focused()) !== 'Choose files'; i++) await page.keyboard.press('Tab');
    expect(await focused()).toBe('Choose files');
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(traffic);
    await page.waitForURL(/\/scans\/\d+$/);
    await page.locator('.findings').waitFor();
    // The new view's heading has the focus: the next key presses continue from there.
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    const seen: string[] = [];
    for (let i = 0; i < 40 && !seen.includes('Sequence ID'); i++) {
      await page.keyboard.press('Tab');
      seen.push(await page.evaluate(() => document.activeElement?.textContent?.trim() ?? ''));
    }
    expect(seen.slice(0, 2)).toEqual(['Export JSON', 'Scan another file']);
    await page.keyboard.press('Enter');
    expect(await page.locator('th[aria-sort="ascending"]').textContent()).toContain('Sequence ID');
  });

  test('colours follow the system until the owner chooses, and remember it', async () => {
    const theme = () => page.evaluate(() => document.documentElement.dataset.bsTheme);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto('/');
    expect(await theme()).toBe('dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(theme).toBe('light');
    await page.getByRole('button', { name: 'Switch to dark colours' }).click();
    expect(await theme()).toBe('dark');
    await page.reload();
    expect(await theme()).toBe('dark');
    await page.getByRole('button', { name: 'Switch to light colours' }).click();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(theme).toBe('dark');
  });

  describe.each([
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ])('at $width pixels', (viewport) => {
    test.each(['light', 'dark'] as const)('every view is accessible and fits (%s)', async (colorScheme) => {
      const sized = await openView(at.browser, at.product.url, { viewport, colorScheme });
      await scan(sized.page);
      await sized.page.locator('.alert-item summary').first().click();
      await expectAccessible(sized.page);
      for (const [address, text] of [
        ['/', 'View history'],
        ['/scans', 'home-traffic.csv'],
        ['/system', 'Nothing is being watched'],
      ]) {
        await sized.page.goto(address);
        await sized.page.getByText(text).first().waitFor();
        await expectAccessible(sized.page);
      }
      sized.expectClean();
      await sized.close();
    });
  });

  test('on a phone the places are at the thumb, and a card leads to its scan', async () => {
    const phone = await openView(at.browser, at.product.url, { viewport: { width: 390, height: 844 }, hasTouch: true });
    await scan(phone.page);
    const places = await phone.page.getByRole('navigation', { name: 'Main' }).boundingBox();
    expect(places!.y).toBeGreaterThan(700);
    await phone.page.getByRole('button', { name: 'More' }).tap();
    await phone.page.getByRole('link', { name: 'History' }).tap();
    await phone.page.locator('.scan-list tbody tr').first().locator('.file-cell').tap({ force: true });
    await phone.page.waitForURL(/\/scans\/\d+$/);
    await phone.page.getByLabel('Order of the anomalies').selectOption({ label: 'In file order' });
    phone.expectClean();
    await phone.close();
  });
});
