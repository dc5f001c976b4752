// npm test: every test of the project, in stages, from whatever state the machine is in.
//
//   npm test -- --only NAME     one stage (and the prerequisites)
//   npm test -- --list          the names of the stages
//
// Goes on after a stage that failed, so that one run tells everything; ends with "N passed, N failed" on a line of its own.
// A skipped test counts as failed: what a test needs is among the prerequisites.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { cmakeBuild } from '../wasm/toolchain/cmake.mjs';
import { ensureDependencies, REPOSITORY } from '../wasm/toolchain/dependencies.mjs';
import { emscripten } from '../wasm/toolchain/emscripten.mjs';
import { ensurePackages, requireNode } from '../wasm/toolchain/packages.mjs';
import { elapsed, Failure, heading, main, run, say, step } from '../wasm/toolchain/steps.mjs';
import { build } from '../web/build.mjs';
import { check } from './check.mjs';
import { fromJUnit, fromParity, fromVitest } from './counts.mjs';

const REPORTS = join(REPOSITORY, 'build/reports');
const NOTHING = { passed: 0, failed: [], skipped: [] };

/** Each returns {passed, failed: names, skipped: names}, or throws. */
const STAGES = {
  build: { what: 'what people use: native twin, WebAssembly, page', work: buildAll },
  native: { what: 'GCC, Debug: every C++ test', work: () => ctest('dev') },
  asan: { what: 'Clang 19, Debug: the same under ASan and UBSan', work: () => ctest('asan') },
  tsan: { what: 'the tests that cross threads under ThreadSanitizer', work: () => ctest('tsan') },
  wasm: { what: 'the WebAssembly twin under Node', work: () => vitest('wasm') },
  parity: { what: 'native, WebAssembly and page write the same trace', work: parity },
  web: { what: 'the logic of the page under Node', work: () => vitest('node') },
  browser: { what: 'the parts of the page in Chromium', work: () => vitest('browser') },
  page: { what: 'the built page, used like a person does', work: () => vitest('page') },
  check: { what: 'format, lint, types, layers', work: checkAll },
};

async function prerequisites() {
  requireNode();
  await ensureDependencies();
  await ensurePackages('native', 'format', 'test');
  const { version, origin } = await emscripten();
  say(`   Node ${process.versions.node}, Emscripten ${version} (${origin})`);
}

async function buildAll() {
  await build({ compressed: false });
  return NOTHING;
}

async function ctest(preset) {
  await step(`build ${preset}`, () => cmakeBuild(preset, preset));
  const args = ['--preset', preset, '--parallel', '2', '--output-junit'];
  return tests(`ctest ${preset}`, 'ctest', args, fromJUnit);
}

function vitest(project) {
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json'];
  const command = join(REPOSITORY, 'node_modules/.bin/vitest');
  return tests(`vitest ${project}`, command, [...args, '--outputFile'], fromVitest);
}

/** With fewer runs of each than `npm run parity` has, which are most of its time. */
function parity() {
  const args = ['tests/parity/run.mjs', '--repeat', '5', '--report'];
  return tests('parity', process.execPath, args, fromParity);
}

/** Runs a test runner that writes its report where its last argument says, shows what it said if anything failed, and counts. */
async function tests(name, command, args, count) {
  const report = join(REPORTS, `${name.replaceAll(' ', '-')}.report`);
  mkdirSync(REPORTS, { recursive: true });
  rmSync(report, { force: true });
  const { code, stdout, stderr } = await step(name, () =>
    run(command, [...args, report], {
      cwd: REPOSITORY,
      allowFailure: true,
      env: { NO_COLOR: '1' },
    }),
  );
  if (code !== 0) say(`${stdout}${stderr}`);
  const result = count(report);
  if (code !== 0 && result.failed.length === 0) {
    result.failed.push(`${name} ended with exit code ${code}, though no test failed`);
  }
  if (result.passed + result.failed.length + result.skipped.length === 0) {
    result.failed.push(`${name} found no tests`);
  }
  return result;
}

async function checkAll() {
  return { ...NOTHING, failed: await check() };
}

async function runStage(name) {
  const start = performance.now();
  heading(`${name}: ${STAGES[name].what}`);
  let result;
  try {
    result = await STAGES[name].work();
  } catch (error) {
    say(error instanceof Failure ? error.message : error.stack);
    result = { ...NOTHING, failed: [`${name} broke off`] };
  }
  for (const one of result.failed) say(`   failed: ${one}`);
  for (const one of result.skipped) say(`   skipped, which counts as failed: ${one}`);
  const failed = result.failed.length + result.skipped.length;
  return { name, passed: result.passed, failed, time: elapsed(start) };
}

function readArguments() {
  const names = Object.keys(STAGES).join(', ');
  let values;
  try {
    ({ values } = parseArgs({ options: { only: { type: 'string' }, list: { type: 'boolean' } } }));
  } catch (error) {
    throw new Failure(
      `${error.message}\nUsage: npm test -- [--only STAGE] [--list]; stages: ${names}`,
    );
  }
  if (values.only !== undefined && STAGES[values.only] === undefined) {
    throw new Failure(`There is no stage "${values.only}"; there are ${names}.`);
  }
  return values;
}

await main(async () => {
  const { only, list } = readArguments();
  if (list === true) {
    for (const [name, { what }] of Object.entries(STAGES)) console.log(`${name.padEnd(10)}${what}`);
    return 0;
  }
  const start = performance.now();
  heading('prerequisites');
  await prerequisites();
  const results = [];
  for (const name of only === undefined ? Object.keys(STAGES) : [only]) {
    results.push(await runStage(name));
  }
  heading(`Summary (${elapsed(start)})`);
  for (const { name, passed, failed, time } of results) {
    const verdict = failed > 0 ? 'FAILED' : 'ok';
    const counts = `${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed`;
    say(`${name.padEnd(10)}${verdict.padEnd(8)}${counts}   ${time}`);
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') > 0 ? 1 : 0;
});
