/** What a person does with Python in the page as it is built. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { visitor } from './visit.js';

const visit = visitor();
/** Some 45 MB, and an interpreter that starts. */
const FIRST_RUN = 120_000;

const button = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).first();
const consoleText = (page: Page) => page.getByLabel('Console', { exact: true }).last();
const sentence = (page: Page) => page.locator('.narration-text');

async function replaceCode(page: Page, code: string): Promise<void> {
  await page.locator('.monaco-editor .view-line').first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(code);
}

async function run(page: Page, code: string): Promise<void> {
  await replaceCode(page, code);
  await page.keyboard.press('Control+Enter');
}

describe('someone who writes Python', () => {
  it('switches the language, runs the example, and steps forward and back', async () => {
    const page = await visit.open('/#example=gather');
    await page.getByRole('radio', { name: 'Python' }).click();
    await button(page, 'Run').click();
    await expect
      .poll(() => sentence(page).textContent(), { timeout: FIRST_RUN })
      .toContain('Task-1');
    await button(page, 'To the end').click();
    await expect.poll(() => consoleText(page).textContent()).toContain('all: 24 2 6');
    await button(page, 'To the start').click();
    const forward: (string | null)[] = [];
    for (let event = 0; event < 10; event++) {
      await button(page, 'One event forward').click();
      forward.push(await sentence(page).textContent());
    }
    expect(new Set(forward).size).toBeGreaterThan(6);
    for (const before of forward.slice(0, -1).reverse()) {
      await button(page, 'One event back').click();
      await expect.poll(() => sentence(page).textContent()).toBe(before);
    }
  });

  it('edits, is shown an error where it is, mends it, answers input(), and stops what never ends', async () => {
    const page = await visit.open('/#example=hello&guest=python');
    await page.locator('.monaco-editor .view-line').first().waitFor();

    await run(page, 'x = = 1\n');
    const problems = page.getByRole('region', { name: 'Python’s messages' });
    await problems.waitFor({ timeout: FIRST_RUN });
    expect(await problems.textContent()).toContain('invalid syntax');
    await page.locator('.squiggly-error').first().waitFor();
    expect(await page.locator('.lane-name').count()).toBe(0);

    await run(page, 'name = input("Who? ")\nprint("hello", name)\nraise ValueError(name)\n');
    await page.getByLabel('Who?').fill('Zoë');
    await page.keyboard.press('Enter');
    await problems.waitFor();
    expect(await problems.textContent()).toContain('ValueError: Zoë');
    await button(page, 'To the end').click();
    await expect.poll(() => consoleText(page).textContent()).toContain('hello Zoë');

    await run(page, 'import asyncio\nawait asyncio.sleep(0)\nprint("kept")\nwhile True: pass\n');
    await expect.poll(() => consoleText(page).textContent()).toContain('kept');
    await button(page, 'Stop').click();
    await button(page, 'Run').waitFor();
    expect(await consoleText(page).textContent()).toContain('kept');

    await run(page, 'import asyncio\nawait asyncio.sleep(1)\nprint("after")\n');
    await expect.poll(() => sentence(page).textContent()).toContain('Task-1');
    await button(page, 'To the end').click();
    await expect.poll(() => consoleText(page).textContent()).toContain('after');
  });

  it('watches it live: events stream in while the program waits', async () => {
    const page = await visit.open('/#example=hello&guest=python&clock=real');
    await button(page, 'Run').click();
    await expect
      .poll(() => consoleText(page).textContent(), { timeout: FIRST_RUN })
      .toContain('Hello ...');
    expect(await page.locator('.clock-note').textContent()).toContain('real clock, JS timers');
    await expect.poll(() => consoleText(page).textContent()).toContain('... World!');
  });
});
