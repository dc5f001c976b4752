// node wasm_runs.mjs EXAMPLE COUNT FOLDER: runs an example COUNT times in the WebAssembly twin, each time from the start, and leaves
// the traces in FOLDER as 1.jsonl, 2.jsonl ... One process, for starting Node takes longer than running an example.
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { REPOSITORY } from '../../wasm/toolchain/dependencies.mjs';

const [example, count, folder] = process.argv.slice(2);
const { main } = await import(pathToFileURL(join(REPOSITORY, 'build/twin/main.mjs')).href);
for (let run = 1; run <= Number(count); run++) {
  const args = ['run', example, '--clock', 'virtual', '--trace', join(folder, `${run}.jsonl`)];
  const code = await main(args, pathToFileURL(`${REPOSITORY}/`));
  if (code !== 0) process.exitCode = code;
}
