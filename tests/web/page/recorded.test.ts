/** Examples that cannot run in a page: what a person sees of them is what the native twin recorded when the page was built. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { visitor } from './visit.js';

const visit = visitor();
const RECORDED = 'recorded natively; threads do not exist in this page';
/** The compiler is some 75 MB, and is compiled itself before it compiles anything. */
const FIRST_COMPILE = 180_000;

const button = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).first();
const consoleText = (page: Page) => page.getByLabel('Console', { exact: true }).last();
const statusLine = (page: Page, text: string) =>
  page.getByRole('status').filter({ hasText: text }).first();

describe.each(['cpp', 'python'])('an example that needs signals, in %s', (guest) => {
  it('is shown as it was recorded', async () => {
    const page = await visit.open(`/#example=signals&guest=${guest}`);
    await statusLine(page, 'recorded natively; signals do not exist in this page').waitFor();
    await button(page, 'Run').click();
    await statusLine(page, 'recorded natively; signals do not exist in this page').waitFor();
    await button(page, 'To the end').click();
    await expect.poll(() => consoleText(page).textContent()).toContain('8 jobs, all put away');
  });
});

describe('an example that needs threads', () => {
  it('is said to be a recording before it is shown, and where it is shown', async () => {
    const page = await visit.open('/#example=threads');
    await statusLine(page, RECORDED).waitFor();
    await button(page, 'Run').click();
    await statusLine(page, RECORDED).waitFor();
    await page.getByText('virtual clock', { exact: true }).waitFor();
    await button(page, 'To the end').click();
    await expect.poll(() => consoleText(page).textContent()).toContain('what d.txt says');
    await button(page, 'One event back').click();
    await expect.poll(() => page.locator('.narration-text').textContent()).toBeTruthy();
  });

  it('is shown without a runtime: nothing of the compiler or of WebAssembly is loaded for it', async () => {
    const page = await visit.open('/embed.html?example=threads');
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    await button(page, 'Run').click();
    await statusLine(page, RECORDED).waitFor();
    await button(page, 'To the end').click();
    await page.getByRole('tab', { name: 'Console' }).click();
    await page.getByText('what d.txt says').waitFor();
    expect(loaded.filter((path) => path.endsWith('.wasm'))).toEqual([]);
  });

  it('says on a phone, too, that it is a recording', async () => {
    const page = await visit.open('/#example=threads', { viewport: { width: 360, height: 740 } });
    await button(page, 'Run').click();
    await statusLine(page, RECORDED).waitFor();
  });

  it('runs in Python, whose threads take turns here', async () => {
    const page = await visit.open('/#example=threads&guest=python');
    await button(page, 'Run').click();
    await button(page, 'To the end').click({ timeout: 90_000 });
    await expect.poll(() => consoleText(page).textContent()).toContain('what d.txt says');
    expect(await page.getByText(RECORDED).count()).toBe(0);
  });

  it(
    'runs here once it is edited, and ends with the library’s own error',
    async () => {
      const page = await visit.open('/#example=threads');
      await page.locator('.monaco-editor .view-line').first().click();
      await page.keyboard.press('Control+Home');
      await page.keyboard.insertText('// edited\n');
      await page.keyboard.press('Control+Enter');
      await expect
        .poll(() => consoleText(page).textContent(), { timeout: FIRST_COMPILE })
        .toContain('there are no threads in WebAssembly');
      expect(await page.getByText(RECORDED).count()).toBe(0);
    },
    FIRST_COMPILE + 60_000,
  );
});

describe('an example that has not run yet', () => {
  it('shows a recording of it, in the language that is chosen', async () => {
    const page = await visit.open('/#example=gather');
    await page.getByText('a recording; Run runs it here').waitFor();
    // One lane for the loop and one for each task.
    await expect.poll(() => page.locator('.lane-name').count()).toBe(5);
    const fetched = page.waitForRequest((request) => request.url().includes('gather-python'));
    await page.getByRole('radio', { name: 'Python' }).click();
    await fetched;
    await expect.poll(() => page.locator('.lane-name').count()).toBe(5);
  });
});
