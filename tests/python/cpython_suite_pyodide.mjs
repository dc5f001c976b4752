// node tests/python/cpython_suite_pyodide.mjs [MODULE ...]: CPython's own tests of asyncio in Pyodide, on our loop and on asyncio's.
//
// Each module runs in interpreters of its own: on asyncio's BaseEventLoop (cpython_in_pyodide.py says how) and on our loop. What
// fails on the first says nothing about ours: it needs sockets or processes. What fails on ours alone must stand in
// cpython_failures_pyodide.txt with its cause, and what stands there must fail.
//
// Gets the tests from the machine's Debian mirror, once. Needs `npm run build`, and for the tests that need threads a Node that
// has WebAssembly's JSPI (25, or 24 with --experimental-wasm-jspi); another leaves them out.
//
//   --clock real     where there is JSPI (virtual)
//   --only TEXT      tests whose names contain this, and what they print
//   --limit SECONDS  for one test (30)
//   --traced         with every loop traced
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { REPOSITORY } from '../../wasm/toolchain/dependencies.mjs';
import { withLock } from '../../wasm/toolchain/lock.mjs';
import { download, unpack } from '../../wasm/toolchain/newer_release.mjs';
import { Failure, main, step } from '../../wasm/toolchain/steps.mjs';

const MODULES = [
  ...['buffered_proto', 'context', 'eager_task_factory', 'events', 'futures'],
  ...['futures2', 'graph', 'locks', 'pep492', 'protocols', 'queues', 'runners', 'staggered'],
  ...['streams', 'taskgroups', 'tasks', 'threads', 'timeouts', 'transports', 'waitfor'],
];
/** Its loops wait at a mock, where virtual time does not pass. */
const ON_THE_REAL_CLOCK = ['base_events'];
/** Pyodide's Python is 3.14.2; the nearest whose tests Debian has. */
const RELEASE = 'forky';
const PACKAGES = ['libpython3.14-testsuite', 'libpython3.14-stdlib'];
const HERE = join(REPOSITORY, 'tests/python');
const LISTED = join(HERE, 'cpython_failures_pyodide.txt');
const WORK = join(REPOSITORY, 'build/cpython_tests');
const PREFIX = 'test.test_asyncio.';

/** The package `test` with what it needs, in WORK; the programs that run it lie beside it. */
async function provideTests() {
  await withLock(`${WORK}.lock`, async () => {
    if (!existsSync(join(WORK, 'test'))) await step("fetch CPython's tests", fetchTests);
  });
  for (const file of ['cpython_in_pyodide.py', 'cpython_outcomes.py']) {
    copyFileSync(join(HERE, file), join(WORK, file));
  }
}

async function fetchTests() {
  const unpacked = `${WORK}.unpacked`;
  rmSync(unpacked, { recursive: true, force: true });
  await download(unpacked, RELEASE, PACKAGES);
  await unpack(unpacked);
  mkdirSync(WORK, { recursive: true });
  renameSync(join(unpacked, 'usr/lib/python3.14/test'), join(WORK, 'test'));
  rmSync(unpacked, { recursive: true });
}

/**
 * {outcomes: {test: outcome}, loops: how many of ours were made, output}. A test that does not come to an end, or ends the
 * interpreter, is "broken"; another interpreter runs those after it.
 */
async function runModule(module, which, { clock, only, limit, traced }) {
  const result = `${module}-${which}.log`;
  rmSync(join(WORK, result), { force: true });
  const args = ['wasm/twin.mjs', 'run', join(WORK, 'cpython_in_pyodide.py'), '--clock', clock];
  if (traced) args.push('--trace', '/dev/null');
  args.push('--', module, which, result, ...(only === undefined ? [] : [only]));
  let output = '';
  let loops = 0;
  for (let known = -1; ;) {
    output += await ended(
      spawn(process.execPath, [...process.execArgv, ...args], { cwd: REPOSITORY }),
      result,
      limit,
    );
    const { ended: made, ...outcomes } = readResult(result);
    loops += Number(made ?? 0);
    const told = Object.keys(outcomes).length;
    if (made !== undefined || told === known) return { outcomes, loops, output };
    known = told;
  }
}

/** What it printed, when it has ended, or when for `limit` seconds no test has begun or ended. */
function ended(child, result, limit) {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  const path = join(WORK, result);
  const size = () => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  let before = size();
  let began = false; // until then it comes up, which takes long on a loaded machine
  const timer = setInterval(() => {
    if (size() === before && began) child.kill('SIGKILL');
    began = true;
    before = size();
  }, limit * 1000);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      clearInterval(timer);
      resolve(output);
    });
  });
}

function readResult(result) {
  const path = join(WORK, result);
  if (!existsSync(path)) return {};
  const lines = readFileSync(path, 'utf8').split('\n');
  const rows = lines.filter((line) => line !== '').map((line) => line.split('\t'));
  return Object.fromEntries(
    rows.map(([name, outcome]) => [name, outcome === 'running' ? 'broken' : outcome]),
  );
}

/** {test: cause} */
function listedFailures() {
  const lines = readFileSync(LISTED, 'utf8').split('\n');
  const rows = lines.filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    rows.map((row) => {
      const end = row.indexOf(': ');
      return [row.slice(0, end), row.slice(end + 2)];
    }),
  );
}

/** The counts of one module, and sentences that say what is wrong. */
function compare(module, stock, ours, listed) {
  const counts = { passed: 0, failed: 0, listed: 0, other: 0, loops: ours.loops };
  const problems = [];
  if (Object.keys(stock.outcomes).length === 0)
    problems.push(`${module}: no tests\n${stock.output}`);
  for (const [test, outcome] of Object.entries(stock.outcomes)) {
    const name = test.replace(PREFIX, '');
    const here = ours.outcomes[test] ?? 'missing';
    if (outcome !== 'passed') {
      counts.other++;
    } else if (here === 'passed') {
      counts.passed++;
      if (name in listed) problems.push(`${name}: passes, but is listed`);
    } else if (name in listed) {
      counts.listed++;
    } else {
      counts.failed++;
      problems.push(`${name}: ${here} on our loop`);
    }
  }
  return { counts, problems };
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      clock: { type: 'string', default: 'virtual' },
      only: { type: 'string' },
      limit: { type: 'string', default: '30' },
      traced: { type: 'boolean', default: false },
    },
  });
  const known = values.clock === 'real' ? [...MODULES, ...ON_THE_REAL_CLOCK] : MODULES;
  const unknown = positionals.find((module) => !known.includes(module));
  if (unknown !== undefined) {
    throw new Failure(
      `There is no module "${unknown}" for this clock; there are ${known.join(', ')}.`,
    );
  }
  const modules = positionals.length > 0 ? positionals : known;
  return { ...values, modules, limit: Number(values.limit) };
}

await main(async () => {
  const options = readArguments();
  await provideTests();
  const listed = listedFailures();
  const total = { passed: 0, failed: 0, listed: 0, other: 0, loops: 0 };
  let wrong = 0;
  for (const module of options.modules) {
    const [stock, ours] = await Promise.all(
      ['asyncio', 'ours'].map((which) => runModule(module, which, options)),
    );
    if (options.only !== undefined)
      console.log(`== asyncio\n${stock.output}== ours\n${ours.output}`);
    const { counts, problems } = compare(module, stock, ours, listed);
    wrong += problems.length;
    for (const key of Object.keys(total)) total[key] += counts[key];
    const columns = [
      [counts.passed, 5, 'passed'],
      [counts.failed, 3, 'failed'],
      [counts.listed, 3, 'listed'],
      [counts.other, 3, 'not on asyncio’s loop either'],
      [counts.loops, 5, 'loops'],
    ];
    const text = columns.map(([count, width, name]) => `${String(count).padStart(width)} ${name}`);
    console.log(`${module.padEnd(20)}${text.join('  ')}`);
    for (const problem of problems) console.log(`    ${problem}`);
  }
  console.log(
    `\nCPython's tests of asyncio in Pyodide, on our loop: ${total.passed} passed, ${total.failed} failed, ` +
      `${total.listed} fail for a listed cause; ${total.loops} loops`,
  );
  return wrong > 0 ? 1 : 0;
});
