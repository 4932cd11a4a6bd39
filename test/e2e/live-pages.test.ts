/** The pages of the live monitor in a real browser, on the real product: without a network, and on one. */
import { afterAll, expect, test } from 'vitest';
import { createLab, type Lab, noLab, SCAN } from '../lab/lab.ts';
import { describeWith } from '../needs.ts';
import { expectAccessible, missingBrowser } from './browser.ts';
import { heading, onProduct } from './on-product.ts';
import { startProduct } from './product.ts';

describeWith(missingBrowser, 'pages while nothing is watched', () => {
  const at = onProduct(() => startProduct());

  test('home and live say how to start, with the command', async () => {
    const { page } = at;
    await page.goto('/');
    await heading(page).getByText('Nothing is being watched.').waitFor();
    await page.getByRole('heading', { name: 'Watch your network' }).waitFor();
    expect(await page.getByLabel('Interface', { exact: true }).locator('option').allTextContents()).toContainEqual(
      expect.stringMatching(/^lo\b/),
    );
    await page.getByText('With the command line').click();
    // As it works from any folder: the program by its path where the shell does not know it.
    await page.getByText(/guardian\S* doctor --interface \S+\s+\S.*guardian\S* serve --interface/).waitFor();
    await expectAccessible(page);
    await page.goto('/live');
    await page.getByRole('button', { name: 'Start watching' }).waitFor();
    await expectAccessible(page);
  });

  test('lists say what will appear, and when', async () => {
    const { page } = at;
    for (const [address, text] of [
      ['/devices', 'within five seconds of its first packet'],
      ['/alerts', 'No alert can come'],
      ['/alerts?status=all', 'as soon as it is raised'],
      ['/mutes', 'add to this list'],
    ]) {
      await page.goto(address);
      await page.getByText(text).waitFor();
      await expectAccessible(page);
    }
  });

  test.each([1280, 390])('nothing looks guarded that nobody guards (%d pixels)', async (width) => {
    const { page } = at;
    await page.setViewportSize({ width, height: 844 });
    await page.goto('/alerts');
    await page.getByText('Nothing is being watched').waitFor();
    expect(await page.getByText('Nothing needs your attention').count()).toBe(0);
    await page.goto('/system');
    await page.locator('.page-lead').getByText('Nothing is being watched').waitFor();
    expect(await page.locator('.page-lead .verdict-fine').count()).toBe(0);
    await expectAccessible(page);
  });

  test('what is unknown leads back', async () => {
    const { page } = at;
    await page.goto('/devices/02:00:00:00:00:99');
    await page.getByRole('heading', { name: 'There is no device 02:00:00:00:00:99' }).waitFor();
    await page.getByRole('link', { name: 'list of devices' }).click();
    await page.waitForURL('**/devices');
    await page.goto('/alerts/4711');
    await page.getByRole('heading', { name: 'There is no alert 4711' }).waitFor();
  });
});

const missing = missingBrowser ?? noLab;
describeWith(missing, 'pages while the loopback is watched', () => {
  const at = onProduct(() => startProduct());

  test('watching starts, counts every packet, stops, and starts again by undo', async () => {
    const { page } = at;
    await page.goto('/live');
    await page.getByLabel('Interface', { exact: true }).selectOption('lo');
    await page.getByRole('button', { name: 'Start watching' }).click();
    await page.locator('.state', { hasText: /Learning|Watching/ }).waitFor();
    await page.getByRole('progressbar', { name: 'Learning what is ordinary' }).waitFor();
    // What this page asks the server for goes over the loopback.
    await page.locator('.stat', { hasText: /Now\s*[1-9][\d,.]* packets/ }).waitFor();
    await page.getByText('Every packet accounted for').click();
    const account = async () => {
      const equation = await page.locator('.equation').textContent();
      return equation!.match(/[\d,]+/g)!.map((count) => Number(count.replaceAll(',', '')));
    };
    // The monitor settles its account every ten seconds.
    await expect.poll(async () => (await account())[0], { timeout: 20_000 }).toBeGreaterThan(0);
    const [offered, ...parts] = await account();
    expect(parts.reduce((all, count) => all + count)).toBe(offered);
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Stop watching' }).click();
    await page.getByText('Nothing is watched any more.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Stop watching' }).waitFor();
  });
});

describeWith(missing, 'pages of a network', () => {
  let lab: Lab;
  const at = onProduct(() => {
    lab = createLab();
    return startProduct(undefined, { GUARDIAN_MONITOR_LEARN_HOURS: '0' }, ['--interface', lab.interface]);
  });
  afterAll(() => lab.remove());

  test('a device and its scan appear while the page is open', async () => {
    const { page } = at;
    await page.goto('/devices');
    // Its interface may have asked for IPv6 routers by itself: then it is there already, without its address.
    await page.locator('.device-list tr').or(page.getByText('No device seen yet')).first().waitFor();
    const row = page.locator('.device-list tr', { hasText: lab.inside });
    expect(await row.count()).toBe(0);
    const scanned = lab.run(process.execPath, '-e', SCAN, lab.address, '300');
    // What scans has to start first.
    await row.waitFor({ timeout: 15_000 });
    await row.getByText(/High|Critical/).waitFor();
    await page.getByRole('link', { name: 'Alerts 1 open' }).click();
    await page.locator('.alert-card', { hasText: lab.inside }).waitFor();
    await scanned;
  });

  test('a link that goes down is told at once, with what to do, and forgotten when it is back', async () => {
    const { page } = at;
    await page.goto('/');
    await page.locator('.state', { hasText: 'Watching' }).waitFor();
    lab.ip('link', 'set', lab.interface, 'down');
    await page.getByText(new RegExp(`guardian\\S* doctor --interface ${lab.interface}`)).waitFor({ timeout: 5000 });
    await heading(page).getByText(`link of ${lab.interface} is down`).waitFor();
    await expectAccessible(page);
    await page.goto('/system');
    await page.getByText(new RegExp(`Degraded: .* \\(the link of ${lab.interface} is down\\)\\.`)).waitFor();
    await page.locator('.part .state', { hasText: /Degraded|Blind/ }).waitFor();
    await expectAccessible(page);
    lab.ip('link', 'set', lab.interface, 'up');
    await page.getByText('Operational: everything works.').waitFor();
    await page.goto('/');
    await page.locator('.state', { hasText: 'Watching' }).waitFor();
    await page.goto('/live');
    await page.getByText('Every packet accounted for').click();
    await page.locator('.panel-details tbody tr', { hasText: 'is down' }).waitFor();
  });
});
