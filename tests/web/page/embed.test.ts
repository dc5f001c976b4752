import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { visitor } from './visit.js';

const visit = visitor();

/** A documentation page around the element. `extra`: attributes. */
async function hostPage(
  extra: string,
  options: { readonly cors?: boolean; readonly after?: Promise<void> } = {},
): Promise<Page> {
  const page = await visit.open('/embed.html');
  if (options.cors === true) {
    await page.route(`${inject('origin')}/**`, async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers(), 'access-control-allow-origin': '*' };
      await route.fulfill({ response, headers });
    });
  }
  if (options.after !== undefined) {
    await page.route('**/embed.html*', async (route) => {
      await options.after;
      await route.continue();
    });
  }
  await page.route('**/docs.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><html lang="en"><title>Docs</title><link rel="icon" href="data:,">
        <loopscope-embed ${extra}><pre><code>int main() {}</code></pre></loopscope-embed>
        <script type="module" src="./loopscope-embed.js"></script></html>`,
    }),
  );
  await page.goto(`${inject('origin')}/docs.html`, { waitUntil: 'commit' });
  await page.waitForSelector('loopscope-embed', { state: 'attached' });
  return page;
}

const ready = (page: Page) =>
  page.waitForFunction(
    () => (document.querySelector('loopscope-embed') as { ready?: boolean } | null)?.ready,
  );

describe('the embedded player', () => {
  it('takes the place of its fallback once it answers, and not before', async () => {
    let release: () => void = () => undefined;
    const after = new Promise<void>((resolve) => (release = resolve));
    const page = await hostPage('example="gather" height="500"', { after });
    await page.waitForFunction(() => customElements.get('loopscope-embed') !== undefined);
    expect(await page.locator('pre').isVisible()).toBe(true);
    release();
    await ready(page);
    expect(await page.locator('pre').isVisible()).toBe(false);
    const frame = page.locator('iframe');
    expect(await frame.getAttribute('title')).toBe('Loopscope: gather');
    expect((await frame.boundingBox())?.height).toBe(500);
  });

  it('loads nothing of the runtime before it is asked to run', async () => {
    const page = await hostPage('example="gather"');
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    await ready(page);
    await page.waitForTimeout(1500);
    expect(loaded.filter((url) => url.includes('/wasm/'))).toEqual([]);
  });

  it('runs when the page around it says so, and tells how it ended', async () => {
    const page = await hostPage('example="gather"');
    await ready(page);
    const how = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const embed = document.querySelector('loopscope-embed') as HTMLElement & { run(): void };
          embed.addEventListener('loopscope-end', (event) =>
            resolve((event as CustomEvent<{ how: string }>).detail.how),
          );
          embed.run();
        }),
    );
    expect(how).toBe('exited');
  });

  it('gets, in their order, the commands that were given before it was there', async () => {
    let release: () => void = () => undefined;
    const after = new Promise<void>((resolve) => (release = resolve));
    const page = await hostPage('example="gather"', { after });
    await page.waitForFunction(() => customElements.get('loopscope-embed') !== undefined);
    await page.evaluate(() => {
      const embed = document.querySelector('loopscope-embed') as HTMLElement & {
        open(code: string, guest: 'cpp' | 'python'): void;
      };
      embed.open('int first;', 'cpp');
      embed.open('int second;', 'cpp');
      embed.setAttribute('theme', 'dark');
    });
    release();
    await ready(page);
    const player = page.frameLocator('iframe');
    await player.locator('.code-host', { hasText: 'second' }).waitFor();
    await player.locator('html[data-theme="dark"]').waitFor();
  });

  it('runs in a frame that may do nothing but scripts, from a server that allows it', async () => {
    const page = await hostPage('example="hello" sandbox="allow-scripts"', { cors: true });
    await ready(page);
    const player = page.frameLocator('iframe');
    await player.getByRole('button', { name: 'Run' }).first().click();
    await player.getByRole('tab', { name: 'Console' }).click();
    await player.getByRole('button', { name: 'To the end' }).click();
    await player.getByRole('tabpanel').getByText('... World!').waitFor();
  });

  it('keeps the fallback for good when there is no player', async () => {
    const page = await hostPage('example="gather" src="about:blank"');
    await page.waitForTimeout(1500);
    expect(await page.locator('pre').isVisible()).toBe(true);
  });
});
