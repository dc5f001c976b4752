// The page under load, in Chromium, on the built page: how long large runs take, how much of the main thread they cost, how
// long its longest tasks are, and how soon Stop stops a program that floods.
// `npm run build` first; then `node web/bench/load.mjs [--json] [--only NAME,NAME]`.
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { launchOptions } from '../../tests/web/chromium.mjs';
import { serve } from '../server.mjs';

const dist =
  process.env.LOOPSCOPE_DIST ?? join(fileURLToPath(new URL('../..', import.meta.url)), 'web/dist');
const only = process.argv[process.argv.indexOf('--only') + 1]?.split(',');

const PROGRAMS = {
  semaphore: `import asyncio

async def job(gate, n):
    async with gate:
        await asyncio.sleep(0.01)
        return n

async def main():
    gate = asyncio.Semaphore(10)
    print(sum(await asyncio.gather(*(job(gate, n) for n in range(1000)))))
    print("done")

asyncio.run(main())
`,
  lines: `import asyncio

async def main():
    for n in range(5000):
        print(f"line {n}")
    await asyncio.sleep(1)
    print("done")

asyncio.run(main())
`,
  tasks: `import asyncio

async def job(n):
    await asyncio.sleep(1)
    return n

async def main():
    print(sum(await asyncio.gather(*(job(n) for n in range(100_000)))))
    print("done")

asyncio.run(main())
`,
};

const FLOODS = {
  sleeping: `import asyncio

async def main():
    n = 0
    while True:
        n += 1
        print(n)
        await asyncio.sleep(1)

asyncio.run(main())
`,
  printing: `while True:
    print("again and again")
`,
};

/** Pastes a program over what is in the editor: typed in, its lines would be indented once more. */
async function write(page, source) {
  await page.locator('.monaco-editor .view-line').first().click();
  await page.keyboard.press('Control+A');
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.activeElement.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  }, source);
}

/** A page in which Python is up. */
async function open(browser, port) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`http://127.0.0.1:${port}/#example=hello`);
  await page.getByText('Python', { exact: true }).first().click();
  await page.evaluate(() => {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        globalThis.longest = Math.max(globalThis.longest, entry.duration);
    }).observe({ entryTypes: ['longtask'] });
    const beat = () => {
      globalThis.frames++;
      requestAnimationFrame(beat);
    };
    beat();
  });
  await write(page, 'print("warm")\n');
  await whole(page);
  return page;
}

async function mainThread(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? NaN;
  };
}

const figures = (begin, cpuSeconds, page) =>
  page.evaluate(
    ([seconds, cpuSeconds]) => ({
      seconds,
      cpuSeconds,
      longestTaskMs: globalThis.longest,
      framesPerSecond: globalThis.frames / seconds,
      events: Number(document.querySelector('.scrubber-count')?.textContent.split('/')[1]),
    }),
    [(Date.now() - begin) / 1000, cpuSeconds],
  );

async function start(page) {
  const cpu = await mainThread(page);
  const before = await cpu();
  await page.evaluate(() => {
    globalThis.frames = 0;
    globalThis.longest = 0;
  });
  await page.locator('button:has-text("Run"):visible').first().click();
  return async () => (await cpu()) - before;
}

/** From the click on Run to the end of the run; Python is up before. */
async function whole(page) {
  const begin = Date.now();
  const cpu = await start(page);
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.run-buttons button')].some((b) =>
      b.textContent.includes('Stop'),
    ),
  );
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll('.run-buttons button')].some((b) =>
        b.textContent.includes('Run'),
      ),
    undefined,
    { timeout: 180_000 },
  );
  return figures(begin, await cpu(), page);
}

/** Milliseconds from the click on Stop to the button that says Run again. */
async function stopped(page) {
  const begin = Date.now();
  const cpu = await start(page);
  await page.waitForTimeout(5000);
  const stop = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const begin = performance.now();
        const find = (word) =>
          [...document.querySelectorAll('.run-buttons button')].find((one) =>
            one.textContent.includes(word),
          );
        find('Stop')?.click();
        const look = () => (find('Run') ? resolve(performance.now() - begin) : setTimeout(look, 5));
        look();
      }),
  );
  return { stopMs: stop, ...(await figures(begin, await cpu(), page)) };
}

const { server, port } = await serve(dist);
const browser = await chromium.launch(launchOptions);
try {
  const results = {};
  for (const [cases, measure] of [
    [PROGRAMS, whole],
    [FLOODS, stopped],
  ])
    for (const [name, source] of Object.entries(cases)) {
      if (only !== undefined && process.argv.includes('--only') && !only.includes(name)) continue;
      const page = await open(browser, port);
      await write(page, source);
      await page.waitForTimeout(3000);
      results[name] = await measure(page);
      await page.close();
      if (!process.argv.includes('--json')) console.log(name, results[name]);
    }
  if (process.argv.includes('--json')) console.log(JSON.stringify(results));
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}
