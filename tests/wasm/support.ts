/** Programs in the WebAssembly build, under Node. Needs `npm run build`. */
import type { Compiler } from '../../web/src/runtimes/cpp/compiler.js';
import type { Optimisation } from '../../web/src/runtimes/cpp/flags.js';
import { NO_LIMITS } from '../../web/src/runtimes/limits.js';
import type { ProgramEnd } from '../../web/src/runtimes/cpp/run_program.js';
import { Toolkit } from '../../wasm/twin/toolkit.js';

export const REPOSITORY = new URL('../../', import.meta.url);
export const toolkit = new Toolkit(REPOSITORY);

let compiler: Promise<Compiler> | undefined;

/** Loading and a first compilation take long on a loaded machine. */
export const SLOW = 240_000;

export async function compile(
  source: string,
  optimisation?: Optimisation,
): Promise<Uint8Array<ArrayBuffer>> {
  compiler ??= toolkit.compiler();
  const result = await (
    await compiler
  ).compile({ source, ...(optimisation === undefined ? {} : { optimisation }) });
  if (result.wasm === null) throw new Error(result.text);
  return result.wasm;
}

export interface Ran {
  readonly end: ProgramEnd;
  readonly output: string;
  readonly trace: string;
}

export async function runModule(
  side: Uint8Array<ArrayBuffer>,
  backend: 'virtual' | 'js' | 'js-blocking' = 'virtual',
): Promise<Ran> {
  const decoder = new TextDecoder();
  let output = '';
  let trace = '';
  const end = await (
    await toolkit.runner()
  ).run(
    side,
    {
      program: 'test',
      args: [],
      backend,
      platform: 'node',
      source: { name: 'main.cpp', text: '' },
      debug: false,
      seed: backend === 'virtual' ? 0 : null,
      limits: NO_LIMITS,
    },
    {
      trace: (bytes) => (trace += decoder.decode(bytes)),
      output: (_, bytes) => (output += decoder.decode(bytes)),
      sleep: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
    },
  );
  return { end, output, trace };
}
