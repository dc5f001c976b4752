/** What the page and a Python worker say to each other. */
import type { Diagnostic } from '../../protocol/runtime.js';
import type { PythonEnd, PythonRun } from './run_python.js';

/** Everything a worker needs to bring Python up; addresses are absolute. */
export interface PythonFiles {
  readonly loader: string;
  readonly script: string;
  readonly module: WebAssembly.Module;
  readonly stdlib: string;
  readonly snapshot: Uint8Array<ArrayBuffer>;
  readonly coreScript: string;
  readonly coreModule: WebAssembly.Module;
}

export type ToPython =
  | { readonly type: 'load'; readonly files: PythonFiles }
  | { readonly type: 'run'; readonly run: PythonRun }
  | { readonly type: 'check'; readonly id: number; readonly source: string; readonly file: string }
  /** The line that `input` asked for; null: no more. */
  | { readonly type: 'answer'; readonly line: string | null };

export type FromPython =
  /** `canWait`: Python may wait here, so the real clock can be used. */
  | { readonly type: 'loaded'; readonly canWait: boolean }
  | { readonly type: 'trace'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'diagnostics'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly type: 'input'; readonly prompt: string }
  | { readonly type: 'checked'; readonly id: number; readonly diagnostics: readonly Diagnostic[] }
  | { readonly type: 'end'; readonly end: PythonEnd }
  | { readonly type: 'failed'; readonly error: string };
