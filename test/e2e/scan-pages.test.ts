/** The pages of scans in a real browser on the real product. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { scanSchema } from '../../src/api/contract.ts';
import { parseAttack } from '../../src/simulator/options.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { writeCapture } from '../capture/write-capture.ts';
import { describeWith } from '../needs.ts';
import { expectAccessible, missingBrowser } from './browser.ts';
import { heading, onProduct } from './on-product.ts';
import { startProduct, trafficCsv } from './product.ts';
import { chooseFile, connLog, csv, scan, traffic } from './scanning.ts';

/** An attack that the published detector does not notice, ordinary traffic of which it says much, and a table. */
const captures: [name: string, content: () => string | Uint8Array, verdict: RegExp][] = [
  ['attack.pcap', () => simulated('scan'), /^(High|Critical) .* tried /],
  ['conn.log', connLog, /^No alert$/],
  ['table.csv', () => trafficCsv(), /^Critical /],
];

function simulated(attack: string): Uint8Array {
  const home = simulate({ devices: ['hub', 'camera', 'plug'], hours: 0.5, seed: 7, attacks: [parseAttack(attack)] });
  const frames = Array.from(home, ({ ts, data }) => ({ ts: ts / 1e6, bytes: Uint8Array.from(data) }));
  return writeCapture(frames).bytes;
}

describeWith(missingBrowser, 'pages of scans', () => {
  const at = onProduct(() => startProduct());
  let page: Page;
  beforeEach(() => {
    page = at.page;
  });

  test('a file goes in by the button, and its result has an address', async () => {
    await scan(page);
    const worst = page.locator('.alert-item summary').first();
    expect(await heading(page).locator('.severity').textContent()).toBe(await worst.locator('.severity').textContent());
    expect(await heading(page).textContent()).toContain(await worst.locator('.alert-sentence').textContent());
    await page
      .locator('.lead-verdict')
      .getByText(/^\d+ alerts?$/)
      .waitFor();
    await page.getByRole('heading', { name: 'Published detector: windows of ten connections' }).waitFor();
    await page.getByRole('heading', { name: 'Reconstruction error over time' }).waitFor();
    await page.getByText(/The strongest, rows \d+-\d+, has an error of [\d.,]+ times the threshold/).waitFor();

    const table = page.locator('.findings');
    expect((await table.locator('thead th').allTextContents()).map((text) => text.trim())).toEqual([
      'Sequence ID',
      'Reconstruction Error',
      'Threshold',
      'Severity',
      'Sample Data',
      'Rows',
    ]);
    const first = table.locator('tbody tr').first();
    await first.getByText('Critical').waitFor();
    expect(await first.locator('[data-name="Sample Data"]').textContent()).toMatch(/orig_bytes\s*[\d,]+/);
    await page.locator('.chart canvas').waitFor();
    expect(await page.locator('.chart').getAttribute('aria-label')).toContain('290 windows');
    await page
      .locator('.legend')
      .getByText(/Threshold \d+\.\d+/)
      .waitFor();
    await page.getByRole('heading', { name: 'Against the labels of the file' }).waitFor();

    const before = await heading(page).textContent();
    await page.reload();
    await page.locator('.findings').waitFor();
    expect(await heading(page).textContent()).toBe(before);
    await page.goBack();
    await page.getByText('Drop files here').waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
  });

  test('windows that differ without an alert are told calmly', async () => {
    await scan(page, csv('conn.log', connLog()));
    await page.getByRole('heading', { name: 'No alert', level: 1 }).waitFor();
    expect(await page.locator('.lead-verdict').textContent()).toBe(
      'Guardian found nothing to report in 120 connections of 2 devices.',
    );
    // What the published detector says is for whoever asks, and alarms nobody.
    expect(await page.getByRole('heading', { name: 'Anomalies', exact: true }).count()).toBe(0);
    await page.getByText(/\d+ of 100 windows above its threshold; that alone is no alarm\.$/).waitFor();
    await page.getByRole('heading', { name: 'For experts: the published detector' }).click();
    await page.getByRole('heading', { name: 'Reconstruction error, device by device' }).waitFor();
    expect(await page.locator('.chart').getAttribute('aria-label')).toContain('device by device');
    const severities = page.locator('.findings .severity');
    expect(await severities.count()).toBeGreaterThan(0);
    expect(await severities.evaluateAll((all) => all.filter(({ className }) => !/plain/.test(className)).length)).toBe(
      0,
    );
    await expectAccessible(page);
  });

  describe.each([1280, 390])('at %d pixels', (width) => {
    test.each(captures)('the list and the page give one verdict on %s', async (name, content, verdict) => {
      await page.setViewportSize({ width, height: 844 });
      await page.goto('/');
      const file = path.join(at.product.directory, name);
      writeFileSync(file, content());
      await page.getByLabel('File to scan').setInputFiles(file);
      await page.waitForURL(/\/scans\/\d+$/);
      const badge = page.locator('h1 .severity');
      await heading(page).getByText(verdict).waitFor();
      const worst = (await badge.count()) > 0 ? await badge.textContent() : 'No alert';
      const count = await page.locator('.lead-verdict').textContent();
      if (name.endsWith('.pcap')) {
        const row = page.locator('tr', { hasText: '192.168.1.72' });
        expect(await row.locator('[data-name="Alerts"]').textContent()).toBe(`${worst} 1`);
      }
      for (const list of ['/', '/scans']) {
        await page.goto(list);
        const row = page.locator('.scan-list tbody tr', { hasText: name }).first();
        const told = await row.locator('[data-name="Verdict"]').textContent();
        expect(told).toBe(worst === 'No alert' ? worst : `${worst} ${count}`);
        await expectAccessible(page);
      }
    });
  });

  test('a dropped file is scanned, wherever it is dropped', async () => {
    await page.goto('/system');
    await page.getByText('Nothing is being watched').first().waitFor();
    await page.evaluate((content) => {
      const data = new DataTransfer();
      data.items.add(new File([content], 'dropped.csv', { type: 'text/csv' }));
      const init = { dataTransfer: data, bubbles: true, cancelable: true };
      document.body.dispatchEvent(new DragEvent('dragover', init));
      document.body.dispatchEvent(new DragEvent('drop', init));
    }, trafficCsv());
    await page.waitForURL(/\/scans\/\d+$/);
    await page.locator('.origin').getByText('dropped.csv').waitFor();
  });

  test('the findings sort, filter and export', async () => {
    await scan(page);
    const errors = () =>
      page
        .locator('[data-name="Reconstruction Error"]')
        .evaluateAll((cells) => cells.map((cell) => Number.parseFloat(cell.firstChild!.textContent!)));
    const strongest = await errors();
    expect(strongest).toEqual(strongest.toSorted((a, b) => b - a));
    await page.getByRole('button', { name: 'Reconstruction Error' }).click();
    expect(await errors()).toEqual(strongest.toSorted((a, b) => a - b));
    expect(await page.locator('th[aria-sort="ascending"]').textContent()).toContain('Reconstruction Error');

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export JSON' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^scan-\d+\.json$/);
    const exported = scanSchema.parse(JSON.parse(readFileSync(await download.path(), 'utf8')));
    expect(exported.file).toBe('home-traffic.csv');
    expect(exported.anomalies_count).toBe(exported.details.length);
  });

  test('many findings come a page at a time', async () => {
    const lines = trafficCsv({ rows: 600 }).split('\n');
    // Every seventh row wild: no window is without one, and many pages of them are found.
    const wild = lines.map((line, i) =>
      i > 0 && i % 7 === 0 && line ? line.replace(/(,\d+){4}$/, ',9000,9000,9000000,9000000') : line,
    );
    await scan(page, csv('wild.csv', wild.join('\n')));
    const rows = page.locator('.findings tbody tr');
    expect(await rows.count()).toBe(25);
    const first = await rows.first().textContent();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText(/^26–50 of /).waitFor();
    expect(await rows.first().textContent()).not.toBe(first);
    await page.getByRole('button', { name: 'Previous' }).click();
    expect(await rows.first().textContent()).toBe(first);
  });

  test('the history leads to the details', async () => {
    await scan(page);
    const id = page.url().split('/').at(-1);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'History' }).click();
    expect(await heading(page).textContent()).toBe('Scan history');
    const row = page.locator('.scan-list tbody tr').first();
    expect(await row.textContent()).toMatch(/home-traffic\.csv/);
    expect(await row.locator('time').getAttribute('title')).toMatch(/\d{4}/);
    await row.getByRole('link', { name: `View details of scan ${id}` }).click();
    await page.waitForURL(`**/scans/${id}`);
    await page.locator('.findings').waitFor();
  });

  test('several files are scanned one after the other; one can be deleted', async () => {
    await page.goto('/');
    const files = [csv('first.csv', trafficCsv()), csv('short.csv', trafficCsv({ rows: 5 })), traffic];
    await page.getByLabel('File to scan').setInputFiles(files.toSpliced(1, 1));
    await page.waitForURL('**/scans');
    for (const { name } of [files[0], files[2]]) await page.locator('.file-cell').getByText(name).first().waitFor();
    // What cannot be used does not keep the others away.
    await page.goto('/');
    await page.getByLabel('File to scan').setInputFiles(files);
    await page.getByText('2 other files analysed.').waitFor();
    await page.locator('.drop-zone').getByRole('alert').getByText('"short.csv"').waitFor();

    await page.goto('/scans');
    await page
      .getByRole('link', { name: /^View details of scan/ })
      .first()
      .click();
    await page.locator('.origin').waitFor();
    const id = page.url().split('/').at(-1);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete it' }).click();
    await page.waitForURL('**/scans');
    await page.getByText(`Scan #${id} of home-traffic.csv is deleted.`).waitFor();
    expect((await fetch(`${at.product.url}/api/v1/scans/${id}`)).status).toBe(404);
  });

  test('a file beyond every limit is not sent at all', async () => {
    await page.route('**/status', async (route) => {
      const response = await route.fetch();
      const status = await response.json();
      await route.fulfill({ response, json: { ...status, limits: { text_bytes: 1024, capture_bytes: 2048 } } });
    });
    let uploads = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/upload')) uploads++;
    });
    await page.goto('/');
    await page.getByText('Logs up to 1 KiB').waitFor();
    await chooseFile(page, csv('huge.pcap', 'x'.repeat(4096)));
    await page.locator('.drop-zone').getByRole('alert').getByText('“huge.pcap” has 4 KiB').waitFor();
    expect(uploads).toBe(0);
  });

  test('a scan that a script has made appears by itself', async () => {
    await page.goto('/scans');
    await page.locator('.scan-list').waitFor();
    const form = new FormData();
    form.append('file', new Blob([trafficCsv()]), 'from-a-script.csv');
    await fetch(`${at.product.url}/upload`, { method: 'POST', body: form });
    await page.getByText('from-a-script.csv').waitFor();
  });

  test('a file that cannot be used says why and what to do, and the next one works', async () => {
    const count = async () => (await (await fetch(`${at.product.url}/history`)).json()).length;
    const before = await count();
    await page.goto('/');
    for (const [file, message] of [
      [csv('empty.csv', ''), /"empty\.csv" is empty/],
      [csv('short.csv', trafficCsv({ rows: 5 })), /"short\.csv" has 5 usable/],
      [csv('picture.csv', '\u0089PNG\r\n\u001a\n\u0000\u0000'), /picture\.csv/],
    ] as const) {
      await chooseFile(page, file);
      const alert = page.locator('.drop-zone').getByRole('alert');
      await alert.getByText(message).waitFor();
      expect(await alert.locator('code').textContent()).toMatch(/^[a-z_]+$/);
      expect(await alert.evaluate((element) => element === document.activeElement)).toBe(true);
      await expectAccessible(page);
      await alert.getByRole('button', { name: 'Close' }).click();
    }
    expect(await count()).toBe(before);
    await chooseFile(page, traffic);
    await page.waitForURL(/\/scans\/\d+$/);
  });

  test('hostile names stay text (E8)', async () => {
    const name = `<img src=x onerror=alert(1)>'{{7*7}}\u202e.csv`;
    await scan(page, csv(name, trafficCsv()));
    const shown = name.replace('\u202e', '\uFFFD');
    await page.locator('.origin').getByText(shown).waitFor();
    await page.goto('/scans');
    await page.locator('.file-cell').getByText(shown).first().waitFor();
    await page.goto('/');
    await page.locator('.file-cell').getByText(shown).first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });

  test('a name of 255 characters leaves the other columns whole', async () => {
    const name = `${'n'.repeat(251)}.csv`;
    await scan(page, csv(name, trafficCsv()));
    await page.goto('/scans');
    const row = page.locator('.scan-list tbody tr').first();
    await row.locator('.file-cell').waitFor();
    expect(await row.locator('.file-cell').getAttribute('title')).toBe(name);
    // One line of text, whatever is in it.
    expect((await row.boundingBox())!.height).toBeLessThan(60);
    await expectAccessible(page);
  });

  test('the chart tells its points without markup (E8)', async () => {
    await scan(page);
    const canvas = page.locator('.chart canvas').first();
    const box = (await canvas.boundingBox())!;
    for (let x = 0.3; x < 0.45; x += 0.01) await page.mouse.move(box.x + box.width * x, box.y + box.height * 0.2);
    expect(await page.locator('.chart').evaluate((element) => element.textContent)).toBe('');
  });

  test('a capture shows its devices', async () => {
    await scan(page, csv('conn.log', connLog()));
    await page.getByRole('heading', { name: 'Devices' }).waitFor();
    await page.getByText('192.168.1.20').first().waitFor();
    // An IPv4 address stands on one line at every width.
    await page.setViewportSize({ width: 390, height: 844 });
    const heights = await page
      .locator('.address')
      .evaluateAll((found) => found.map((one) => one.getBoundingClientRect().height));
    expect(Math.max(...heights)).toBeLessThan(30);
    await expectAccessible(page);
  });
});
