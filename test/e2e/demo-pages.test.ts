/** The pages of the live monitor in a real browser, on the demo of the real product. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { describeWith } from '../needs.ts';
import { expectAccessible, missingBrowser, openView } from './browser.ts';
import { heading, onProduct } from './on-product.ts';
import { startProduct } from './product.ts';

describeWith(missingBrowser, 'pages of the demo', () => {
  const at = onProduct(() => startProduct(undefined, {}, ['--demo']));
  const CAMERA = 'RLC-410W';
  const SCANNING = /tried .*[\d,]+ addresses/;

  async function openDevice(page: Page, name: string): Promise<void> {
    await page.goto(`/devices?q=${name}`);
    await page.locator('.device-list').getByRole('link', { name }).click();
    await page.waitForURL(/\/devices\/[\da-f:]{17}$/);
    await heading(page).getByText(name).waitFor();
  }

  test('devices appear by themselves, and the list finds, chooses and orders by its address', async () => {
    const { page } = at;
    await page.goto('/devices');
    await page.getByText('a simulated home that is being attacked').waitFor();
    const rows = page.locator('.device-list tbody tr');
    await expect.poll(() => rows.count(), { timeout: 40_000 }).toBeGreaterThanOrEqual(10);
    await page.getByLabel('Find a device').fill('reolink camera');
    await expect.poll(() => rows.count()).toBe(1);
    expect(await rows.first().textContent()).toMatch(/RLC-410W.*camera, Reolink/);
    await page.getByLabel('Order of the devices').selectOption({ label: 'By name' });
    expect(new URL(page.url()).search).toBe('?q=reolink+camera&sort=name');
    await page.reload();
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByLabel('Find a device').fill('no such thing');
    await page.getByText('No matching device').waitFor();
  });

  test('a device says what it is and why; its name and its switch change at once and back', async () => {
    const { page } = at;
    await openDevice(page, CAMERA);
    await page.getByText('A camera; Guardian is very sure').waitFor();
    await page.getByText('the maker mostly makes cameras').waitFor();
    await page.getByText('p2p.reolink.com').first().waitFor();

    await page.getByRole('button', { name: 'Rename' }).click();
    await page.keyboard.type('Never mind');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.keyboard.type('Hall camera');
    await page.keyboard.press('Enter');
    await heading(page).getByText('Hall camera').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await heading(page).getByText(CAMERA).waitFor();

    const monitored = page.getByLabel('Monitor this device');
    await monitored.setChecked(false);
    await page.getByText(/^You get no alerts about RLC-410W any more\./).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back.').waitFor();
    await expect.poll(() => monitored.isChecked()).toBe(true);
    for (const wanted of [false, true]) {
      const answer = page.waitForResponse((response) => response.request().method() === 'PATCH');
      await monitored.setChecked(wanted);
      await answer;
      await page.reload();
      await expect.poll(() => monitored.isChecked()).toBe(wanted);
    }
  });

  test('an alert comes by itself, and is counted beside its place', async () => {
    const { page } = at;
    await page.goto('/alerts');
    const link = page.locator('.alert-card').getByRole('link', { name: SCANNING });
    await link.waitFor({ timeout: 240_000 });
    await page.getByRole('link', { name: /Alerts \d+ open/ }).waitFor();
    await page.goto('/');
    await heading(page)
      .getByText(/needs? attention\.$/)
      .waitFor();
    await page.getByRole('heading', { name: 'Needs attention', exact: true }).waitFor();
    // The devices by state, and what can be seen of them from here.
    await page
      .locator('.device-groups')
      .getByRole('link', { name: /^\d+ online$/ })
      .waitFor();
    await page.locator('.device-groups li', { hasText: 'at risk' }).getByRole('link', { name: CAMERA }).waitFor();
    await page.getByText('Everything in the simulated home is seen.').waitFor();
    await page.getByLabel('Main').getByRole('link', { name: 'Devices' }).click();
    await page
      .locator('tr', { hasText: CAMERA })
      .getByText(/High|Critical/)
      .waitFor();
  }, 300_000);

  test('home says what has changed since one last looked, and nothing on the first visit', async () => {
    const { page } = at;
    await page.goto('/');
    await page.locator('.device-groups').waitFor();
    const panel = page.getByRole('heading', { name: 'Since you last looked' });
    expect(await panel.count()).toBe(0);
    // The past of the demo is some hours old.
    const looked = (hours: number) =>
      page.evaluate((h) => localStorage.setItem('last-look', `${Math.round(Date.now() / 1000) - 3600 * h} 0`), hours);
    await looked(12);
    await page.reload();
    await panel.waitFor();
    await page.locator('.changes').getByText('New on your network:').first().waitFor();
    await looked(1);
    await page.reload();
    await panel.waitFor();
    await page.locator('.device-groups').waitFor();
    await expect.poll(() => page.getByText('New on your network:').count()).toBe(0);
  });

  async function openAlert(page: Page): Promise<void> {
    await page.goto('/alerts?status=all');
    await page.locator('.alert-card a', { hasText: SCANNING }).click();
    await page.getByRole('heading', { name: 'What to do' }).waitFor();
  }

  test('an alert says what it may mean, what to do, and what it rests on', async () => {
    const { page } = at;
    await openAlert(page);
    expect(await heading(page).textContent()).toMatch(/^(High|Critical) RLC-410W tried telnet /);
    expect(await page.locator('.steps li').count()).toBeGreaterThanOrEqual(1);
    await page
      .locator('.page-lead')
      .getByText(/^192\.168\.1\.\d+$/)
      .waitFor();
    const evidence = page.locator('.facts');
    await evidence.getByText('Different addresses').waitFor();
    // The chart shows what the sentence speaks of, above what is usual.
    const chart = page.getByRole('img', { name: /^Addresses contacted per minute around the alert: .* 1 alert\.$/ });
    await chart.locator('canvas').waitFor();
    const label = (await chart.getAttribute('aria-label'))!;
    const [most, usual] = [/at most ([\d,]+)/, /Usual is .* to ([\d,.]+)/].map((number) =>
      Number(number.exec(label)?.[1].replaceAll(',', '')),
    );
    expect(most).toBeGreaterThan(usual);
    // Services by name, in the table as in the sentence; devices by name, their addresses below.
    await page.locator('.connections').getByText('telnet (port 23)').first().waitFor();
    await page
      .locator('.connections')
      .getByText(/RLC-410W/)
      .first()
      .waitFor();
    // One count for the page.
    const told = /, ([\d,]+) connections? in all/.exec((await page.locator('.timeline').textContent())!)![1];
    expect(await page.locator('.connections').locator('xpath=ancestor::section').textContent()).toContain(
      `${told} connection`,
    );
    // In words: no name of a variable.
    expect((await evidence.locator('dt').allTextContents()).filter((name) => /_|^[a-z]/.test(name))).toEqual([]);
    await page.locator('.connections').getByText('no answer').first().waitFor();
    await page.locator('.timeline').getByText('Raised').waitFor();
    await page.getByText('Why was, or wasn’t, I told?').click();
    await page.locator('.decisions li, .empty').first().waitFor();
  });

  test('an alert’s page asks for its data once, and each amount of it has one unit system', async () => {
    const { page } = at;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto('/alerts?status=all');
    await page.locator('.alert-card a', { hasText: SCANNING }).click();
    await page.getByRole('img', { name: /around the alert/ }).waitFor();
    expect(asked.filter((path) => /^\/api\/v1\/alerts\/\d+$/.test(path))).toHaveLength(1);
    expect(await page.locator('main').textContent()).not.toMatch(
      /\b[KMG]iB\b|acquaintance|Noticed by (exfiltration|scan)/,
    );
  });

  test('the owner’s word takes effect at once, says what it did, and can be taken back', async () => {
    const { page } = at;
    await openAlert(page);
    const status = page.locator('.page-lead');
    await page.getByRole('button', { name: 'I’m on it' }).click();
    await status.getByText('In progress').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await status.getByText('Open', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'This is expected' }).click();
    const dialog = page.getByRole('dialog');
    // Scope, duration and what it would have hidden are there before anything is saved.
    await dialog.getByText(/^“Scanning” by .*RLC-410W.*, whatever address it has\.$/).waitFor();
    await dialog.getByText(/^This would have hidden [1-9]\d* alerts? of the last 30 days\.$/).waitFor();
    await dialog.getByText(/becomes worse than (High|Critical), or goes more than 4 times as far as now/).waitFor();
    await page.keyboard.press('Escape');
    await status.getByText('Open', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'This is expected' }).click();
    await dialog.getByLabel('for a day').check();
    await dialog.getByRole('button', { name: 'Expect it' }).click();
    await page.getByText('you will not be told of this again').waitFor();
    await page.goto('/mutes');
    await page.getByText(/^You called it expected, until /).waitFor();
    await page.getByRole('button', { name: 'Tell me again' }).click();
    await page.getByText('Nothing is hidden').waitFor();
    await openAlert(page);
    await page.getByRole('button', { name: 'This is expected' }).click();
    await dialog.getByRole('button', { name: 'Expect it' }).click();
    await page.getByText('you will not be told of this again').waitFor();
    await status.getByText('Expected').waitFor();
    await page.goto('/mutes');
    await page.getByText('You called it expected, for good').waitFor();
    await page.getByRole('button', { name: 'Tell me again' }).click();
    await page.getByText('Nothing is hidden').waitFor();
    await page.getByText('It is told again.').waitFor();

    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('You called it expected, for good').waitFor();
    await page.getByRole('button', { name: 'Tell me again' }).click();
    await page.getByText('Nothing is hidden').waitFor();

    await openAlert(page);
    await status.getByText('Open', { exact: true }).waitFor();
    await page.getByText('Do not tell me of such alerts').click();
    await page.getByText(/^This would have hidden [1-9]\d* alerts? of the last 30 days\.$/).waitFor();
    await page.getByLabel('for a day').check();
    await page.getByRole('button', { name: 'Hide them' }).click();
    await page.getByText('Hidden for a day: “Scanning” of').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back.').waitFor();
    await page.goto('/mutes');
    await page.getByText('Nothing is hidden').waitFor();
  });

  test('an alert is found, read and taken on from the keyboard', async () => {
    const { page } = at;
    await page.goto('/');
    const card = page.locator('.alert-card a').first();
    await card.waitFor();
    const focused = () =>
      page.evaluate(() => document.querySelector(':is(a, button, summary, h1):focus')?.textContent?.trim() ?? '');
    const tabTo = async (wanted: RegExp) => {
      for (let i = 0; i < 30 && !wanted.test(await focused()); i++) await page.keyboard.press('Tab');
      expect(await focused()).toMatch(wanted);
    };
    await tabTo(SCANNING);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/alerts\/\d+$/);
    // The next key presses continue from the alert's sentence.
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await tabTo(/^I’m on it$/);
    await page.keyboard.press('Enter');
    await page.locator('.page-lead').getByText('In progress').waitFor();
    await tabTo(/^Undo$/);
    await page.keyboard.press('Enter');
    await page.locator('.page-lead').getByText('Open', { exact: true }).waitFor();
  });

  test('what a device talked to is found by its end, and the way there is part of the address', async () => {
    const { page } = at;
    await openDevice(page, CAMERA);
    await page.getByRole('link', { name: 'What it talked to, and when' }).click();
    await heading(page).getByText('Connections of RLC-410W').waitFor();
    const rows = page.getByRole('region', { name: 'Connections found' }).locator('tbody tr');
    await expect.poll(() => rows.count(), { timeout: 30_000 }).toBeGreaterThan(3);
    await page.getByRole('button', { name: 'cloud-storage.reolink.com' }).click();
    await page.getByRole('button', { name: /^Other end: cloud-storage\.reolink\.com/ }).waitFor();
    await expect
      .poll(async () => (await rows.allTextContents()).every((row) => row.includes('reolink.com')))
      .toBe(true);
    expect(new URL(page.url()).searchParams.get('peer')).toBe('cloud-storage.reolink.com');
    await expectAccessible(page);
    await page.getByLabel('Find an other end').fill('nowhere.example');
    await page.keyboard.press('Enter');
    await page.getByText('No connection found').waitFor();
  });

  test('filters of alerts are part of the address', async () => {
    const { page } = at;
    await page.goto('/alerts?status=all&severity=Low');
    await page.getByText('No matching alert').waitFor();
    await page.getByLabel('Severity').selectOption('Every severity');
    await page.locator('.alert-card').first().waitFor();
    await page.getByRole('button', { name: 'Expected' }).click();
    expect(new URL(page.url()).search).toBe('?status=expected');
    await page.getByText('What you have called expected appears here').waitFor();
  });

  test('live shows packets and strangeness over time, in words too', async () => {
    const { page } = at;
    await page.goto('/live');
    const packets = page.getByRole('img', { name: /^Packets per second in the last 1 hour: now [\d.,]+ packets\/s/ });
    await packets.locator('canvas').waitFor();
    expect(await packets.getAttribute('aria-label')).toMatch(/Usual is .* [1-9]\d* alerts?\.$/);
    await page
      .getByRole('img', { name: /^Strangeness in the last 1 hour: now / })
      .locator('canvas')
      .waitFor();
    await page.getByRole('button', { name: '30 days' }).click();
    expect(new URL(page.url()).search).toBe('?range=30d');
    await page.getByRole('img', { name: /^Packets per second in the last 30 days/ }).waitFor();
    await page.getByRole('button', { name: 'Data', exact: true }).click();
    await page.getByRole('img', { name: /^Data per second in the last 30 days: now [\d.]+ k?B\/s/ }).waitFor();
    // Seconds arrive as they pass.
    const line = page.locator('.live-row').first().locator('polyline');
    const seconds = async () => (await line.getAttribute('points'))!.split(' ').length;
    await expect.poll(seconds, { timeout: 15_000 }).toBeGreaterThan(3);
  });

  describe.each([
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ])('at $width pixels', (viewport) => {
    test('an alert is read, hidden for a day and told again; its device is switched off and back', async () => {
      const { page } = at;
      await page.setViewportSize(viewport);
      await openAlert(page);
      const chart = page.getByRole('img', { name: /^Addresses contacted per minute around the alert: / });
      await chart.locator('canvas').waitFor();
      await page.locator('.facts').getByText('telnet (ports 23 and 2323)').waitFor();
      await page.locator('.connections').getByText('telnet (port 23)').first().waitFor();
      await page.getByRole('button', { name: 'This is expected' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(/^This would have hidden [1-9]\d* alerts? of the last 30 days\.$/).waitFor();
      await dialog.getByLabel('for a day').check();
      await dialog.getByRole('button', { name: 'Expect it' }).click();
      await page.getByText('you will not be told of this again').waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.locator('.page-lead').getByText('Open', { exact: true }).waitFor();

      await page.locator('.page-lead a').click();
      await page.getByRole('img', { name: /^Addresses contacted per minute in the last 1 hour: / }).waitFor();
      await page.getByText('First seen', { exact: true }).waitFor();
      await page.getByLabel('Monitor this device').setChecked(false);
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect.poll(() => page.getByLabel('Monitor this device').isChecked()).toBe(true);
    });

    test.each(['light', 'dark'] as const)('every view is accessible and fits (%s)', async (colorScheme) => {
      const { browser, product } = at;
      const { page, expectClean, close } = await openView(browser, product.url, { viewport, colorScheme });
      for (const [address, ready] of [
        ['/', '.alert-card'],
        ['/live?range=6h', '.live-row'],
        ['/devices', '.device-list'],
        ['/alerts', '.alert-card'],
        ['/mutes', '.empty'],
      ]) {
        await page.goto(address);
        await page.locator(ready).first().waitFor();
        await expectAccessible(page);
      }
      await openAlert(page);
      await page.getByText('Do not tell me of such alerts').click();
      await page.getByText('This would have hidden').waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'This is expected' }).click();
      await page.getByRole('dialog').getByText('This would have hidden').waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.locator('.page-lead a').click();
      await page.locator('.chart canvas').first().waitFor();
      await page.getByRole('button', { name: 'Forget this device' }).click();
      await expectAccessible(page);
      expectClean();
      await close();
    });
  });

  test('a hostile name stays text (E8)', async () => {
    const { page } = at;
    const name = `<img src=x onerror=alert(1)>{{7*7}}`;
    await openDevice(page, 'Roku');
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('Name of the device').fill(name);
    await page.keyboard.press('Enter');
    await heading(page).getByText(name).waitFor();
    for (const address of ['/devices', '/live', '/alerts']) {
      await page.goto(address);
      await page.getByText(name).first().waitFor({ state: 'attached' });
    }
    expect(await page.locator('img').count()).toBe(0);
  });

  test('forgetting a device asks for its name', async () => {
    const { page } = at;
    await openDevice(page, 'Galaxy');
    await page.getByRole('button', { name: 'Forget this device' }).click();
    const dialog = page.getByRole('dialog');
    const forget = dialog.getByRole('button', { name: 'Forget it' });
    expect(await forget.isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Forget this device' }).click();
    await dialog.getByRole('textbox').fill((await dialog.locator('strong').textContent())!);
    await forget.click();
    // While the hours before go by, the demo takes its time.
    await page.waitForURL('**/devices', { timeout: 40_000 });
    await page.getByText('is forgotten. It appears anew when it speaks.').waitFor();
  }, 60_000);

  test('a page that is no longer kept current says so, and is current again by itself', async () => {
    const { page, product } = at;
    await page.goto('/');
    await page.locator('.page-lead .state').waitFor();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Devices' }).click();
    await page.locator('.device-list').waitFor();
    await product.stop();
    await page.getByText('The connection to Guardian is lost.').waitFor();
    await expectAccessible(page);
    // Nothing stays green of which nobody knows how it is.
    for (const [place, sentence] of [
      ['Home', /Guardian has not answered since \d/],
      ['Live', /Live/],
    ] as const) {
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place, exact: true }).click();
      await heading(page).getByText(sentence).waitFor();
      await page.locator('.page-lead').getByText('Unknown').waitFor();
      expect(await page.locator('.page-head .verdict-fine').count()).toBe(0);
    }
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Devices' }).click();
    at.product = await startProduct(product.directory, {}, ['--demo', '--port', new URL(product.url).port]);
    await page.getByText('The connection to Guardian is lost.').waitFor({ state: 'hidden' });
    await page.locator('.device-list').waitFor();
    // What could not be asked for in between is no complaint.
    at.view.forgive(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/);
  });
});
