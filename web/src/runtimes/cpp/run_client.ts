/** The page's side of a run worker: one worker, one program. */
import type { ProgramEnd, ProgramRun } from './run_program.js';
import workerScript from './run.worker.ts?worker&url';
import { startWorker } from '../start_worker.js';
import type { FromRunner, ToRunner } from './worker_messages.js';

export interface RunEnd {
  readonly end: ProgramEnd;
  /** What stands on the line that the program has begun to write. */
  readonly prompt: string;
}

export class RunClient {
  readonly #worker: Worker;
  readonly #loaded: Promise<void>;
  #onTrace: (bytes: Uint8Array<ArrayBuffer>) => void = () => undefined;
  #settle: { resolve(end: RunEnd): void; reject(error: Error): void } | null = null;

  /** Starts the worker and brings the runner up in it. */
  constructor(script: string, module: WebAssembly.Module) {
    this.#worker = startWorker(workerScript, 'loopscope program');
    this.#loaded = new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<FromRunner>) => {
        if (data.type === 'loaded') resolve();
        else if (data.type === 'trace') this.#onTrace(data.bytes);
        else if (data.type === 'end') this.#settle?.resolve(data);
        else fail(new Error(data.error));
      };
      const fail = (error: Error): void => {
        reject(error);
        this.#settle?.reject(error);
      };
      this.#worker.onerror = (event) =>
        fail(new Error(event.message || 'the program’s worker broke down'));
    });
    // Whoever runs a program in it hears of a failure; a spare one may fail unheard.
    this.#loaded.catch(() => undefined);
    this.#post({ type: 'load', script, module });
  }

  /** Resolves when it takes a program. */
  get loaded(): Promise<void> {
    return this.#loaded;
  }

  /** Once. Rejects when the worker itself fails. */
  run(
    side: Uint8Array<ArrayBuffer>,
    run: ProgramRun,
    typed: readonly (string | null)[],
    onTrace: (bytes: Uint8Array<ArrayBuffer>) => void,
  ): Promise<RunEnd> {
    this.#onTrace = onTrace;
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#post({ type: 'run', side, run, typed });
    });
  }

  terminate(): void {
    this.#worker.terminate();
  }

  #post(message: ToRunner): void {
    this.#worker.postMessage(message);
  }
}
