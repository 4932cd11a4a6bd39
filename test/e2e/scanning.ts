/** Files to scan in the dashboard, and the way to do it. */
import type { Page } from 'playwright-core';
import { trafficCsv } from './product.ts';

export const csv = (name: string, content: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
export const traffic = csv('home-traffic.csv', trafficCsv({ labels: true }));

export const chooseFile = (page: Page, file: ReturnType<typeof csv>): Promise<void> =>
  page.getByLabel('File to scan').setInputFiles(file);

export async function scan(page: Page, file = traffic): Promise<void> {
  await page.goto('/');
  await chooseFile(page, file);
  await page.waitForURL(/\/scans\/\d+$/);
  await page.locator('.origin').waitFor();
}

/** Zeek's own format: two devices, one of which goes wild for a while. */
export function connLog(): string {
  const fields = [
    'ts',
    'uid',
    'id.orig_h',
    'id.orig_p',
    'id.resp_h',
    'id.resp_p',
    'proto',
    'orig_bytes',
    'resp_bytes',
    'conn_state',
    'orig_pkts',
    'resp_pkts',
  ];
  const types = [
    'time',
    'string',
    'addr',
    'port',
    'addr',
    'port',
    'enum',
    'count',
    'count',
    'string',
    'count',
    'count',
  ];
  const rows = Array.from({ length: 120 }, (_, i) => {
    const wild = i >= 60 && i < 66;
    const bytes = wild ? 80_000_000 : 500 + (i % 9) * 40;
    const device = i % 2 === 0 ? '192.168.1.20' : '192.168.1.30';
    return [
      // Calls at exact intervals would be an alert of their own.
      1_700_000_000 + 30 * i + ((i * i) % 23),
      `C${i}`,
      device,
      40_000 + i,
      '203.0.113.9',
      443,
      'tcp',
      bytes,
      bytes * 2,
      'SF',
      wild ? 60_000 : 9,
      wild ? 70_000 : 8,
    ].join('\t');
  });
  return [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    '#path\tconn',
    `#fields\t${fields.join('\t')}`,
    `#types\t${types.join('\t')}`,
    ...rows,
    '',
  ].join('\n');
}
