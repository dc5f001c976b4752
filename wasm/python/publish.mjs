// Python for the page: Pyodide's files, the memory it starts from, and the core that its loops stand on.
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { REPOSITORY } from '../toolchain/dependencies.mjs';
import { contentHash, whenChanged } from '../toolchain/stamp.mjs';
import { run } from '../toolchain/steps.mjs';
import { pyodideFolder } from './pack.mjs';

const at = (path) => join(REPOSITORY, path);

/** Resolves to the `python` part of the manifest. */
export async function publishPython({ published, work }) {
  const folder = pyodideFolder();
  const read = (name) => readFileSync(join(folder, name));
  const snapshot = await currentSnapshot(work);
  return {
    version: JSON.parse(read('package.json')).version,
    loader: published.put('pyodide', 'mjs', withoutMap(read('pyodide.mjs'))),
    script: published.put('pyodide.asm', 'mjs', read('pyodide.asm.mjs')),
    module: published.put('pyodide.asm', 'wasm', read('pyodide.asm.wasm')),
    stdlib: published.put('python_stdlib', 'zip', read('python_stdlib.zip')),
    snapshot: published.put('python_snapshot', 'data', readFileSync(snapshot)),
    core: {
      script: published.put('loopscope', 'mjs', readFileSync(at('build/wasm/bin/loopscope.mjs'))),
      module: published.put('loopscope', 'wasm', readFileSync(at('build/wasm/bin/loopscope.wasm'))),
    },
  };
}

/** Its source map is not published, and browsers would ask for it. */
function withoutMap(script) {
  return Buffer.from(script.toString('utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
}

/** The snapshot's file, made anew when Pyodide or what is imported into it has changed. */
async function currentSnapshot(work) {
  const output = join(work, 'snapshot.data');
  mkdirSync(dirname(output), { recursive: true });
  const inputs = [
    'native/python/loopscope',
    'wasm/python',
    'web/src/runtimes/python/pyodide_module.ts',
    'node_modules/pyodide/package.json',
  ];
  const key = contentHash(inputs.map(at), process.versions.node);
  await whenChanged({ stamp: join(work, 'snapshot.stamp'), key, output }, () =>
    run(process.execPath, [at('wasm/python/snapshot.mjs'), output], { cwd: REPOSITORY }),
  );
  return output;
}
