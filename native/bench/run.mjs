// `npm run bench`: this library's loop beside standalone Asio's and libuv's in one run of one program, CPython's asyncio and
// uvloop doing the same, what tracing costs, and the loop in WebAssembly beside JavaScript's promises. Prints tables of nanoseconds for each thing done; they depend on the
// machine, the ratios much less.
//
//   --repetitions N   of each case (9)
//   --filter REGEX    only these cases
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { cmakeBuild } from '../../wasm/toolchain/cmake.mjs';
import { measureWasm } from '../../wasm/bench/measure.mjs';
import { REPOSITORY } from '../../wasm/toolchain/dependencies.mjs';
import { Failure, main, run, say, step } from '../../wasm/toolchain/steps.mjs';

const GOAL = 0.5;
const PYTHON_GOAL = 50;
const WASM_GOAL = 2;
const NEEDED = [
  { file: 'benchmark/benchmark.h', debian: 'libbenchmark-dev' },
  { file: 'asio.hpp', debian: 'libasio-dev' },
];
const ABOUT = {
  call_soon_burst: 'call_soon, all at once',
  call_soon_chain: 'call_soon, each the next',
  sleep_zero: 'sleep(0) in one task',
  await_finished: 'await of a coroutine that is done at once',
  spawn_and_gather: 'spawn and gather 200,000 tasks',
  timers_cancelled: 'set and cancel 200,000 timers',
  queue_ping_pong: 'Queue: there and back between two tasks',
  lock_hand_over: 'Lock: handed over between two tasks',
  task_group: 'TaskGroup of 100,000 tasks',
  timeout: 'timeout() set and not needed',
  call_soon_threadsafe: 'call_soon_threadsafe from another thread',
  call_soon_from_js: 'call_soon of a JavaScript function',
};
/** Counted in bytes, not in time. */
const MEMORY = 'memory_of_a_task';
const PYTHON_PROGRAM = join(REPOSITORY, 'native/bench/python.py');

/** Fails with the packages to install where a header cannot be included. */
async function checkHeaders() {
  const compiler = process.env.CXX ?? 'c++';
  const missing = [];
  for (const { file, debian } of NEEDED) {
    const { code } = await run(compiler, ['-x', 'c++', '-E', '-'], {
      input: `#include <${file}>\n`,
      allowFailure: true,
    });
    if (code !== 0) missing.push({ file, debian });
  }
  if (missing.length === 0) return;
  const what = missing.map(({ file }) => `<${file}>`).join(' and ');
  const packages = missing.map(({ debian }) => debian).join(' ');
  throw new Failure(
    `The benchmarks need ${what}, which ${compiler} does not find.\nOn Debian: apt-get install ${packages}`,
  );
}

/** Runs a benchmark program: case -> who -> {ns: a time for each repetition, per thing done; events}. */
async function measure(program, repetitions, filter) {
  const { stdout } = await run(
    join(REPOSITORY, 'build', 'bench', 'bin', program),
    [
      '--benchmark_format=json',
      `--benchmark_filter=${filter}`,
      `--benchmark_repetitions=${repetitions}`,
      '--benchmark_enable_random_interleaving=true',
      '--benchmark_min_time=0.1',
    ],
    { env: { LOOPSCOPE_TRACE: '', LOOPSCOPE_CLOCK: '', LOOPSCOPE_LOOP: '', LOOPSCOPE_DEBUG: '' } },
  );
  const cases = new Map();
  for (const entry of JSON.parse(stdout).benchmarks) {
    if (entry.error_occurred) throw new Failure(`${entry.name}: ${entry.error_message}`);
    if (entry.run_type !== 'iteration') continue;
    const [name, who] = entry.name.split('/');
    const of = cases.get(name) ?? cases.set(name, {}).get(name);
    const { events, bytes } = entry;
    (of[who] ??= { ns: [], events, bytes }).ns.push(1e9 / entry.items_per_second);
  }
  if (cases.size === 0) throw new Failure(`${program} ran nothing for ${filter}`);
  return cases;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function table(title, head, rows) {
  const width = Math.max(title.length, ...rows.map(([name]) => name.length)) + 2;
  const line = ([name, ...cells]) =>
    name.padEnd(width) + cells.map((cell) => cell.padStart(11)).join('');
  process.stdout.write(`\n${[line([title, ...head]), ...rows.map(line)].join('\n')}\n`);
}

const nanoseconds = (value) => value.toFixed(1);
const inOrder = (cases) => Object.keys(ABOUT).filter((name) => cases.has(name));

function printPeers(cases) {
  const rows = inOrder(cases).map((name) => {
    const { loopscope, asio, libuv } = cases.get(name);
    const own = median(loopscope.ns);
    const cell = (peer) => (peer === undefined ? '-' : nanoseconds(median(peer.ns)));
    const ratio = asio === undefined ? undefined : own / median(asio.ns);
    const goal = ratio === undefined ? '-' : ratio <= GOAL ? 'met' : `> ${GOAL}`;
    const cells = [nanoseconds(own), cell(asio), ratio?.toFixed(2) ?? '-', goal, cell(libuv)];
    return [ABOUT[name], ...cells];
  });
  table('ns for each, median', ['loopscope', 'asio', 'ratio', 'goal', 'libuv'], rows);
}

/** How many times as long each takes in Python, which tells more than the nanoseconds. */
function printPython(cases, { asyncio, uvloop }) {
  const rows = inOrder(cases).map((name) => {
    const own = median(cases.get(name).loopscope.ns);
    const cells = [asyncio, uvloop].flatMap((times) =>
      times === undefined
        ? ['-', '-']
        : [nanoseconds(times[name]), `${(times[name] / own).toFixed(1)}x`],
    );
    const goal =
      asyncio === undefined ? '-' : asyncio[name] / own >= PYTHON_GOAL ? 'met' : 'missed';
    return [ABOUT[name], nanoseconds(own), ...cells, goal];
  });
  const head = ['loopscope', 'asyncio', 'slower', 'uvloop', 'slower', `${PYTHON_GOAL}x`];
  table('ns for each', head, rows);
}

function printMemory(cases, { asyncio }) {
  const memory = cases.get(MEMORY);
  if (memory === undefined) return;
  const bytes = [memory.loopscope.bytes, memory.asio?.bytes, asyncio?.[MEMORY]];
  const cells = bytes.map((value) => (value === undefined ? '-' : value.toFixed(0)));
  table('bytes', ['loopscope', 'asio', 'asyncio'], [['of a task that waits', ...cells]]);
}

function printWasm(rows) {
  const lines = rows.map(({ name, wasm, js }) => {
    const ratio = median(wasm) / median(js);
    const goal = ratio <= WASM_GOAL ? 'met' : `> ${WASM_GOAL}`;
    const cells = [nanoseconds(median(wasm)), nanoseconds(median(js)), ratio.toFixed(2), goal];
    return [ABOUT[name], ...cells];
  });
  table('ns for each, in Node', ['WebAssembly', 'JavaScript', 'ratio', 'goal'], lines);
}

/** The newest CPython of this machine up to 3.13, which the library follows. */
function newestPython() {
  const own = join(homedir(), '.pyenv/versions');
  const versions = existsSync(own) ? readdirSync(own) : [];
  const minor = (version) => Number(/^3\.(\d+)\./.exec(version)?.[1] ?? 0);
  const [best] = versions
    .filter((version) => minor(version) >= 11 && minor(version) <= 13)
    .sort((one, other) => minor(other) - minor(one));
  return best === undefined ? 'python3' : join(own, best, 'bin/python3');
}

/** The times of the cases in Python, or undefined with a word on what is missing. */
async function measurePython(python, args, missing) {
  const { code, stdout, stderr } = await run(python, [PYTHON_PROGRAM, ...args], {
    allowFailure: true,
  });
  if (code === 0) return JSON.parse(stdout);
  say(`   not measured: ${missing} (${stderr.trim().split('\n').at(-1)})`);
  return undefined;
}

function printTracing(cases, untraceable) {
  const traced = inOrder(cases).filter((name) => cases.get(name).traced !== undefined);
  const rows = traced.map((name) => {
    const { loopscope, traced: on } = cases.get(name);
    const off = median(loopscope.ns);
    return [
      ABOUT[name],
      nanoseconds(median(untraceable.get(name).loopscope.ns)),
      nanoseconds(off),
      nanoseconds(median(on.ns)),
      on.events.toFixed(1),
      nanoseconds((median(on.ns) - off) / on.events),
    ];
  });
  table('tracing, ns for each', ['no checks', 'off', 'on', 'events', 'ns/event'], rows);
}

await main(async () => {
  const { values } = parseArgs({
    options: {
      repetitions: { type: 'string', default: '9' },
      filter: { type: 'string', default: '.' },
    },
  });
  if (!/^[1-9]\d*$/.test(values.repetitions)) {
    throw new Failure('--repetitions takes a whole number from 1');
  }
  await step('Looking for Google Benchmark and Asio', checkHeaders);
  await step('Building the benchmarks', () => cmakeBuild('bench', 'bench'));
  const cases = await step('Measuring, this loop and Asio in turn', () =>
    measure('loopscope_bench', values.repetitions, values.filter),
  );
  if (cases.has(MEMORY)) {
    // In a process of its own: the other cases leave free blocks behind, which cost nothing then.
    const alone = await measure('loopscope_bench', 1, `^${MEMORY}/`);
    cases.set(MEMORY, alone.get(MEMORY));
  }
  const traceable = [...cases.keys()].filter((name) => cases.get(name).traced !== undefined);
  const untraceable =
    traceable.length === 0
      ? new Map()
      : await step('Measuring the core without its checks for a tracer', () =>
          measure('loopscope_bench_untraceable', values.repetitions, `^(${traceable.join('|')})/`),
        );
  const python = {
    asyncio: await step('Measuring CPython', () =>
      measurePython(newestPython(), [], 'Python 3.11 or newer'),
    ),
    uvloop: await step('Measuring uvloop', () =>
      measurePython('/usr/bin/python3', ['uvloop'], 'apt-get install python3-uvloop'),
    ),
  };
  printPeers(cases);
  printPython(cases, python);
  printMemory(cases, python);
  if (cases.get('timers_cancelled')?.libuv === undefined) {
    say('\nlibuv was not measured: apt-get install libuv1-dev, and remove build/bench.');
  }
  if (traceable.length > 0) printTracing(cases, untraceable);
  const wasm = await step('Measuring the loop in WebAssembly, and promises', () =>
    measureWasm(Number(values.repetitions)),
  );
  printWasm(wasm.filter(({ name }) => new RegExp(values.filter).test(`${name}/wasm`)));
});
