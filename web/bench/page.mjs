// Figures of the page in Chromium, from the built page: weight of the scripts, seeking in a trace of 10,000 events, and
// frames per second while playing it. `npm run build` first; then `node web/bench/page.mjs [--json]`.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { runnerImport } from 'vite';
import { launchOptions } from '../../tests/web/chromium.mjs';
import { serve } from '../server.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = process.env.LOOPSCOPE_DIST ?? join(root, 'web/dist');
const eventsWanted = 10_000;
const seeks = 120;

/** Twenty-four tasks that sleep, yield and print, until there are enough events. */
async function makeTrace() {
  const { module } = await runnerImport(join(root, 'web/src/trace/testing/model_loop.ts'), {
    configFile: false,
    logLevel: 'error',
  });
  const loop = new module.ModelLoop();
  function* worker(id) {
    for (let i = 0; ; i++) {
      yield* loop.sleep((20 + ((id * 37 + i * 13) % 90)) * 1e6);
      if (i % 3 === 0) loop.print(`worker ${id}: ${i}`);
      if (i % 5 === 0) yield null;
    }
  }
  function* main() {
    const workers = Array.from({ length: 24 }, (_, id) => loop.createTask(worker(id)));
    yield loop.gather(workers);
    return 0;
  }
  loop.runUntil(loop.createTask(main()), 1200);
  if (loop.events.length < eventsWanted) throw new Error(`only ${loop.events.length} events`);
  const lines = [module.HEADER, ...loop.events.slice(0, eventsWanted)];
  return lines.map((line) => JSON.stringify(line)).join('\n') + '\n';
}

/** Brotli bytes of the scripts that index.html loads before anything is run or Monaco arrives. */
function scriptWeight() {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const first = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(
    (match) => match[1],
  );
  let bytes = 0;
  for (const path of first) bytes += brotliCompressSync(readFileSync(join(dist, path))).length;
  const all = readdirSync(join(dist, 'assets')).filter((name) => /^monaco.*\.js$/.test(name));
  const monaco = all.reduce(
    (sum, name) => sum + brotliCompressSync(readFileSync(join(dist, 'assets', name))).length,
    0,
  );
  return { scripts: first.length, brotliKb: bytes / 1000, monacoBrotliKb: monaco / 1000 };
}

async function openTrace(page, path) {
  await page.getByRole('button', { name: 'Files and appearance' }).click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: /Open a trace/ }).click();
  await (await chooser).setFiles(path);
  await page.getByText(`/ ${eventsWanted}`).waitFor();
}

/** Milliseconds of the main thread's CPU since the page began: what a busy machine cannot inflate by making it wait. */
async function cpuClock(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? NaN) * 1000;
  };
}

/** From the slider's input event to the end of the work it caused, and to the frame that shows it. */
function measureSeeks(page) {
  return page.evaluate(
    async ([events, seeks]) => {
      const slider = document.querySelector('.scrubber input');
      const frame = () =>
        new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const times = [];
      let at = 1;
      for (let i = 0; i < seeks; i++) {
        at = (at * 7919 + 1237) % events;
        const begin = performance.now();
        slider.value = String(at);
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        await frame();
        times.push(performance.now() - begin);
      }
      times.sort((a, b) => a - b);
      return {
        median: times[Math.floor(seeks / 2)],
        p95: times[Math.floor(seeks * 0.95)],
        worst: times.at(-1),
      };
    },
    [eventsWanted, seeks],
  );
}

/** Time between frames while the film plays at `rate`, for five seconds. */
async function measurePlaying(page, rate) {
  // Keys go to the page, not to the menu that was used last.
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('Home');
  for (let i = 0; i < 9; i++) await page.keyboard.press('[');
  const steps = [0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50, 100].indexOf(rate);
  for (let i = 0; i < steps; i++) await page.keyboard.press(']');
  await page.keyboard.press('Space');
  const result = await page.evaluate(async () => {
    const gaps = [];
    let last = await new Promise(requestAnimationFrame);
    const begin = last;
    while (last - begin < 5000) {
      const now = await new Promise(requestAnimationFrame);
      gaps.push(now - last);
      last = now;
    }
    gaps.sort((a, b) => a - b);
    const position = Number(document.querySelector('.scrubber input').value);
    return {
      fps: (gaps.length * 1000) / (last - begin),
      frames: gaps.length,
      p95: gaps[Math.floor(gaps.length * 0.95)],
      worst: gaps.at(-1),
      position,
    };
  });
  await page.keyboard.press('Space');
  if (result.position === 0) throw new Error('it did not play');
  return result;
}

const folder = mkdtempSync(join(tmpdir(), 'loopscope-bench-'));
const { server, port } = await serve(dist);
const browser = await chromium.launch(launchOptions);
try {
  const file = join(folder, 'big.jsonl');
  writeFileSync(file, await makeTrace());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`http://127.0.0.1:${port}/`);
  await openTrace(page, file);
  await page.waitForTimeout(2500);
  const cpu = await cpuClock(page);
  const figures = { weight: scriptWeight(), seek: {}, playing: {} };
  let begin = await cpu();
  figures.seek = await measureSeeks(page);
  figures.seek.cpuMs = ((await cpu()) - begin) / seeks;
  for (const rate of [1, 10, 100]) {
    begin = await cpu();
    const result = await measurePlaying(page, rate);
    figures.playing[rate] = { ...result, cpuMsPerFrame: ((await cpu()) - begin) / result.frames };
  }
  console.log(JSON.stringify(figures, null, process.argv.includes('--json') ? 0 : 2));
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
