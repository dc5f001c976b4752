/** The trace of a compiled program, as its run in the page would write it. */
import { Runner } from '../../web/src/runtimes/cpp/run_program.js';
import type { RunnerFactory } from '../../web/src/runtimes/cpp/runner_module.js';
import { NO_LIMITS } from '../../web/src/runtimes/limits.js';

export async function recordProgram(
  factory: RunnerFactory,
  wasm: WebAssembly.Module,
  side: Uint8Array<ArrayBuffer>,
  program: { readonly name: string; readonly source: string },
): Promise<Uint8Array> {
  const runner = await Runner.create(factory, wasm);
  const blocks: Uint8Array[] = [];
  await runner.run(
    side,
    {
      program: program.name,
      args: [],
      backend: 'virtual',
      seed: 0,
      platform: 'wasm',
      source: { name: 'main.cpp', text: program.source },
      debug: false,
      limits: NO_LIMITS,
    },
    {
      trace: (bytes) => void blocks.push(bytes.slice()),
      output: () => undefined,
      // Nobody sleeps under the virtual clock.
      sleep: () => undefined,
    },
  );
  return new Uint8Array(await new Blob(blocks as BlobPart[]).arrayBuffer());
}
