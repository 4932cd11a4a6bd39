/** A browser on the real product, for the tests of a file or of a part of it. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { launchBrowser, openView, type View } from './browser.ts';
import { type Product, removeDirectory } from './product.ts';

export interface OnProduct {
  browser: Browser;
  product: Product;
  view: View;
  page: Page;
}

/** A view for each test, on a product that `start` starts once. What it gives is filled in before each test. */
export function onProduct(start: () => Promise<Product>): OnProduct {
  const at = {} as OnProduct;
  beforeAll(async () => {
    [at.browser, at.product] = await Promise.all([launchBrowser(), start()]);
  });
  afterAll(async () => {
    await Promise.all([at.browser?.close(), at.product?.stop()]);
    removeDirectory(at.product.directory);
  });
  beforeEach(async () => {
    at.view = await openView(at.browser, at.product.url);
    at.page = at.view.page;
  });
  afterEach(async () => {
    at.view.expectClean();
    await at.view.close();
  });
  return at;
}

export const heading = (page: Page): Locator => page.getByRole('heading', { level: 1 });
