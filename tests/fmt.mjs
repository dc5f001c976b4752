// npm run fmt: formats every file of the project. Arguments: only these files.
import process from 'node:process';
import { ensureDependencies, REPOSITORY } from '../wasm/toolchain/dependencies.mjs';
import { projectFiles } from '../wasm/toolchain/files.mjs';
import { ensurePackages } from '../wasm/toolchain/packages.mjs';
import { main, run, step } from '../wasm/toolchain/steps.mjs';

await main(async () => {
  await ensureDependencies();
  await ensurePackages('format');
  const only = process.argv.slice(2);
  const files = only.length > 0 ? only : await projectFiles();
  const native = files.filter((path) => /\.(cpp|hpp)$/.test(path));
  if (native.length > 0) {
    await step('clang-format', () =>
      run('clang-format-19', ['-i', ...native], { cwd: REPOSITORY }),
    );
  }
  const rest = files.filter((path) => !/\.(cpp|hpp)$/.test(path));
  if (rest.length > 0) {
    const args = ['--write', '--log-level=warn', '--ignore-unknown', ...rest];
    await step('prettier', () => run('node_modules/.bin/prettier', args, { cwd: REPOSITORY }));
  }
});
