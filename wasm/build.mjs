// The WebAssembly half of `npm run build`: the runner, the page's compiler, the examples as modules, and the twin for
// Node. Everything that the page loads goes to web/public/wasm, where Vite picks it up. Does only what changed. Needs the
// native twin, which records what WebAssembly cannot run, and Python.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleForNode } from './bundle.mjs';
import { publishCompiler, publishPrecompiled } from './compiler/assets.mjs';
import { publishExamples, readExamples } from './compiler/examples.mjs';
import { diskStore } from './compiler/precompiled_cache.mjs';
import { PublishedFolder } from './compiler/published.mjs';
import { publishRecordings } from './compiler/recordings.mjs';
import { publishPython } from './python/publish.mjs';
import { cmakeBuild } from './toolchain/cmake.mjs';
import { emscripten } from './toolchain/emscripten.mjs';
import { withLock } from './toolchain/lock.mjs';
import { contentHash } from './toolchain/stamp.mjs';
import { Failure, main, say, step } from './toolchain/steps.mjs';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Brings web/public/wasm and build/twin up to date. */
export function buildWasm({ log = say } = {}) {
  return withLock(at('build/wasm.lock'), () => buildLocked(log));
}

async function buildLocked(log) {
  const tools = await emscripten();
  await step('WebAssembly build', () => cmakeBuild('wasm', 'wasm', { env: tools.env }));
  await step('programs for Node', () => bundlePrograms());
  const kit = await import(pathToFileURL(at('build/twin/kit.mjs')).href);
  const published = new PublishedFolder(at('web/public/wasm'));
  const runner = publishRunner(published);
  const compiler = await step('the compiler for the page', () =>
    publishCompiler({
      published,
      kit,
      sysroot: tools.sysroot,
      library: at('native/include'),
      work: at('build/headers'),
    }),
  );
  let loading;
  const loaded = () => (loading ??= loadCompiler(kit, published, compiler, log));
  compiler.precompiled = await publishPrecompiled({
    published,
    work: at('build/headers'),
    key: compiler.key,
    make: async () => (await loaded()).precompiled,
  });
  const examples = readExamples(kit, at('examples'));
  const programs = await step('the examples', () =>
    publishExamples({
      published,
      examples: examples.filter((example) => kit.lacking(example, 'cpp') === undefined),
      work: at('build/examples'),
      key: compiler.key,
      compiler: async () => (await loaded()).compiler,
      log,
    }).catch((error) => {
      throw new Failure(error.message);
    }),
  );
  const twin = at('build/native/bin/loopscope');
  const recordings = await step('recordings of the examples', () =>
    publishRecordings({
      published,
      kit,
      examples,
      folder: at('examples'),
      work: at('build/recordings'),
      twin,
      key: contentHash([
        twin,
        at('build/native/python'),
        join(published.folder, runner.module.file),
      ]),
      record: recorder(kit, published, runner, programs),
    }),
  );
  const python = await step('Python for the page', () =>
    publishPython({ published, work: at('build/python') }),
  );
  published.finish({ runner, compiler, programs, recordings, python });
}

function publishRunner(published) {
  const part = (type) =>
    published.put('runner', type, readFileSync(at(`build/wasm/bin/runner.${type}`)));
  return { script: part('mjs'), module: part('wasm') };
}

async function bundlePrograms() {
  await bundleForNode(at('wasm/compiler/kit.ts'), at('build/twin/kit.mjs'));
  await bundleForNode(at('wasm/python/kit.ts'), at('build/twin/python_kit.mjs'));
  await bundleForNode(at('wasm/twin/main.ts'), at('build/twin/main.mjs'));
}

/** Runs an example's module in the page's runner. */
function recorder(kit, published, runner, programs) {
  const file = (name) => join(published.folder, name);
  let loaded;
  const load = async () => ({
    factory: (await import(pathToFileURL(file(runner.script.file)).href)).default,
    module: await WebAssembly.compile(readFileSync(file(runner.module.file))),
  });
  return async ({ name, source }) => {
    const { factory, module } = await (loaded ??= load());
    const side = new Uint8Array(readFileSync(file(programs[name].file)));
    return kit.recordProgram(factory, module, side, { name, source: source.cpp });
  };
}

async function loadCompiler(kit, published, { bundle, modules, headers, key }, log) {
  const file = (name) => join(published.folder, name);
  const clang = await import(pathToFileURL(file(bundle.file)).href);
  const compiled = {};
  for (const [name, module] of Object.entries(modules)) {
    compiled[name] = await WebAssembly.compile(readFileSync(file(module.file)));
  }
  const pack = await kit.gunzip(new Uint8Array(readFileSync(file(headers.file))));
  const { usr, ...rest } = kit.unpackHeaders(pack);
  const compiler = new kit.Compiler(new kit.ClangTool(clang, compiled, usr), rest);
  const precompiled = await compiler.prepare(diskStore(key), () =>
    log('   precompiling the library’s headers'),
  );
  return { compiler, precompiled };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(() => buildWasm());
}
