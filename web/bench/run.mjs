// How long a person waits, in Chromium, on the built page: from the click on Run to the first line of output, for an
// example as it is and for one that was edited, on a first and on a second visit; and how soon Stop stops.
// `npm run build` first; then `node web/bench/run.mjs [--json]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { launchOptions } from '../../tests/web/chromium.mjs';
import { serve } from '../server.mjs';

const dist =
  process.env.LOOPSCOPE_DIST ?? join(fileURLToPath(new URL('../..', import.meta.url)), 'web/dist');
const repetitions = 7;

const program = (body) => `#include <asyncio/asyncio.hpp>
#include <iostream>
asyncio::Coro<> hello() {
${body}
  co_return;
}
int main() { asyncio::run(hello()); }
`;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function open(context, port) {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto('about:blank');
  await page.goto(`http://127.0.0.1:${port}/#example=hello`);
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await page.waitForTimeout(1000);
  return page;
}

/** Clicks a button, and waits for a text in an element that the selector finds: the milliseconds between the two. */
function fromClick(page, label, selector, text) {
  return page.evaluate(
    ([label, selector, text]) =>
      new Promise((resolve) => {
        const button = [...document.querySelectorAll('button')].find((one) =>
          (one.getAttribute('aria-label') ?? one.textContent).trim().startsWith(label),
        );
        const begin = performance.now();
        const there = () =>
          [...document.querySelectorAll(selector)].some((one) => one.textContent.includes(text));
        const look = () => {
          if (!there()) return;
          observer.disconnect();
          resolve(performance.now() - begin);
        };
        const observer = new MutationObserver(look);
        button.click();
        observer.observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
    [label, selector, text],
  );
}
const console_ = '[aria-label="Console"]';
const runUntil = (page, text) => fromClick(page, 'Run', console_, text);

async function write(page, body) {
  await page.locator('.monaco-editor .view-line').first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(program(body));
  await page.waitForTimeout(300);
}

/** The loop is stopped, and the button says Run again. */
async function ended(page) {
  await page.getByRole('button', { name: 'Run', exact: true }).first().waitFor();
  await page.waitForTimeout(500);
}

async function unedited(page) {
  const times = [];
  for (let i = 0; i < repetitions; i++) {
    times.push(await runUntil(page, 'Hello'));
    await page.waitForTimeout(1800);
    await page.reload();
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await page.waitForTimeout(1000);
  }
  return { first: times[0], median: median(times.slice(1)), worst: Math.max(...times.slice(1)) };
}

async function edited(page, first) {
  await write(page, `  std::cout << "${first}" << std::endl;`);
  const compile = await runUntil(page, first);
  const times = [];
  for (let i = 0; i < repetitions; i++) {
    await ended(page);
    await write(page, `  std::cout << "again ${i}" << std::endl;`);
    times.push(await runUntil(page, `again ${i}`));
  }
  return { compile, median: median(times), worst: Math.max(...times) };
}

async function stopping(page) {
  const times = [];
  for (let i = 0; i < repetitions; i++) {
    await ended(page);
    await write(page, `  std::cout << "endless ${i}" << std::endl;\n  while (true) {}`);
    await runUntil(page, `endless ${i}`);
    await page.waitForTimeout(300);
    times.push(await fromClick(page, 'Stop', 'button', 'Run'));
  }
  return { median: median(times), worst: Math.max(...times) };
}

const { server, port } = await serve(dist);
const profile = mkdtempSync(join(tmpdir(), 'loopscope-bench-'));
const visit = async (work) => {
  const context = await chromium.launchPersistentContext(profile, {
    ...launchOptions,
    viewport: { width: 1280, height: 800 },
  });
  try {
    return await work(await open(context, port));
  } finally {
    await context.close();
  }
};
try {
  const figures = {};
  figures.unedited = await visit(unedited);
  figures.firstVisit = await visit((page) => edited(page, 'first visit'));
  figures.secondVisit = await visit((page) => edited(page, 'second visit'));
  figures.stop = await visit(stopping);
  console.log(JSON.stringify(figures, null, process.argv.includes('--json') ? 0 : 2));
} finally {
  server.closeAllConnections();
  server.close();
  rmSync(profile, { recursive: true, force: true });
}
