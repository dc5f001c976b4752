/** `run` for Python: the published interpreter, loaded from disk. */
import { readFileSync, readSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CoreModuleFactory } from '../../web/src/runtimes/python/core_module.js';
import { canSuspend, type CreateModule } from '../../web/src/runtimes/python/interpreter.js';
import type { PyodideLoader } from '../../web/src/runtimes/python/pyodide_module.js';
import {
  PythonRunner,
  type PythonEnd,
  type PythonHooks,
} from '../../web/src/runtimes/python/run_python.js';
import { NO_LIMITS } from '../../web/src/runtimes/limits.js';
import { readManifest } from './manifest.js';
import { UsageError, type RunCommand } from './usage.js';

/** A Python file to run. */
export interface PythonSource {
  readonly file: string;
  readonly text: string;
  /** Its name in the trace. */
  readonly program: string;
}

/** Resolves to the end of the program. Throws UsageError. */
export async function runPython(
  source: PythonSource,
  command: RunCommand,
  repository: URL,
  hooks: PythonHooks,
): Promise<PythonEnd> {
  const loop = command.loop ?? (command.clock === 'virtual' ? 'virtual' : 'js');
  if (loop !== 'virtual' && loop !== 'js') {
    throw new UsageError(`--loop is "${loop}"; for Python it can be virtual, js`);
  }
  const virtual = command.clock === 'virtual' || loop === 'virtual';
  if (!virtual && !canSuspend()) {
    throw new UsageError(
      `Python cannot wait in Node ${process.versions.node}, which lacks WebAssembly's JSPI: use --clock virtual, ` +
        'or Node 25 or newer; Node 24 has it as `node --experimental-wasm-jspi wasm/twin.mjs`',
    );
  }
  const runner = await loadRunner(repository);
  mountFolder(runner, dirname(resolve(source.file)));
  return runner.run(
    {
      program: source.program,
      source: source.text,
      file: basename(source.file),
      args: command.args,
      virtual,
      platform: `node-${process.versions.node}`,
      debug: command.debug,
      traced: command.trace !== null,
      seed: command.seed,
      limits: NO_LIMITS,
      terminal: true,
    },
    hooks,
  );
}

export async function loadRunner(repository: URL): Promise<PythonRunner> {
  const folder = new URL('web/public/wasm/', repository);
  const { python } = readManifest(repository);
  const bytes = (file: string): Uint8Array<ArrayBuffer> =>
    new Uint8Array(readFileSync(new URL(file, folder)));
  const importFile = (file: string): Promise<unknown> => import(new URL(file, folder).href);
  const core = (await importFile(python.core.script.file)) as { default: CoreModuleFactory };
  const script = (await importFile(python.script.file)) as { default: CreateModule };
  return PythonRunner.create(
    {
      loader: (await importFile(python.loader.file)) as PyodideLoader,
      folder: fileURLToPath(new URL('node_modules/pyodide/', repository)),
      stdlib: fileURLToPath(new URL(python.stdlib.file, folder)),
      snapshot: bytes(python.snapshot.file),
      createModule: script.default,
    },
    {
      factory: core.default,
      module: await WebAssembly.compile(bytes(python.core.module.file)),
    },
  );
}

/** The program finds the files beside it, and other modules of its own. */
function mountFolder(runner: PythonRunner, folder: string): void {
  const { python } = runner;
  python.mountNodeFS('/work', folder);
  python.runPython('import os, sys; os.chdir("/work"); sys.path.insert(0, "/work")');
  python.setStdin({ stdin: readLine });
}

/** A line of standard input; null at its end. */
function readLine(): string | null {
  const bytes: number[] = [];
  const one = Buffer.alloc(1);
  while (readSync(0, one, 0, 1, null) === 1) {
    bytes.push(one[0] ?? 0);
    if (one[0] === 0x0a) break;
  }
  return bytes.length === 0 ? null : Buffer.from(bytes).toString('utf8');
}
