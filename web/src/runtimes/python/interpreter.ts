/** Brings Pyodide up, here: in a worker of the page, or in Node. */
import {
  ENVIRONMENT,
  NO_PACKAGES,
  type Pyodide,
  type PyodideLoader,
  type PyodideOptions,
} from './pyodide_module.js';

export interface InterpreterParts {
  readonly loader: PyodideLoader;
  /** Where pyodide.asm.wasm lies; not asked for it when `module` is given. */
  readonly folder: string;
  readonly stdlib: string;
  /** The memory to start from; see wasm/python/snapshot.mjs. */
  readonly snapshot: Uint8Array<ArrayBuffer>;
  /** Compiled already, so that no worker need do it again. */
  readonly module?: WebAssembly.Module;
  /** pyodide.asm.mjs' default export. */
  readonly createModule?: CreateModule;
}

export type CreateModule = (settings: Record<string, unknown>) => Promise<InterpreterModule>;

/** The part of Emscripten's module that is used here. */
export interface InterpreterModule {
  readonly HEAP32: Int32Array;
  readonly __PyRuntime: number;
  /** Where the offset lies. */
  readonly __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: number;
}

/** As for C++: endless allocation ends in a MemoryError instead of taking the reader's machine. */
const MEMORY_LIMIT = 512 * 1024 * 1024;
const PAGE = 65536;

/** WebAssembly's JavaScript Promise Integration: Python may wait while the host's own event loop goes on. */
export function canSuspend(): boolean {
  return typeof (WebAssembly as { Suspending?: unknown }).Suspending === 'function';
}

export async function bringUp(parts: InterpreterParts): Promise<Pyodide> {
  const { createModule } = parts;
  let restoreTrampoline = (): void => undefined;
  const options: PyodideOptions = {
    indexURL: parts.folder,
    stdLibURL: parts.stdlib,
    lockFileContents: NO_PACKAGES,
    packageBaseUrl: parts.folder,
    env: { ...ENVIRONMENT },
    _loadSnapshot: parts.snapshot,
    ...(createModule === undefined
      ? {}
      : {
          createPyodideModule: async (settings) => {
            const memory = limitedMemory(parts.snapshot.length);
            const module = await createModule({ ...settings, wasmMemory: memory });
            restoreTrampoline = keepTrampoline(module);
            return module;
          },
        }),
  };
  const load = (): Promise<Pyodide> => parts.loader.loadPyodide(options);
  const python = await (parts.module === undefined ? load() : withModule(parts.module, load));
  restoreTrampoline();
  return python;
}

/**
 * How CPython calls C functions of any type is decided by what the host's WebAssembly can do, and lies in memory: the
 * snapshot has what was right for the Node that made it. Where that calls through JavaScript, nothing could be suspended.
 */
function keepTrampoline(module: InterpreterModule): () => void {
  const offset = module.HEAP32[module.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET / 4] ?? 0;
  const address = (module.__PyRuntime + offset) / 4;
  const trampoline = module.HEAP32[address] ?? 0;
  return () => (module.HEAP32[address] = trampoline);
}

function limitedMemory(initial: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: initial / PAGE, maximum: MEMORY_LIMIT / PAGE });
}

/**
 * Pyodide fetches its module and compiles it as it arrives, and takes no other. While `load` runs, what it is given is the
 * module that the page has compiled before.
 */
async function withModule<T>(module: WebAssembly.Module, load: () => Promise<T>): Promise<T> {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  globalThis.fetch = (input, init) =>
    isInterpreter(input) ? Promise.resolve(new Response()) : fetch(input, init);
  WebAssembly.instantiateStreaming = async (_source, imports) => ({
    module,
    instance: await WebAssembly.instantiate(module, imports),
  });
  try {
    return await load();
  } finally {
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}

function isInterpreter(input: RequestInfo | URL): boolean {
  const address = input instanceof Request ? input.url : String(input);
  return address.endsWith('/pyodide.asm.wasm');
}
