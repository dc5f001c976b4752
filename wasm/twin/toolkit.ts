/** The published compiler and runner, loaded from disk. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ClangTool, type ClangBundle } from '../../web/src/runtimes/cpp/clang_tool.js';
import { Compiler } from '../../web/src/runtimes/cpp/compiler.js';
import { gunzip, unpackHeaders, type Tree } from '../../web/src/runtimes/cpp/header_pack.js';
import type { Manifest } from '../../web/src/runtimes/manifest.js';
import { Runner } from '../../web/src/runtimes/cpp/run_program.js';
import type { RunnerFactory } from '../../web/src/runtimes/cpp/runner_module.js';
import type { PublishedFile } from '../../web/src/runtimes/published_file.js';
import { readManifest } from './manifest.js';

export class Toolkit {
  readonly #folder: URL;
  readonly #manifest: Manifest;

  /** `repository`: where `npm run build` has put web/public/wasm. */
  constructor(repository: URL) {
    this.#folder = new URL('web/public/wasm/', repository);
    this.#manifest = readManifest(repository);
  }

  /** The module of an example, if it was compiled from exactly this source. */
  prebuilt(name: string, source: string): Uint8Array<ArrayBuffer> | null {
    const program = this.#manifest.programs[name];
    const hash = createHash('sha256').update(source).update('\0').digest('hex').slice(0, 16);
    return program?.source === hash ? new Uint8Array(this.#read(program.file)) : null;
  }

  async runner(): Promise<Runner> {
    const { script, module } = this.#manifest.runner;
    const { default: factory } = (await import(this.#url(script.file))) as {
      default: RunnerFactory;
    };
    return Runner.create(
      factory,
      await WebAssembly.compile(new Uint8Array(this.#read(module.file))),
    );
  }

  async compiler(): Promise<Compiler> {
    const { bundle, modules, headers, precompiled } = this.#manifest.compiler;
    const clang = (await import(this.#url(bundle.file))) as ClangBundle;
    const compiled: Record<string, WebAssembly.Module> = {};
    for (const [name, { file }] of Object.entries(modules)) {
      compiled[name] = await WebAssembly.compile(new Uint8Array(this.#read(file)));
    }
    const unpacked = ({ file }: PublishedFile): Promise<Uint8Array> =>
      gunzip(new Uint8Array(this.#read(file)));
    const tree = unpackHeaders(await unpacked(headers));
    const { usr, ...rest } = tree;
    const compiler = new Compiler(new ClangTool(clang, compiled, usr as Tree), rest);
    compiler.usePrecompiled(await unpacked(precompiled));
    return compiler;
  }

  #url(file: string): string {
    return new URL(file, this.#folder).href;
  }

  #read(file: string): Buffer {
    return readFileSync(new URL(file, this.#folder));
  }
}
