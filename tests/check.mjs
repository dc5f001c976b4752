// npm run check: everything that can be said about the sources without running them.
//
//   npm run check -- --only eslint     one of: layers clang-format prettier tsc eslint clang-tidy
//
// clang-tidy takes most of the time, a minute or two.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureDependencies, REPOSITORY } from '../wasm/toolchain/dependencies.mjs';
import { projectFiles } from '../wasm/toolchain/files.mjs';
import { ensurePackages } from '../wasm/toolchain/packages.mjs';
import { Failure, heading, main, run, say, step } from '../wasm/toolchain/steps.mjs';
import { layerProblems } from './check_layers.mjs';

const tool = (name) => join(REPOSITORY, 'node_modules/.bin', name);
const at = { cwd: REPOSITORY };

const CHECKS = {
  layers() {
    const problems = layerProblems(REPOSITORY);
    if (problems.length > 0) throw new Failure(problems.join('\n'));
  },
  async 'clang-format'() {
    const files = await projectFiles('*.cpp', '*.hpp');
    await run('clang-format-19', ['--dry-run', '--Werror', ...files], at);
  },
  prettier: () => run(tool('prettier'), ['--check', '--log-level=warn', '.'], at),
  tsc: () => run(tool('tsc'), ['--noEmit', '-p', '.'], at),
  eslint: () => run(tool('eslint'), ['--max-warnings=0', '.'], at),
  'clang-tidy': clangTidy,
};

/** One process for each source of the library, as many at once as there are processors. */
async function clangTidy() {
  if (!existsSync(join(REPOSITORY, 'build/clang/compile_commands.json'))) {
    await run('cmake', ['--preset', 'clang'], at);
  }
  const waiting = await projectFiles('native/src/*.cpp', 'native/cli/*.cpp');
  const problems = [];
  const worker = async () => {
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const args = ['-p', 'build/clang', '--quiet', path];
      const { code, stdout, stderr } = await run('clang-tidy-19', args, {
        ...at,
        allowFailure: true,
      });
      if (code !== 0) problems.push(stdout.trim() || stderr.trim());
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  if (problems.length > 0) throw new Failure(problems.join('\n'));
}

/** Runs the checks and prints what each finds; resolves to the names of those that failed. */
export async function check(names = Object.keys(CHECKS)) {
  const failed = [];
  for (const name of names) {
    try {
      await step(name, () => CHECKS[name]());
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      say(error.message);
      failed.push(name);
    }
  }
  return failed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const { values } = parseArgs({ options: { only: { type: 'string' } } });
    if (values.only !== undefined && CHECKS[values.only] === undefined) {
      throw new Failure(
        `There is no check "${values.only}"; there are ${Object.keys(CHECKS).join(', ')}.`,
      );
    }
    await ensureDependencies();
    await ensurePackages('native', 'format', 'test');
    heading('Check');
    const failed = await check(values.only === undefined ? undefined : [values.only]);
    if (failed.length > 0) throw new Failure(`Failed: ${failed.join(', ')}`);
    say('\nAll checks pass.');
  });
}
