// `npm run bench`: this library's loop and standalone Asio's in one run of one program, and what tracing costs. Prints
// tables of nanoseconds for each thing done; they depend on the machine, the ratios much less.
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { cmakeBuild } from '../../wasm/toolchain/cmake.mjs';
import { REPOSITORY } from '../../wasm/toolchain/dependencies.mjs';
import { Failure, main, run, step } from '../../wasm/toolchain/steps.mjs';

const GOAL = 0.5;
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
};

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
    (of[who] ??= { ns: [], events: entry.events }).ns.push(1e9 / entry.items_per_second);
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
    const { loopscope, asio } = cases.get(name);
    const ratio = median(loopscope.ns) / median(asio.ns);
    return [
      ABOUT[name],
      nanoseconds(median(loopscope.ns)),
      nanoseconds(median(asio.ns)),
      ratio.toFixed(2),
      ratio <= GOAL ? 'met' : `> ${GOAL}`,
    ];
  });
  table('ns for each, median', ['loopscope', 'asio', 'ratio', 'goal'], rows);
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
  const untraceable = await step('Measuring the core without its checks for a tracer', () =>
    measure('loopscope_bench_untraceable', values.repetitions, values.filter),
  );
  printPeers(cases);
  printTracing(cases, untraceable);
});
