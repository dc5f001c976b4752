/** The part of Pyodide that is used here, as TypeScript sees it. */

export interface PyCallable {
  (...args: unknown[]): unknown;
  /** Calls it so that Python code may wait for promises (`run_sync`): needs WebAssembly's JSPI. */
  callPromising(...args: unknown[]): Promise<unknown>;
  destroy(): void;
}

export interface Pyodide {
  readonly version: string;
  pyimport(name: string): Record<string, PyCallable>;
  setStdout(options: StreamOptions): void;
  setStderr(options: StreamOptions): void;
  setStdin(options: { stdin: () => string | null; autoEOF?: boolean }): void;
  readonly FS: {
    mkdirTree(path: string): void;
    writeFile(path: string, data: string): void;
  };
  runPython(source: string): unknown;
  setInterruptBuffer(buffer: ArrayLike<number>): void;
  /** Node only: makes a folder of the machine's seen at `mountpoint`. */
  mountNodeFS(mountpoint: string, folder: string): void;
  makeMemorySnapshot(): Uint8Array<ArrayBuffer>;
}

export interface StreamOptions {
  /** Takes what was written; returns how much of it. */
  write: (bytes: Uint8Array) => number;
  isatty?: boolean;
}

export interface PyodideOptions {
  indexURL: string;
  stdLibURL: string;
  lockFileContents: unknown;
  packageBaseUrl: string;
  env: Record<string, string>;
  _makeSnapshot?: boolean;
  _loadSnapshot?: Uint8Array<ArrayBuffer>;
  createPyodideModule?: (settings: Record<string, unknown>) => Promise<unknown>;
}

export interface PyodideLoader {
  loadPyodide(options: PyodideOptions): Promise<Pyodide>;
}

/**
 * No packages: only what the standard library has can be imported, and nothing is loaded from elsewhere. Pyodide compares
 * the `info` with its own.
 */
export const NO_PACKAGES = {
  info: { abi_version: '2026_0', arch: 'wasm32', platform: 'emscripten_5_0_3', python: '3.14.2' },
  packages: {},
};

/** What the interpreter must find at its start, with a snapshot or without: unbuffered, what is printed keeps its place. */
export const ENVIRONMENT = { HOME: '/home/pyodide', PYTHONUNBUFFERED: '1' };
