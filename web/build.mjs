// npm run build: the command line twin in build/native/bin and the page in web/dist, a static folder for any server.
// Does only what changed. Nothing but node: built-ins may be imported before the npm packages are there.
//
//   --no-compress   leaves out the .br files beside the page's files
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { cmakeBuild } from '../wasm/toolchain/cmake.mjs';
import { ensureDependencies, REPOSITORY } from '../wasm/toolchain/dependencies.mjs';
import { ensurePackages, requireNode } from '../wasm/toolchain/packages.mjs';
import { heading, main, run, say, step } from '../wasm/toolchain/steps.mjs';
import { contentHash, whenChanged } from '../wasm/toolchain/stamp.mjs';
import { compress } from './compress.mjs';

const at = (...path) => join(REPOSITORY, ...path);
const DIST = at('web/dist');

/** Brings everything up to date: packages, native and WebAssembly builds, the page. */
export async function build({ compressed = true } = {}) {
  requireNode();
  await ensureDependencies();
  await ensurePackages('native');
  await step('native build', () => cmakeBuild('release', 'native'));
  const { buildWasm } = await import('../wasm/build.mjs');
  await buildWasm({ log: say });
  await buildPage();
  if (compressed)
    await step('compress the page for servers that send .br files', () => compress(DIST));
  return DIST;
}

/** Vite has no notion of "nothing changed": skip it when none of its inputs did. */
async function buildPage() {
  const inputs = ['web/index.html', 'web/embed.html', 'web/public', 'web/src', 'examples'];
  const config = ['package-lock.json', 'tsconfig.json', 'vite.config.ts', 'vite.embed.config.ts'];
  const key = contentHash([...inputs, ...config].map((path) => at(path)));
  const vite = (config) =>
    run(process.execPath, [at('node_modules/vite/bin/vite.js'), 'build', '-c', config], {
      cwd: REPOSITORY,
    });
  const stamp = { stamp: at('build/page.stamp'), key, output: join(DIST, 'loopscope-embed.js') };
  const rebuilt = await whenChanged(stamp, () =>
    step('the page', async () => {
      await vite('vite.config.ts');
      await vite('vite.embed.config.ts');
    }),
  );
  if (!rebuilt) say('-- the page is up to date');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    heading('Build');
    await build({ compressed: !process.argv.includes('--no-compress') });
    say(`\nThe page is in ${DIST}, the command line twin is ${at('build/native/bin/loopscope')}.`);
  });
}
