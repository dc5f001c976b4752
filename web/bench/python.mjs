// Python's figures in Chromium: how long it takes to come up, from nothing and from the caches, from the click on Run to the first
// output with an interpreter that is up, and what a callback and a sleep(0) cost beside Pyodide's own loop in the same interpreter.
// `npm run build` first; then `node web/bench/python.mjs [--json]`. On a busy machine these are upper bounds.
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { launchOptions } from '../../tests/web/chromium.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const at = (path) => join(root, path);
const repetitions = 5;
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The runtime for a page of ours, without the rest of the page. */
async function bundle() {
  mkdirSync(at('build/bench'), { recursive: true });
  await build({
    configFile: false,
    worker: { format: 'es' },
    logLevel: 'warn',
    build: {
      target: 'es2022',
      outDir: at('build/bench/page'),
      copyPublicDir: false,
      lib: { entry: at('web/bench/python_page.ts'), formats: ['es'], fileName: () => 'bench.mjs' },
    },
  });
}

const TYPES = {
  html: 'text/html',
  js: 'text/javascript',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
  json: 'application/json',
};

function serveBench() {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://here').pathname;
    const file = path.startsWith('/wasm/')
      ? at(`web/public${path}`)
      : at(`build/bench/page${path}`);
    const type = TYPES[path.split('.').at(-1)] ?? 'application/octet-stream';
    if (path === '/')
      return response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
    try {
      const body = readFileSync(file);
      response.writeHead(200, { 'content-type': type, 'cache-control': 'max-age=3600, immutable' });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function measure(browser, origin) {
  const figures = {};
  const context = await browser.newContext();
  const page = await context.newPage();
  const call = (name, ...rest) =>
    page.evaluate(
      async ([name, rest]) => (await import('/bench.mjs'))[name](...rest),
      [name, rest],
    );
  await page.goto(origin);
  figures.loadColdMs = await call('load');
  const warm = [];
  for (let run = 0; run < repetitions; run++) {
    await page.goto('about:blank');
    await page.goto(origin);
    warm.push(await call('load'));
  }
  figures.loadWarmMs = median(warm);
  const clicks = [];
  for (let run = 0; run < repetitions; run++) clicks.push(await call('clickToOutput'));
  figures.clickToOutputMs = median(clicks);
  Object.assign(figures, await call('costs'));
  await context.close();
  return figures;
}

await bundle();
const server = await serveBench();
const browser = await chromium.launch(launchOptions);
try {
  const figures = await measure(browser, `http://127.0.0.1:${server.address().port}/`);
  if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
  else
    for (const [name, value] of Object.entries(figures))
      console.log(`${name.padEnd(24)}${value.toFixed(1)}`);
} finally {
  await browser.close();
  server.close();
}
