/** Runs one Python program, then is of no more use: the page terminates it. Until then it can check texts. */
import { Outbox } from '../outbox.js';
import type { CoreModuleFactory } from './core_module.js';
import { canSuspend, type CreateModule } from './interpreter.js';
import type { PyodideLoader } from './pyodide_module.js';
import { PythonRunner, type PythonRun } from './run_python.js';
import type { FromPython, PythonFiles, ToPython } from './worker_messages.js';

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<ToPython>) => void) | null;
  postMessage(message: FromPython, transfer?: Transferable[]): void;
};

let runner: Promise<PythonRunner> | null = null;
let answer: ((line: string | null) => void) | null = null;

scope.onmessage = ({ data }) => {
  handle(data).catch((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    scope.postMessage({ type: 'failed', error: text });
  });
};

async function handle(message: ToPython): Promise<void> {
  if (message.type === 'load') {
    runner = load(message.files);
    await runner;
    scope.postMessage({ type: 'loaded', canWait: canSuspend() });
    return;
  }
  if (message.type === 'answer') {
    answer?.(message.line);
    return;
  }
  if (!runner) throw new Error('asked before load');
  const ready = await runner;
  if (message.type === 'check') {
    const diagnostics = ready.check(message.source, message.file);
    scope.postMessage({ type: 'checked', id: message.id, diagnostics });
  } else await execute(ready, message.run);
}

async function execute(ready: PythonRunner, run: PythonRun): Promise<void> {
  const outbox = new Outbox((bytes) => scope.postMessage({ type: 'trace', bytes }, [bytes.buffer]));
  const end = await ready.run(run, {
    trace: (bytes) => outbox.push(bytes),
    pulse: () => outbox.flush(),
    diagnostics: (diagnostics) => scope.postMessage({ type: 'diagnostics', diagnostics }),
    input: (prompt) =>
      new Promise((resolve) => {
        outbox.flush();
        answer = resolve;
        scope.postMessage({ type: 'input', prompt });
      }),
  });
  outbox.flush();
  scope.postMessage({ type: 'end', end });
}

async function load(files: PythonFiles): Promise<PythonRunner> {
  const [loader, script, core] = (await Promise.all(
    [files.loader, files.script, files.coreScript].map(
      (address) => import(/* @vite-ignore */ address) as Promise<unknown>,
    ),
  )) as [PyodideLoader, { default: CreateModule }, { default: CoreModuleFactory }];
  return PythonRunner.create(
    {
      loader,
      folder: new URL('./', files.script).href,
      stdlib: files.stdlib,
      snapshot: files.snapshot,
      module: files.module,
      createModule: script.default,
    },
    { factory: core.default, module: files.coreModule },
  );
}
