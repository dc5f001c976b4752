/** The Emscripten module that runs programs: what it exports and what it calls. */

/** Receives what a run tells while it happens; called in the middle of it, so it must not call back. */
export interface RunnerHooks {
  /** Whole lines of the trace. The bytes are the receiver's own. */
  trace(bytes: Uint8Array<ArrayBuffer>): void;
  /** What the program and the library print, for a terminal; in the trace as well. */
  output?(fd: 1 | 2, bytes: Uint8Array): void;
  /** What the program reads from standard input: at least a byte, or null at its end. Without it, the host's own. */
  input?: () => Uint8Array | null;
  /** The host's own event loop gets its turn. */
  pause?(): void;
  /** Blocks for so many milliseconds; called under the backend `js-blocking` only. */
  sleep?(milliseconds: number): void;
}

/** Of Emscripten's files. */
export interface StreamOperations {
  read(stream: object, buffer: Uint8Array, offset: number, length: number): number;
}

/** The functions of wasm/runner/main.cpp and post.js, and what is used of Emscripten's runtime. */
export interface RunnerModule {
  hooks: RunnerHooks;
  readonly FS: {
    writeFile(path: string, bytes: Uint8Array): void;
    mkdirTree(path: string): void;
    chdir(path: string): void;
    getStream(fd: number): { stream_ops: StreamOperations };
  };
  /** Whether a side module can import `name`. */
  hasSymbol(name: string): boolean;
  stringToNewUTF8(text: string): number;
  UTF8ToString(address: number): string;
  setValue(address: number, value: number, type: '*'): void;
  /** Bytes left; negative after an overflow. */
  readonly stack: { left(): number; reset(): void };
  _malloc(size: number): number;
  _free(address: number): void;
  _loopscope_session(
    program: number,
    backend: number,
    platform: number,
    sourceName: number,
    sourceText: number,
    debug: boolean,
    hosted: boolean,
    events: number,
    output: number,
  ): void;
  _loopscope_start(path: number, argc: number, argv: number): void;
  _loopscope_advance(budget: number): number;
  _loopscope_end(code: number, error: number): void;
  _loopscope_error(): number;
  _loopscope_demangle(name: number): number;
  _loopscope_backends(): number;
}

export interface RunnerModuleOptions {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
  hooks: RunnerHooks;
  onAbort(what: unknown): void;
  /** Emscripten's own words ("Aborted()"); the program's standard error does not come this way. */
  printErr(text: string): void;
}

/** The default export of runner.mjs. */
export type RunnerFactory = (options: RunnerModuleOptions) => Promise<RunnerModule>;

/** Brings up a fresh instance: one program runs in it, once. */
export async function instantiateRunner(
  factory: RunnerFactory,
  wasm: WebAssembly.Module,
  hooks: RunnerHooks,
  onAbort: (what: unknown) => void,
): Promise<RunnerModule> {
  let failed: (error: unknown) => void;
  const failure = new Promise<never>((_, reject) => {
    failed = reject;
  });
  const module = factory({
    hooks,
    onAbort,
    printErr: () => {
      // How the run ended says more.
    },
    instantiateWasm: (imports, done) => {
      WebAssembly.instantiate(wasm, imports).then((instance) => done(instance, wasm), failed);
      return {};
    },
  });
  return Promise.race([module, failure]);
}
