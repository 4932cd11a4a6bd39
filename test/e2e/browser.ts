/** The system's own Chromium, and what every view has to stand up to in it. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
export const chromiumPath = places.find((place) => place !== undefined && existsSync(place));

/** Without a browser these tests are skipped, and say so; in CI its absence is a failure. */
export const missingBrowser: string | null =
  chromiumPath === undefined && process.env.CI !== 'true' ? 'Chromium (or CHROMIUM set to its path)' : null;

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });

/** Chromium breaks off what it loads when an interface comes or goes, and the tests of the lab make and remove them. */
const isOthers = (complaint: string): boolean => complaint.includes('ERR_NETWORK_CHANGED');

export interface View {
  page: Page;
  /** Fails when a script threw, the policy was violated or the console showed an error that was not expected. */
  expectClean(): void;
  /** Complaints that fit are what the test has brought about. */
  forgive(about: RegExp): void;
  close(): Promise<void>;
}

export async function openView(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<View> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 800 }, ...options });
  // Below the test's own limit, so that a failure names the step.
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  let complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    const isExpected = /the server responded with a status of 4\d\d/.test(message.text()) || isOthers(message.text());
    if (message.type() === 'error' && !isExpected) complaints.push(message.text());
  });
  const goto = page.goto.bind(page);
  page.goto = (to, how) =>
    goto(to, how).catch((error) => {
      if (!isOthers(error.message)) throw error;
      return goto(to, how);
    });
  return {
    page,
    expectClean: () => expect(complaints).toEqual([]),
    forgive(about) {
      complaints = complaints.filter((complaint) => !about.test(complaint));
    },
    close: () => context.close(),
  };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** No violation of WCAG 2.2 AA that a machine can see, and nothing wider than the window. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 150)).join(' | ')}`);
  });
  expect(violations).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}
