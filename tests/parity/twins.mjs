// The ways to run an example: each makes a trace of it, under the virtual clock.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';
import { REPOSITORY } from '../../wasm/toolchain/dependencies.mjs';
import { Failure, run } from '../../wasm/toolchain/steps.mjs';
import { serve } from '../../web/server.mjs';
import { launchOptions } from '../web/chromium.mjs';
import { isComplete } from './compare.mjs';

const NATIVE = join(REPOSITORY, 'build/native/bin/loopscope');
const DIST = join(REPOSITORY, 'web/dist');
const RUN_LIMIT_MS = 60_000;

/** The examples in the gallery's order, as the native twin lists them: {name, needs}. */
export async function listExamples() {
  if (!existsSync(NATIVE)) throw new Failure(`There is no ${NATIVE}: run npm run build first.`);
  const { stdout } = await run(NATIVE, ['list', '--json'], { cwd: REPOSITORY });
  return JSON.parse(stdout);
}

/** Runs `work` with a folder that is gone afterwards. */
async function withFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'loopscope-parity-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the program prints and its exit code are in the trace. */
async function traceOf(command, args, file) {
  const { stderr } = await run(command, args, { cwd: REPOSITORY, allowFailure: true });
  if (!existsSync(file)) throw new Error(`no trace was written: ${stderr.trim()}`);
  return readFileSync(file, 'utf8');
}

function once(command, before, example) {
  return withFolder((folder) => {
    const file = join(folder, 'trace.jsonl');
    const args = [...before, 'run', example, '--clock', 'virtual', '--trace', file];
    return traceOf(command, args, file);
  });
}

const native = {
  name: 'native',
  async traces(example, count) {
    const traces = [];
    while (traces.length < count) traces.push(await once(NATIVE, [], example));
    return traces;
  },
  close: () => undefined,
};

/** What the twin under Node says, and how it ends, where it cannot run something. */
async function refusalOf(what) {
  const args = [join(REPOSITORY, 'wasm/twin.mjs'), 'run', what, '--clock', 'virtual'];
  const { code, stderr } = await run(process.execPath, args, {
    cwd: REPOSITORY,
    allowFailure: true,
  });
  return { code, stderr: stderr.trim() };
}

/** The first run is the program's that people use; the others share one process. */
const wasm = {
  name: 'wasm',
  refusal: refusalOf,
  refusalWords: (example, needs) => `the example "${example}" needs ${needs}`,
  async traces(example, count) {
    const first = await once(process.execPath, [join(REPOSITORY, 'wasm/twin.mjs')], example);
    const others = await withFolder(async (folder) => {
      const program = join(REPOSITORY, 'tests/parity/wasm_runs.mjs');
      await run(process.execPath, [program, example, String(count - 1), folder], {
        cwd: REPOSITORY,
      });
      const files = Array.from({ length: count - 1 }, (_, index) => `${index + 1}.jsonl`);
      return files.map((file) => readFileSync(join(folder, file), 'utf8'));
    });
    return [first, ...others];
  },
  close: () => undefined,
};

const REFUSED_IN_PYTHON = {
  descriptors: 'WebAssembly has no file descriptors to wait for',
  signals: 'a program in WebAssembly receives no signals',
};

const twinOf = (example) => `examples/${example}/main.py`;

/** What a program with threads prints; `refused`: it says that there are none. */
async function printedLive(command, args) {
  const options = { cwd: REPOSITORY, allowFailure: true };
  const { code, stdout, stderr } = await run(command, args, options);
  const refused = code === 1 && stderr.includes("RuntimeError: can't start new thread: ");
  return { output: stdout, refused };
}

/**
 * The ways to run the Python program beside an example. Each resolves to its trace; stock CPython's is written by a tracer that
 * listens to its loop, so there the output is that of a run without one. `live`: to what a program with threads
 * prints, where its threads are not those of the native twin.
 */
export const pythons = [
  {
    name: 'Python native',
    run: async (example) => ({ trace: await once(NATIVE, [], twinOf(example)) }),
  },
  {
    name: 'Python Pyodide',
    live: (example) =>
      printedLive(process.execPath, [
        join(REPOSITORY, 'wasm/twin.mjs'),
        'run',
        twinOf(example),
        '--clock',
        'virtual',
      ]),
    refusal: (example) => refusalOf(twinOf(example)),
    refusalWords: (example, needs) => `NotImplementedError: ${REFUSED_IN_PYTHON[needs]}`,
    async run(example) {
      const before = [join(REPOSITORY, 'wasm/twin.mjs')];
      return { trace: await once(process.execPath, before, twinOf(example)) };
    },
  },
  {
    name: 'CPython',
    // On the real clock: its threads know no other.
    live: (example) => printedLive('python3', ['-B', twinOf(example)]),
    run: (example) =>
      withFolder(async (folder) => {
        const file = join(folder, 'trace.jsonl');
        const program = (name, ...rest) => [
          '-B',
          `tests/parity/oracle/${name}.py`,
          twinOf(example),
          ...rest,
        ];
        const trace = await traceOf('python3', program('traced_program', file), file);
        const { stdout } = await run('python3', program('run_program'), {
          cwd: REPOSITORY,
          allowFailure: true,
        });
        return { trace, output: stdout };
      }),
  },
];

/** The page as it is built: opens the example by its link, presses Run, and downloads the trace. */
async function page() {
  if (!existsSync(join(DIST, 'index.html'))) {
    throw new Failure(`There is no ${DIST}/index.html: run npm run build first.`);
  }
  const { server, port } = await serve(DIST);
  const browser = await chromium.launch(launchOptions);
  const view = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  return {
    name: 'page',
    parallel: 1,
    async traces(example, count) {
      const traces = [];
      while (traces.length < count) {
        // A page of its own for each run, so that no trace of an earlier one can be taken for its trace.
        await view.goto('about:blank');
        await view.goto(`http://127.0.0.1:${port}/#example=${example}&clock=virtual`);
        await view.getByRole('button', { name: 'Run', exact: true }).first().click();
        traces.push(await finishedTrace(view));
      }
      return traces;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}

async function finishedTrace(view) {
  const limit = Date.now() + RUN_LIMIT_MS;
  for (;;) {
    await view.getByRole('button', { name: 'Files and appearance' }).click();
    const item = view.getByRole('menuitem', { name: /Download the trace/ });
    if (await item.isEnabled()) {
      const arriving = view.waitForEvent('download');
      await item.click();
      const text = readFileSync(await (await arriving).path(), 'utf8');
      if (isComplete(text)) return text;
    } else await view.keyboard.press('Escape');
    if (Date.now() > limit) throw new Error(`the run did not end within ${RUN_LIMIT_MS / 1000} s`);
    await view.waitForTimeout(100);
  }
}

/** Opens the twins, the reference first: {name, traces(example, count), close()}. */
export async function openTwins({ withPage }) {
  return [native, wasm, ...(withPage ? [await page()] : [])];
}
