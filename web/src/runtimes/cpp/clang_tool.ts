/** Runs LLVM's programs (clang, wasm-ld, c++filt) compiled to WebAssembly: files in, files and messages out. */
import type { Tree } from './header_pack.js';

interface RunOptions {
  stdout: (bytes: Uint8Array | null) => void;
  stderr: (bytes: Uint8Array | null) => void;
  decodeASCII: boolean;
  fetchProgress: () => void;
}

/** What our patched copy of @yowasp/clang exports. */
export interface ClangBundle {
  configure(resources: {
    modules: Readonly<Record<string, WebAssembly.Module>>;
    filesystem: Tree;
  }): void;
  runLLVM(args: readonly string[], files: Tree, options: RunOptions): Promise<Tree>;
  readonly version: string;
}

export interface ToolResult {
  readonly ok: boolean;
  /** What it printed, both streams in order. */
  readonly text: string;
  readonly files: Tree;
}

export class ClangTool {
  readonly #bundle: ClangBundle;

  /** `builtins`: Clang's own headers, found at /usr/include. */
  constructor(
    bundle: ClangBundle,
    modules: Readonly<Record<string, WebAssembly.Module>>,
    builtins: Tree,
  ) {
    this.#bundle = bundle;
    bundle.configure({ modules, filesystem: { usr: builtins } });
  }

  get version(): string {
    return this.#bundle.version;
  }

  /** Runs one program; `ok` is false when it ends with an error code. Throws when the program itself breaks down. */
  async run(args: readonly string[], files: Tree): Promise<ToolResult> {
    let text = '';
    const decoder = new TextDecoder();
    const collect = (bytes: Uint8Array | null): void => {
      if (bytes) text += decoder.decode(bytes, { stream: true });
    };
    try {
      const output = await this.#bundle.runLLVM(args, files, {
        stdout: collect,
        stderr: collect,
        decodeASCII: false,
        fetchProgress: () => undefined,
      });
      return { ok: true, text, files: output };
    } catch (error) {
      if (isExit(error)) return { ok: false, text, files: error.files };
      throw error;
    }
  }

  /** The arguments of the compiler proper for a driver command line: `clang++ -###`, without running the rest. */
  async frontendArguments(driver: readonly string[], files: Tree): Promise<string[]> {
    const { text } = await this.run(['clang++', '-###', ...driver], files);
    const line = text.split('\n').find((candidate) => candidate.startsWith(' "'));
    if (line === undefined) throw new Error(`clang++ -### gave no command:\n${text}`);
    const quoted = line.matchAll(/ (?:([^ "]+)|"((?:[^"\\$]|\\["\\$])*)")/g);
    const args = [...quoted].map(([, bare, inQuotes]) => bare ?? unescape(inQuotes ?? ''));
    if (args[0] === '') args.shift();
    return args;
  }
}

function unescape(quoted: string): string {
  return quoted.replaceAll(/\\(["\\$])/g, '$1');
}

function isExit(error: unknown): error is { code: number; files: Tree } {
  return error instanceof Error && 'code' in error && 'files' in error;
}
