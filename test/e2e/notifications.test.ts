/** The page of notifications in a real browser, with real receivers behind the channels. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCertificate } from '../conformance/notify/certificate.ts';
import { type HttpSink, startHttpSink } from '../conformance/notify/http-sink.ts';
import type { Sink } from '../conformance/notify/sink.ts';
import { type ReceivedMail, startSmtpSink } from '../conformance/notify/smtp-sink.ts';
import { describeWith } from '../needs.ts';
import { expectAccessible, missingBrowser, openView } from './browser.ts';
import { onProduct } from './on-product.ts';
import { startProduct, trafficCsv } from './product.ts';

const CANARY = 'canary-Zm9v+/secret';
const certificate = createCertificate({ names: ['localhost'] });

describeWith(missingBrowser, 'notifications', () => {
  const at = onProduct(() => startProduct(undefined, { MAIL_USER: '', GUARDIAN_LOG_LEVEL: 'trace' }));
  let http: HttpSink;
  let smtp: Sink<ReceivedMail>;
  let page: Page;

  beforeAll(async () => {
    [http, smtp] = await Promise.all([
      startHttpSink('ok'),
      startSmtpSink({ behaviour: 'ok', security: 'ssl', certificate, login: `me@example.org:${CANARY}` }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([http?.close(), smtp?.close()]);
  });
  beforeEach(async () => {
    page = at.page;
    await page.goto('/notifications');
    await page.getByRole('heading', { name: 'Channels' }).waitFor();
  });

  const card = (name: string): Locator => page.locator('.channel').filter({ has: page.getByRole('heading', { name }) });
  const log = (): Promise<string[]> => page.locator('.delivery').allTextContents();

  test('says what will appear while nothing is set up', async () => {
    await page.getByText('Nobody is told when something is wrong.').waitFor();
    await page.getByText('Nobody is told yet').waitFor();
    await page.getByText('everything from Medium up goes to every channel at once').waitFor();
    await page.getByText('Nothing was sent yet').waitFor();
    await expectAccessible(page);
  });

  test('e-mail is set up, tested, and gets the alerts of an upload', async () => {
    await page.getByRole('button', { name: 'Add a channel' }).click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('new-channel-kind');
    await page.getByLabel('Name', { exact: true }).fill('Mail');
    await page.getByLabel('Recipients').fill('family@example.org\nnobody');
    await page.getByLabel('User').fill('me@example.org');
    await page.getByLabel('Password').fill(CANARY);
    await page.getByText('More settings').click();
    await page.getByLabel('Server').fill('localhost');
    await page.getByLabel('Port').fill(String(smtp.port));
    await page.getByLabel('Certificate').fill(certificate.cert);
    await page.getByRole('button', { name: 'Add it' }).click();

    const problem = page.locator('.field-problem');
    expect(await problem.textContent()).toBe('Recipients, line 2, is not one plain e-mail address.');
    const recipients = page.getByLabel('Recipients');
    await expect.poll(() => recipients.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await recipients.getAttribute('aria-describedby')).toContain(await problem.getAttribute('id'));
    await expectAccessible(page);
    await recipients.fill('family@example.org');
    await page.getByRole('button', { name: 'Add it' }).click();

    await card('Mail').getByText('Not used yet').waitFor();
    await page.getByRole('button', { name: 'Send a test message to Mail' }).click();
    await card('Mail').getByText('The test message was accepted in').waitFor();
    expect(smtp.received[0]).toMatchObject({ to: ['family@example.org'], encrypted: true });
    await card('Mail').getByText('Works, last message just now.').waitFor();

    const form = new FormData();
    form.set('file', new Blob([trafficCsv()]), 'traffic.csv');
    await fetch(`${at.product.url}/upload`, { method: 'POST', body: form });
    await page.locator('.delivery').getByText('Alert: Anomalies Detected!').first().waitFor();
    await page.locator('.delivery').getByText('Delivered').first().waitFor();
    expect(smtp.received.length).toBeGreaterThan(1);
    // What was found in a file is not taken for the network of now, and leads to its page.
    const mails = () => smtp.received.map(({ data }) => data.replaceAll(/=\r?\n/g, '')).join('\n');
    await expect.poll(mails).toContain('Found in the uploaded file "traffic.csv", not in the traffic of now.');
    expect(mails()).toMatch(new RegExp(`Read more: ${at.product.url}/scans/\\d+`));
    await expectAccessible(page);
  });

  test('a machine of the own network is refused until it is named', async () => {
    await page.getByRole('button', { name: 'Add a channel' }).click();
    await page.getByLabel('Kind').selectOption({ label: 'Webhook' });
    await page.getByLabel('Name', { exact: true }).fill('Script');
    await page.getByLabel('Address').fill(`http://127.0.0.1:${http.port}/hook`);
    await page.getByLabel('Token').fill(CANARY);
    await page.getByRole('button', { name: 'Add it' }).click();
    const send = page.getByRole('button', { name: 'Send a test message to Script' });
    await send.click();
    await card('Script').getByText('it is in a private network').waitFor();
    expect(http.received).toEqual([]);
    await expectAccessible(page);
    await card('Script')
      .getByRole('button', { name: `Allow this address: 127.0.0.1:${http.port}` })
      .click();
    await card('Script')
      .getByText(/The test message was accepted|Works, last message/)
      .waitFor();
    await page.getByText(`127.0.0.1:${http.port} is allowed.`).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back.').waitFor();
    await send.click();
    await card('Script').getByText('it is in a private network').waitFor();

    await page.getByText('Own network, clock and storms').click();
    await page.getByLabel('Machines of your own network').fill(`127.0.0.1:${http.port}\nhttp://x`);
    await page.getByRole('button', { name: 'Keep the options' }).click();
    await page.getByText('Machines, line 2, is not an address, a network or a name').waitFor();
    await page.getByLabel('Machines of your own network').fill(`127.0.0.1:${http.port}`);
    await page.getByRole('button', { name: 'Keep the options' }).click();
    await page.getByText('Saved.', { exact: true }).waitFor();
    await send.click();
    await card('Script').getByText('The test message was accepted').waitFor();
    expect(http.received[0].headers.authorization).toBe(`Bearer ${CANARY}`);
  });

  test('a secret stays when a channel is changed, and does not follow to another address', async () => {
    await page.getByRole('button', { name: 'Change Script' }).click();
    expect(await page.getByLabel('Token').inputValue()).toBe('');
    expect(await page.getByLabel('Token').getAttribute('placeholder')).toBe('Set, and kept as it is');
    await page.getByLabel('Signing secret').fill('another-secret');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('“Script” is changed.').waitFor();
    await card('Script').getByText('Not used yet').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Change Script');
    await page.getByRole('button', { name: 'Send a test message to Script' }).click();
    await card('Script').getByText('The test message was accepted').waitFor();
    expect(http.received.at(-1)!.headers).toMatchObject({
      authorization: `Bearer ${CANARY}`,
      'webhook-signature': expect.stringMatching(/^v1,/),
    });

    await page.getByRole('button', { name: 'Change Script' }).click();
    await page.getByLabel('Address').fill('https://elsewhere.example/');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Signing secret the receiver is another: enter it again.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  test('a rule is written, read as a sentence, and taken back', async () => {
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Nights');
    await page.getByLabel('Least severe alert that is told').selectOption('High');
    await page.getByRole('checkbox', { name: 'Script', exact: true }).first().check();
    await page.getByLabel('When', { exact: true }).selectOption({ label: 'At once, with quiet hours' });
    await page.getByLabel('Until').fill('22:00');
    await page.getByRole('button', { name: 'Keep the rule' }).click();
    await page.getByText('Quiet hours need an end that is not their beginning.').waitFor();
    await page.getByLabel('Until').fill('06:30');
    await page.getByText('When nobody reacts').click();
    await page.getByRole('button', { name: 'Add a step' }).click();
    await page.getByRole('button', { name: 'Keep the rule' }).click();
    await page
      .getByText(
        'Everything from High up, to Script, at once; from 22:00 to 06:30 it waits until the end. ' +
          'After 15 minutes without a reaction every channel as well.',
      )
      .waitFor();
    await page.getByRole('button', { name: 'Remove Script' }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('The rule "Nights" names the channel "Script".').waitFor();
    await page.getByRole('button', { name: 'Remove the rule Nights' }).click();
    await page.getByText('“Nights” is removed.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name: 'Nights' }).waitFor();
    await page.getByRole('button', { name: 'Remove the rule Nights' }).click();
    await page.getByText('everything from Medium up goes to every channel at once').waitFor();
  });

  test('text that looks like markup stays text (E8)', async () => {
    const hostile = `<img src=x onerror=alert(1)>{{constructor}}`;
    const put = (rules: object[]) =>
      fetch(`${at.product.url}/api/v1/notifications/rules`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ rules }),
      });
    expect((await put([{ name: hostile, devices: [hostile, '\u202egnp.exe'] }])).status).toBe(204);
    await page.reload();
    await page.getByRole('heading', { name: hostile }).waitFor();
    await page.getByText(`Everything from Medium up of ${hostile} and`).waitFor();
    await page.getByRole('button', { name: `Change the rule ${hostile}` }).click();
    expect(await page.getByLabel('Devices (none for all)').inputValue()).toContain(hostile);
    expect(await page.locator('img').count()).toBe(0);
    await expectAccessible(page);
    expect((await put([])).status).toBe(204);
  });

  test('a channel that fails says so, and a dead letter is sent again', async () => {
    http.become(400);
    await page.getByRole('button', { name: 'Send a test message to Script' }).click();
    await card('Script').getByText('it answered 400').waitFor();
    await page.getByText('1 channel of 2 takes no messages.').waitFor();
    expect(await card('Script').getByText('Works').count()).toBe(0);
    await page.reload();
    await card('Script')
      .getByText(/The last test message was not taken .*: .* refused the message: it answered 400\./)
      .waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Given up' }).click();
    await expect.poll(async () => (await log()).length).toBeGreaterThan(0);
    http.become('ok');
    const before = http.received.length;
    await page
      .getByRole('button', { name: /^Send again/ })
      .first()
      .click();
    await page.getByText('It is on its way again.').waitFor();
    await expect.poll(() => http.received.length).toBe(before + 1);

    http.become('busy');
    const form = new FormData();
    form.set('file', new Blob([trafficCsv()]), 'traffic.csv');
    await fetch(`${at.product.url}/upload`, { method: 'POST', body: form });
    await card('Script')
      .getByText(/Takes nothing since .* refused the message: it answered 500\./)
      .waitFor();
    await page.getByText('1 channel of 2 takes no messages.').waitFor();
    // What the bar on top half covers where the last click has scrolled to is no matter here.
    await page.evaluate(() => window.scrollTo(0, 0));
    await expectAccessible(page);
    await page.goto('/system');
    await page.getByText('Degraded: 1 channel of 2 takes no messages.').waitFor();
    await page.locator('.part', { hasText: 'Notifications' }).getByText('Failing').waitFor();
    await expectAccessible(page);
    await page.goto('/notifications');
    http.become('ok');
    // The test arrives, so what waits leaves as well.
    await page.getByRole('button', { name: 'Send a test message to Script' }).click();
    await card('Script').getByText('Works, last message just now.').waitFor();
  });

  test('the log says why a message was called off', async () => {
    const error = { code: 'replaced', message: 'It was replaced by a newer one.', hint: '' };
    await page.route('**/notifications/deliveries?*', async (route) => {
      const response = await route.fetch();
      const { deliveries, ...rest } = await response.json();
      const [first, second] = deliveries.map((one: object) => ({ ...one, status: 'cancelled', due: null, log: [] }));
      const replaced = { ...first, log: [{ ts: first.created, seconds: 0, error }] };
      await route.fulfill({ response, json: { ...rest, deliveries: [replaced, second] } });
    });
    await page.reload();
    await page.locator('.delivery').first().getByText('Replaced by a newer one').waitFor();
    await page.locator('.delivery').last().getByText('Called off: somebody has looked after it').waitFor();
    expect(await page.locator('.delivery-error').count()).toBe(0);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  test('switched off, a channel tells nobody; removed, it is gone', async () => {
    await page.getByRole('checkbox', { name: 'Script is switched on' }).click();
    await card('Script').getByText('Switched off: nobody is told here.').waitFor();
    expect(await page.getByRole('button', { name: 'Send a test message to Script' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Script is switched on' }).click();
    await card('Script').getByText('Works').waitFor();
    await page.getByRole('button', { name: 'Remove Script' }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('“Script” is removed.').waitFor();
    expect(await card('Script').count()).toBe(0);
  });

  describe.each([
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ])('at $width pixels', (viewport) => {
    test.each(['light', 'dark'] as const)('every form is accessible and fits (%s)', async (colorScheme) => {
      const sized = await openView(at.browser, at.product.url, { viewport, colorScheme });
      await sized.page.goto('/notifications');
      await sized.page.getByRole('button', { name: 'Change Mail' }).click();
      await sized.page.getByRole('button', { name: 'Add a channel' }).click();
      await sized.page.getByRole('button', { name: 'Add a rule' }).click();
      for (const kind of await sized.page.getByLabel('Kind').locator('option').allTextContents()) {
        await sized.page.getByLabel('Kind').selectOption({ label: kind });
      }
      for (const more of await sized.page.locator('.more-settings > summary').all()) await more.click();
      await sized.page.getByLabel('When', { exact: true }).selectOption({ label: 'Gathered in one message' });
      await expectAccessible(sized.page);
      await sized.page.getByLabel('When', { exact: true }).selectOption({ label: 'At once, with quiet hours' });
      await expectAccessible(sized.page);
      sized.expectClean();
      await sized.close();
    });
  });

  test('secrets are nowhere but at their receivers: no answer, page, log or file has them (E16)', async () => {
    const answers = await Promise.all(
      ['/api/v1/notifications', '/api/v1/notifications/deliveries', '/api/v1/openapi.json', '/status'].map(
        async (place) => (await fetch(at.product.url + place)).text(),
      ),
    );
    const files = readdirSync(at.product.directory, { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(at.product.directory, name))
      .filter((file) => statSync(file).isFile());
    const kept = files.map((file) => readFileSync(file, 'latin1'));
    const everywhere = [...answers, ...kept, await page.content(), at.product.errors()].join('\n');
    for (const form of [CANARY, encodeURIComponent(CANARY), Buffer.from(CANARY).toString('base64')]) {
      expect(everywhere).not.toContain(form);
    }
    expect(everywhere).toContain('family@example.org');
    expect(at.product.errors()).toContain('/api/v1/notifications');
    expect(files.map((file) => path.basename(file))).toEqual(expect.arrayContaining(['secret.key', 'guardian.db']));
    expect(files.filter((file) => (statSync(file).mode & 0o077) !== 0)).toEqual([]);
  });
});
