// node snapshot.mjs OUT: brings Pyodide up with our package imported, and writes its memory to OUT. An interpreter that starts
// from it need not initialise CPython nor import anything: a tenth of the time. A process of its own, for Pyodide stays.
import { writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { REPOSITORY } from '../toolchain/dependencies.mjs';
import { pyodideFolder, pythonSources } from './pack.mjs';

const SITE = '/lib/python3.14/site-packages';

/**
 * Pyodide decides once, as it comes up, whether Python can wait for promises (JSPI), and that is in the memory, too. Browsers
 * have what this Node may lack: until here nothing waits, so names without a meaning will do.
 */
WebAssembly.Suspending ??= function Suspending(wrapped) {
  return wrapped;
};
WebAssembly.promising ??=
  (wrapped) =>
  async (...values) =>
    wrapped(...values);

const { loadPyodide } = await import(pathToFileURL(`${pyodideFolder()}pyodide.mjs`).href);
// What the page will start it with: bundled from web/src/runtimes/python/pyodide_module.ts.
const kit = await import(pathToFileURL(`${REPOSITORY}build/twin/python_kit.mjs`).href);

async function snapshot() {
  const pyodide = await loadPyodide({
    indexURL: pyodideFolder(),
    lockFileContents: kit.NO_PACKAGES,
    packageBaseUrl: pyodideFolder(),
    env: { ...kit.ENVIRONMENT },
    _makeSnapshot: true,
  });
  for (const [path, text] of Object.entries(pythonSources())) {
    pyodide.FS.mkdirTree(posix.dirname(`${SITE}/${path}`));
    pyodide.FS.writeFile(`${SITE}/${path}`, text);
  }
  pyodide.runPython('import loopscope_page.program, gc; gc.collect()');
  return pyodide.makeMemorySnapshot();
}

try {
  writeFileSync(process.argv[2], await snapshot());
  process.exit(0);
} catch (error) {
  // Not the error itself: Node would print the line of its origin, and Pyodide's script is one line of a megabyte.
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
