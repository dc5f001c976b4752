/** The page's side of a Python worker: one worker, one program. */
import type { Diagnostic } from '../../protocol/runtime.js';
import { startWorker } from '../start_worker.js';
import workerScript from './python.worker.ts?worker&url';
import type { PythonEnd, PythonRun } from './run_python.js';
import type { FromPython, PythonFiles, ToPython } from './worker_messages.js';

/** What a program says before it ends. */
export interface PythonListener {
  trace(bytes: Uint8Array<ArrayBuffer>): void;
  diagnostics(found: readonly Diagnostic[]): void;
  input(prompt: string): void;
}

export class PythonClient {
  readonly #worker: Worker;
  readonly #loaded: Promise<{ canWait: boolean }>;
  readonly #checks = new Map<number, (found: readonly Diagnostic[]) => void>();
  #listener: PythonListener | null = null;
  #settle: { resolve(end: PythonEnd): void; reject(error: Error): void } | null = null;
  #lastCheck = 0;

  /** Starts the worker and brings Python up in it. */
  constructor(files: PythonFiles) {
    this.#worker = startWorker(workerScript, 'loopscope python');
    this.#loaded = new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        reject(error);
        this.#settle?.reject(error);
      };
      this.#worker.onmessage = ({ data }: MessageEvent<FromPython>) => {
        if (data.type === 'loaded') resolve(data);
        else if (data.type === 'failed') fail(new Error(data.error));
        else this.#heard(data);
      };
      this.#worker.onerror = (event) =>
        fail(new Error(event.message || 'the program’s worker broke down'));
    });
    // Whoever runs a program in it hears of a failure; a spare one may fail unheard.
    this.#loaded.catch(() => undefined);
    this.#post({ type: 'load', files });
  }

  /** Resolves when it takes a program. */
  get loaded(): Promise<{ canWait: boolean }> {
    return this.#loaded;
  }

  /** Once. Rejects when the worker itself fails. */
  run(run: PythonRun, listener: PythonListener): Promise<PythonEnd> {
    this.#listener = listener;
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#post({ type: 'run', run });
    });
  }

  /** Before run() only: a program that runs may never let the worker look. */
  check(source: string, file: string): Promise<readonly Diagnostic[]> {
    const id = ++this.#lastCheck;
    return new Promise((resolve) => {
      this.#checks.set(id, resolve);
      this.#post({ type: 'check', id, source, file });
    });
  }

  answer(line: string | null): void {
    this.#post({ type: 'answer', line });
  }

  terminate(): void {
    this.#worker.terminate();
    for (const settle of this.#checks.values()) settle([]);
  }

  #heard(message: Exclude<FromPython, { type: 'loaded' | 'failed' }>): void {
    switch (message.type) {
      case 'trace':
        this.#listener?.trace(message.bytes);
        return;
      case 'diagnostics':
        this.#listener?.diagnostics(message.diagnostics);
        return;
      case 'input':
        this.#listener?.input(message.prompt);
        return;
      case 'checked':
        this.#checks.get(message.id)?.(message.diagnostics);
        this.#checks.delete(message.id);
        return;
      case 'end':
        this.#settle?.resolve(message.end);
    }
  }

  #post(message: ToPython): void {
    this.#worker.postMessage(message);
  }
}
