// Measures the loop in WebAssembly beside what the JavaScript engine has of its own, in one process, in turns. Part of
// `npm run bench`.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { cmakeBuild } from '../toolchain/cmake.mjs';
import { REPOSITORY } from '../toolchain/dependencies.mjs';
import { Failure } from '../toolchain/steps.mjs';
import { promises } from './promises.mjs';

const CALLBACKS = 100_000;

const load = async (file) => {
  const module = await import(pathToFileURL(join(REPOSITORY, 'build/wasm/bin', file)).href);
  return module.default();
};

/** The cases in WebAssembly: name -> a function that does it and gives how many things it did. */
async function wasmCases() {
  const module = await load('loopscope_wasm_bench.mjs');
  const cases = new Map();
  for (let index = 0; ; ++index) {
    const name = module._case_name(index);
    if (name === 0) return cases;
    cases.set(module.UTF8ToString(name), () => module._run_case(index));
  }
}

/** The loop as JavaScript uses it: each callback goes through the border twice, and is one of JavaScript's. */
async function fromJavaScript() {
  const { EventLoop } = await load('loopscope.mjs');
  const loop = new EventLoop();
  loop.start();
  let ran = 0;
  const count = () => void ++ran;
  return () => {
    ran = 0;
    for (let index = 0; index < CALLBACKS; ++index) loop.call_soon(count);
    loop.turn();
    return ran;
  };
}

async function nanoseconds(once) {
  const start = performance.now();
  const done = await once();
  if (!(done > 0)) throw new Failure('the work was not done');
  return ((performance.now() - start) * 1e6) / done;
}

/** Rows of {name, wasm, js}, the medians of the nanoseconds for each thing done. */
export async function measureWasm(repetitions) {
  await cmakeBuild('wasm', 'wasm', { target: 'loopscope_wasm_bench' });
  await cmakeBuild('wasm', 'wasm', { target: 'loopscope_slim' });
  const cases = await wasmCases();
  const pairs = [...cases].map(([name, wasm]) => ({ name, wasm, js: promises[name] }));
  pairs.push({
    name: 'call_soon_from_js',
    wasm: await fromJavaScript(),
    js: promises.call_soon_burst,
  });
  const times = pairs.map(() => ({ wasm: [], js: [] }));
  // The first round is for the compilers.
  for (let round = 0; round <= repetitions; ++round) {
    for (const [index, pair] of pairs.entries()) {
      for (const who of ['wasm', 'js']) {
        const time = await nanoseconds(pair[who]);
        if (round > 0) times[index][who].push(time);
      }
    }
  }
  return pairs.map(({ name }, index) => ({ name, ...times[index] }));
}
