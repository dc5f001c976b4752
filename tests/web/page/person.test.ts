/** What a person does with the page as it is built: nothing is replaced, the compiler and the programs are the real ones. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { visitor } from './visit.js';

const visit = visitor();
/** The compiler is some 75 MB, and is compiled itself before it compiles anything. */
const FIRST_COMPILE = 180_000;

const button = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).first();
const consoleText = (page: Page) => page.getByLabel('Console', { exact: true }).last();
/** Monaco writes blanks as no-break spaces. */
const codeText = async (page: Page) =>
  (await page.locator('.code-host').textContent())?.replaceAll('\u00a0', ' ');
const sentence = (page: Page) => page.locator('.narration-text');

async function replaceCode(page: Page, code: string): Promise<void> {
  await page.locator('.monaco-editor .view-line').first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(code);
}

const program = (body: string) => `#include <asyncio/asyncio.hpp>
#include <iostream>
asyncio::Coro<int> co_main(int, char**) {
${body}
  co_return 0;
}
`;

describe('someone who opens the page', () => {
  it('reads an example, runs it, and is told every step in words, forward and back alike', async () => {
    const page = await visit.open('/#example=gather');
    await expect.poll(() => codeText(page)).toContain('factorial');
    await button(page, 'Run').click();
    await expect.poll(() => sentence(page).textContent(), { timeout: 60_000 }).toContain('Task-1');
    await button(page, 'To the end').click();
    await expect.poll(() => consoleText(page).textContent()).toContain('all: 24 2 6');
    await button(page, 'To the start').click();
    const forward: (string | null)[] = [];
    for (let event = 0; event < 12; event++) {
      await button(page, 'One event forward').click();
      forward.push(await sentence(page).textContent());
    }
    expect(new Set(forward).size).toBeGreaterThan(8);
    for (const before of forward.slice(0, -1).reverse()) {
      await button(page, 'One event back').click();
      await expect.poll(() => sentence(page).textContent()).toBe(before);
    }
  });

  it(
    'edits, runs, is shown an error where it is, mends it, and stops a program that never ends',
    async () => {
      const page = await visit.open('/#example=hello');
      await page.locator('.monaco-editor .view-line').first().waitFor();

      await replaceCode(page, program('  std::cout << "mine" << std::endl;'));
      await page.keyboard.press('Control+Enter');
      await expect
        .poll(() => consoleText(page).textContent(), { timeout: FIRST_COMPILE })
        .toContain('mine');

      await replaceCode(page, program('  std::cout << "mine"\n  co_await nothing;'));
      await page.keyboard.press('Control+Enter');
      const problems = page.getByRole('region', { name: 'Compiler messages' });
      await problems.waitFor({ timeout: 60_000 });
      expect(await problems.textContent()).toContain("expected ';'");
      expect(await problems.textContent()).toContain('4:');
      await page.locator('.squiggly-error').first().waitFor();
      // A program that does not compile stands beside no trace.
      expect(await page.locator('.lane-name').count()).toBe(0);

      await replaceCode(page, program('  std::cout << "kept" << std::endl;\n  while (true) {}'));
      await page.keyboard.press('Control+Enter');
      await expect
        .poll(() => consoleText(page).textContent(), { timeout: 60_000 })
        .toContain('kept');
      await button(page, 'Stop').click();
      await button(page, 'Run').waitFor({ timeout: 5000 });
      expect(await consoleText(page).textContent()).toContain('kept');

      await button(page, 'Reset').click();
      await button(page, 'Run').click();
      await expect
        .poll(() => consoleText(page).textContent(), { timeout: 60_000 })
        .toContain('... World!');
    },
    2 * FIRST_COMPILE,
  );

  it('shares what it wrote by a link that brings someone else to the same code', async () => {
    const page = await visit.open('/#example=hello', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await replaceCode(page, program('  std::cout << "shared: é, 你好\\n";'));
    await expect.poll(() => page.getByText('edited', { exact: true }).count()).toBe(1);
    await button(page, 'Share').click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toContain('#example=hello');
    const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
    const other = await visit.open(`/${link.hash}`);
    await expect.poll(() => codeText(other)).toContain('shared: é, 你好');
  });

  it('finds its edits again after another example, after Back, and after a reload', async () => {
    const page = await visit.open('/#example=hello');
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await replaceCode(page, 'int mine;');
    await page.getByRole('button', { name: /^Gather results/ }).click();
    await expect.poll(() => codeText(page)).toContain('factorial');
    expect(new URL(page.url()).hash).toBe('#example=gather&guest=cpp');
    await page.goBack();
    await expect.poll(() => codeText(page)).toContain('int mine;');
    await page.goForward();
    await expect.poll(() => codeText(page)).toContain('factorial');
    await page.goBack();
    await page.reload();
    await expect.poll(() => codeText(page)).toContain('int mine;');
  });

  it('drops a trace from the command line on the page, and one that is cut off', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'loopscope-page-'));
    const file = join(folder, 'gather.jsonl');
    const twin = fileURLToPath(new URL('../../../build/native/bin/loopscope', import.meta.url));
    execFileSync(twin, ['run', 'gather', '--clock', 'virtual', '--trace', file]);
    const whole = readFileSync(file, 'utf8');
    rmSync(folder, { recursive: true });

    const page = await visit.open('/#example=hello');
    await drop(page, 'gather.jsonl', whole);
    // One lane for the loop and one for each task.
    await expect.poll(() => page.locator('.lane-name').count()).toBe(5);
    await button(page, 'To the end').click();
    await expect.poll(() => consoleText(page).textContent()).toContain('all: 24 2 6');

    await drop(page, 'cut.jsonl', whole.slice(0, whole.length / 2));
    await expect
      .poll(() => page.locator('.notice').textContent())
      .toContain('cut.jsonl is damaged');
    await drop(page, 'other.jsonl', '{"not":"a trace"}\n');
    await expect
      .poll(() => page.locator('.notice').textContent())
      .toContain('other.jsonl is not a trace');
  });
});

async function drop(page: Page, name: string, text: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([name, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], name));
      return data;
    },
    [name, text] as const,
  );
  await page.locator('body').dispatchEvent('drop', { dataTransfer: transfer });
}
