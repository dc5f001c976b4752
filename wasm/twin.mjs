#!/usr/bin/env node
// The WebAssembly twin of the command line program: node wasm/twin.mjs --help
import { existsSync } from 'node:fs';
import process from 'node:process';

const program = new URL('../build/twin/main.mjs', import.meta.url);
if (existsSync(program)) {
  const { main } = await import(program.href);
  process.exitCode = await main(process.argv.slice(2), new URL('..', import.meta.url));
} else {
  process.stderr.write('loopscope: the WebAssembly twin is not built yet; run: npm run build\n');
  process.exitCode = 1;
}
