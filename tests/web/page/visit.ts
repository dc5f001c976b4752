/** A person with a browser: one Chromium for a test file, a fresh profile for each visit. */
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { launchOptions } from '../chromium.mjs';

export interface Visitor {
  /** Opens a path of the built page in a new profile. */
  open(path?: string, options?: Parameters<Browser['newContext']>[0]): Promise<Page>;
}

/** Call once at the top of a test file. After each test it fails on anything that the page reported as an error. */
export function visitor(): Visitor {
  let browser: Browser | undefined;
  let contexts: BrowserContext[] = [];
  let errors: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch(launchOptions);
  });
  afterAll(async () => {
    await browser?.close();
  });
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    const seen = errors;
    errors = [];
    expect(seen).toEqual([]);
  });
  return {
    async open(path = '/', options = {}) {
      if (browser === undefined) throw new Error('visitor() must be called at the top of the file');
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        ...options,
      });
      contexts.push(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      await page.goto(`${inject('origin')}${path}`);
      return page;
    },
  };
}
