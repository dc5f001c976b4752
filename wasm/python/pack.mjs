// The Python sources that the page's interpreter has beside the standard library, by their path in it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../toolchain/dependencies.mjs';

/** The loop class that both twins share, and what only this one needs. */
const PACKAGES = {
  loopscope: 'native/python/loopscope',
  loopscope_page: 'wasm/python/loopscope_page',
};

/** Path below site-packages -> text. */
export function pythonSources() {
  const sources = {};
  for (const [name, folder] of Object.entries(PACKAGES)) {
    const files = readdirSync(join(REPOSITORY, folder), { recursive: true }).sort();
    for (const file of files.filter((path) => path.endsWith('.py'))) {
      sources[`${name}/${file}`] = readFileSync(join(REPOSITORY, folder, file), 'utf8');
    }
  }
  return sources;
}

/** Where the npm package lies, with a slash at the end. */
export function pyodideFolder() {
  return join(REPOSITORY, 'node_modules/pyodide/');
}
