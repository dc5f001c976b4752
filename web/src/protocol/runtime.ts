/**
 * How the page talks to whatever executes a program: a C++ worker, a Python worker, or the replay of a file.
 * Every message names its run, so that what an earlier run still had in flight can be dropped.
 */
import type { ClockKind } from './trace.js';

/** Ever increasing; one per press of Run. */
export type RunId = number;

export interface RunRequest {
  readonly runId: RunId;
  /** Goes into the trace header. */
  readonly program: string;
  readonly guest: 'cpp' | 'python';
  readonly source: string;
  /** Key of the gallery example when `source` is unedited: it runs from its prebuilt module, without a compiler. */
  readonly prebuilt?: string;
  readonly clock: ClockKind;
  readonly args: readonly string[];
  /** The loop's debug flag. */
  readonly debug: boolean;
}

export type Phase = 'loading-runtime' | 'loading-compiler' | 'compiling' | 'linking' | 'running';

/** One compiler message. Lines and columns count from 1; columns are UTF-16 units, as Monaco counts; end is exclusive. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly notes: readonly string[];
}

export type RunMessage =
  | {
      readonly type: 'phase';
      readonly runId: RunId;
      readonly phase: Phase;
      /** 0..1 where it is known. */
      readonly progress?: number;
      readonly detail?: string;
    }
  /** Compiler messages; with `failed` there is no run. */
  | {
      readonly type: 'diagnostics';
      readonly runId: RunId;
      readonly diagnostics: readonly Diagnostic[];
      readonly failed: boolean;
    }
  /** Which clock the run really uses, and why it is not as it was asked for. Sent once, before any trace. */
  | {
      readonly type: 'clock';
      readonly runId: RunId;
      readonly clock: ClockKind;
      /** `host`: timers are JS timers and the worker's event loop lives; `blocking`: Atomics.wait; `virtual`; `recorded`. */
      readonly waiting: 'host' | 'blocking' | 'virtual' | 'recorded';
      readonly reason?: string;
    }
  /** The program waits for a line that a person types: Runtime.answer(). */
  | { readonly type: 'input'; readonly runId: RunId; readonly prompt: string }
  /** Whole JSON lines, UTF-8, the header first; the buffer is transferred. */
  | { readonly type: 'trace'; readonly runId: RunId; readonly bytes: Uint8Array }
  /** The last message of a run. `stopped`: by the user; `failed`: the runtime itself could not go on. */
  | {
      readonly type: 'end';
      readonly runId: RunId;
      readonly how: 'exited' | 'crashed' | 'stopped' | 'not-compiled' | 'failed';
      readonly code?: number;
      readonly error?: string;
    };

export interface Runtime {
  /** Starts a run; the iteration ends after its `end` message. At most one run at a time: a new one stops the old. */
  run(request: RunRequest): AsyncIterable<RunMessage>;
  /** Ends the current run within 200 ms, whatever it does; resolves when a new run may start. */
  stop(): Promise<void>;
  /** The line that the newest `input` message asked for; null: there is no more. */
  answer?(line: string | null): void;
  /** Frees workers and memory. */
  dispose(): void;
}

/** Checks source without running it: live squiggles. Resolves to null when a newer check has replaced this one. */
export interface Checker {
  check(source: string): Promise<readonly Diagnostic[] | null>;
  /** True once a check costs no download. */
  readonly ready: boolean;
}
