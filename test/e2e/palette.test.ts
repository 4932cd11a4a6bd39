/** Going anywhere by the keyboard, in a real browser on the demo of the real product. */
import { expect, test } from 'vitest';
import { describeWith } from '../needs.ts';
import { expectAccessible, missingBrowser } from './browser.ts';
import { heading, onProduct } from './on-product.ts';
import { startProduct } from './product.ts';

describeWith(missingBrowser, 'keys of the dashboard', () => {
  const at = onProduct(() => startProduct(undefined, {}, ['--demo']));

  test.each([1280, 390])('Ctrl-K finds a device, a page and a setting (%d pixels)', async (width) => {
    const { page } = at;
    await page.setViewportSize({ width, height: 844 });
    await page.goto('/devices');
    await page.locator('.device-list').getByRole('link', { name: 'RLC-410W' }).waitFor({ timeout: 120_000 });
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Go to' });
    await palette.getByText('Home', { exact: true }).waitFor();
    await page.keyboard.type('rlc camera');
    await palette.locator('.palette-name').getByText('RLC-410W', { exact: true }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await heading(page).getByText('RLC-410W').waitFor();
    await page.getByRole('button', { name: 'Go to a device, an alert, a page or a setting' }).click();
    await page.keyboard.type('webhook');
    await palette.getByText('Notifications', { exact: true }).click();
    await page.waitForURL('**/notifications');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('no such thing');
    await palette.getByText('Nothing fits.').waitFor();
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
  });

  test('? lists the keys, and single letters can be turned off', async () => {
    const { page } = at;
    await page.goto('/devices');
    await heading(page).getByText('Devices').waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await help.getByText('Next and previous alert of a list').waitFor();
    await expectAccessible(page);
    await help.getByLabel('Single letters are keys').setChecked(false);
    await help.getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('?');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Go to' }).waitFor();
    expect(await help.count()).toBe(0);
    // What is written is no key.
    await page.keyboard.type('?j');
    expect(await page.getByRole('dialog').getByRole('combobox').inputValue()).toBe('?j');
  });
});
