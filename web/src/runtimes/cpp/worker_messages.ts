/** What the page and its two C++ workers say to each other. */
import type { Diagnostic } from '../../protocol/runtime.js';
import type { Manifest } from '../manifest.js';
import type { ProgramEnd, ProgramRun } from './run_program.js';

/** LLVM's compiled modules by name: kept by the page, so that a new worker need not compile them again. */
export type ClangModules = Readonly<Record<string, WebAssembly.Module>>;

export type ToCompiler =
  | {
      readonly type: 'load';
      /** The folder of the manifest, with a slash at the end. */
      readonly base: string;
      readonly compiler: Manifest['compiler'];
      readonly modules: ClangModules | null;
    }
  | { readonly type: 'compile'; readonly id: number; readonly source: string }
  | { readonly type: 'check'; readonly id: number; readonly source: string };

export type FromCompiler =
  | { readonly type: 'progress'; readonly progress: number; readonly detail: string }
  /** For the next worker, should this one be terminated. */
  | { readonly type: 'modules'; readonly modules: ClangModules }
  | { readonly type: 'loaded' }
  | { readonly type: 'linking'; readonly id: number }
  | {
      readonly type: 'compiled';
      readonly id: number;
      readonly diagnostics: readonly Diagnostic[];
      readonly wasm: Uint8Array<ArrayBuffer> | null;
    }
  | { readonly type: 'checked'; readonly id: number; readonly diagnostics: readonly Diagnostic[] }
  /** Without an id: loading failed, and nothing will work. */
  | { readonly type: 'failed'; readonly id?: number; readonly error: string };

export type ToRunner =
  | { readonly type: 'load'; readonly script: string; readonly module: WebAssembly.Module }
  | {
      readonly type: 'run';
      readonly side: Uint8Array<ArrayBuffer>;
      readonly run: ProgramRun;
      /** What was typed so far for its standard input; null: there is no more. */
      readonly typed: readonly (string | null)[];
    };

export type FromRunner =
  | { readonly type: 'loaded' }
  | { readonly type: 'trace'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** `prompt`: what stands on the line that the program has begun to write. */
  | { readonly type: 'end'; readonly end: ProgramEnd; readonly prompt: string }
  | { readonly type: 'failed'; readonly error: string };
