/** Compiles one C++ file into a side module for the runner, with the library's header precompiled. */
import type { Diagnostic } from '../../protocol/runtime.js';
import type { ClangTool } from './clang_tool.js';
import { parseDiagnostics } from './diagnostics.js';
import {
  compileFlags,
  DEFAULT_SOURCE_NAME,
  EVERYTHING,
  linkFlags,
  OPTIMISATION,
  PRECOMPILED,
  type Optimisation,
} from './flags.js';
import { placeFile, type Tree } from './header_pack.js';

/** Keeps the precompiled header between builds. Both may fail: then it is built again. */
export interface PrecompiledStore {
  load(): Promise<Uint8Array | null>;
  save(bytes: Uint8Array): Promise<void>;
}

export interface CompileRequest {
  readonly source: string;
  /** What the source calls its file; a plain name. */
  readonly sourceName?: string;
  /** Files that the source may include, by path. */
  readonly besides?: Tree;
  /** Other than the usual level: without the precompiled header. */
  readonly optimisation?: Optimisation;
}

export interface CompileResult {
  readonly diagnostics: readonly Diagnostic[];
  /** What Clang printed. */
  readonly text: string;
  /** The side module; null when the source has errors. */
  readonly wasm: Uint8Array<ArrayBuffer> | null;
}

const PCH = 'precompiled.pch';
const PCH_SOURCE = 'precompiled.hpp';

export class Compiler {
  readonly #tool: ClangTool;
  readonly #headers: Tree;
  readonly #frontend = new Map<string, Promise<string[]>>();
  #precompiled: Uint8Array | null = null;

  /** `headers` holds `sysroot/` and `library/`. */
  constructor(tool: ClangTool, headers: Tree) {
    this.#tool = tool;
    placeFile(headers, EVERYTHING.path, new TextEncoder().encode(EVERYTHING.text));
    this.#headers = headers;
  }

  /** Takes the precompiled header that the build has published. */
  usePrecompiled(bytes: Uint8Array): void {
    this.#precompiled = bytes;
  }

  /** For the build: loads or makes the precompiled header, and gives it; `onBuild` is called when it has to be made. */
  async prepare(store: PrecompiledStore, onBuild?: () => void): Promise<Uint8Array> {
    const stored = this.#precompiled ?? (await store.load());
    if (stored) return (this.#precompiled = stored);
    onBuild?.();
    const made = await this.#buildPrecompiled();
    this.#precompiled = made;
    await store.save(made);
    return made;
  }

  async #buildPrecompiled(): Promise<Uint8Array> {
    const flags = ['-Xclang', '-fno-pch-timestamp', '-fpch-instantiate-templates'];
    const io = ['-x', 'c++-header', PCH_SOURCE, '-o', PCH];
    const files = { ...this.#headers, [PCH_SOURCE]: PRECOMPILED };
    const args = await this.#tool.frontendArguments([...compileFlags(), ...flags, ...io], files);
    const result = await this.#tool.run(args, files);
    const bytes = result.files[PCH];
    if (!result.ok || !(bytes instanceof Uint8Array)) {
      throw new Error(`the library's headers do not compile:\n${result.text}`);
    }
    return bytes.slice();
  }

  /** `onLink` is called between compiling and linking. */
  async compile(request: CompileRequest, onLink?: () => void): Promise<CompileResult> {
    const object = 'program.o';
    const compiled = await this.#runFrontend(request, object);
    const sourceName = request.sourceName ?? DEFAULT_SOURCE_NAME;
    const diagnostics = parseDiagnostics(compiled.text, request.source, sourceName);
    const bytes = compiled.files[object];
    if (!compiled.ok || !(bytes instanceof Uint8Array)) {
      return { diagnostics, text: compiled.text, wasm: null };
    }
    onLink?.();
    const output = 'program.wasm';
    const linked = await this.#tool.run(['wasm-ld', ...linkFlags(object, output)], {
      [object]: bytes,
    });
    const wasm = linked.files[output];
    if (!linked.ok || !(wasm instanceof Uint8Array)) {
      throw new Error(`wasm-ld failed:\n${linked.text}`);
    }
    return { diagnostics, text: compiled.text, wasm: wasm.slice() };
  }

  /** Only looks for errors. */
  async check(source: string, sourceName = DEFAULT_SOURCE_NAME): Promise<readonly Diagnostic[]> {
    const { text } = await this.#runFrontend({ source, sourceName }, null);
    return parseDiagnostics(text, source, sourceName);
  }

  async #runFrontend(request: CompileRequest, object: string | null) {
    const sourceName = request.sourceName ?? DEFAULT_SOURCE_NAME;
    const optimisation = request.optimisation ?? OPTIMISATION;
    const files: Tree = { ...request.besides, ...this.#headers };
    files[sourceName] = new TextEncoder().encode(request.source);
    const precompiled = optimisation === OPTIMISATION ? this.#precompiled : null;
    if (precompiled) {
      files[PCH] = precompiled;
      files[PCH_SOURCE] = PRECOMPILED;
    }
    const args = await this.#frontendArguments(
      sourceName,
      optimisation,
      precompiled !== null,
      object,
    );
    return this.#tool.run(args, files);
  }

  /** The driver's answer depends on the names only, so it is asked once. */
  #frontendArguments(
    sourceName: string,
    optimisation: Optimisation,
    precompiled: boolean,
    object: string | null,
  ): Promise<string[]> {
    const key = JSON.stringify([sourceName, optimisation, precompiled, object]);
    let args = this.#frontend.get(key);
    if (!args) {
      const pch = precompiled ? ['-include-pch', PCH] : [];
      const what = object === null ? ['-fsyntax-only'] : ['-c', '-o', object];
      args = this.#tool.frontendArguments(
        [...compileFlags(optimisation), ...pch, ...what, sourceName],
        { ...this.#headers, [sourceName]: '', ...(precompiled && { [PCH]: '', [PCH_SOURCE]: '' }) },
      );
      this.#frontend.set(key, args);
    }
    return args;
  }
}
