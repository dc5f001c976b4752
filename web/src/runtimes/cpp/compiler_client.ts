/** The page's side of the compiler worker. */
import type { Diagnostic, Phase } from '../../protocol/runtime.js';
import type { Manifest } from '../manifest.js';
import workerScript from './compiler.worker.ts?worker&url';
import { startWorker } from '../start_worker.js';
import type { ClangModules, FromCompiler, ToCompiler } from './worker_messages.js';

export interface Compiled {
  readonly diagnostics: readonly Diagnostic[];
  readonly wasm: Uint8Array<ArrayBuffer> | null;
}

export type OnPhase = (phase: Phase, progress?: number, detail?: string) => void;

/** A compilation that was given up because of cancel(). */
export class Cancelled extends Error {}

interface Waiter {
  readonly resolve: (message: FromCompiler) => void;
  readonly reject: (error: Error) => void;
  readonly onPhase?: OnPhase;
}

export class CompilerClient {
  readonly #base: string;
  readonly #parts: Manifest['compiler'];
  readonly #waiters = new Map<number, Waiter>();
  #worker: Worker | null = null;
  #modules: ClangModules | null = null;
  #loaded: Promise<void> | null = null;
  #onLoading: OnPhase | null = null;
  #ready = false;
  #lastId = 0;
  #lastCheck = 0;
  /** How often cancel() was called. */
  #cancelled = 0;

  constructor(base: string, parts: Manifest['compiler']) {
    this.#base = base;
    this.#parts = parts;
  }

  /** True once it compiles at once. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Loads the compiler if need be. Rejects with Cancelled after cancel(). */
  async compile(source: string, onPhase: OnPhase): Promise<Compiled> {
    this.#onLoading = onPhase;
    const turn = this.#cancelled;
    await this.#load();
    if (turn !== this.#cancelled) throw new Cancelled('the compilation was stopped');
    onPhase('compiling');
    const reply = await this.#ask({ type: 'compile', id: ++this.#lastId, source }, onPhase);
    if (reply.type !== 'compiled') throw new Error(`the compiler answered ${reply.type}`);
    return reply;
  }

  /** Null when a later check has made this one pointless, or it was cancelled. */
  async check(source: string): Promise<readonly Diagnostic[] | null> {
    const turn = ++this.#lastCheck;
    await this.#load();
    // What is typed while the worker is busy replaces what waits for it.
    await this.#checking;
    if (turn !== this.#lastCheck) return null;
    const asked = this.#ask({ type: 'check', id: ++this.#lastId, source });
    this.#checking = asked.then(
      () => undefined,
      () => undefined,
    );
    try {
      const reply = await asked;
      return turn === this.#lastCheck && reply.type === 'checked' ? reply.diagnostics : null;
    } catch (error) {
      if (error instanceof Cancelled) return null;
      throw error;
    }
  }

  #checking: Promise<void> = Promise.resolve();

  /** Gives up what is being compiled. A loading compiler goes on loading. */
  cancel(): void {
    this.#cancelled++;
    this.#onLoading = null;
    if (this.#waiters.size === 0) return;
    this.#drop(new Cancelled('the compilation was stopped'));
    // Ready again by the time somebody asks: the modules are kept.
    void this.#load().catch(() => undefined);
  }

  dispose(): void {
    this.#drop(new Cancelled('the compiler was disposed of'));
    this.#modules = null;
  }

  #drop(reason: Error): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#loaded = null;
    this.#ready = false;
    for (const waiter of this.#waiters.values()) waiter.reject(reason);
    this.#waiters.clear();
  }

  #load(): Promise<void> {
    this.#loaded ??= new Promise((resolve, reject) => {
      const worker = startWorker(workerScript, 'loopscope compiler');
      this.#worker = worker;
      worker.onmessage = ({ data }: MessageEvent<FromCompiler>) => {
        if (data.type === 'loaded') {
          this.#ready = true;
          resolve();
        } else if (data.type === 'failed' && data.id === undefined) {
          fail(new Error(data.error));
        } else this.#heard(data);
      };
      const fail = (error: Error): void => {
        if (this.#worker !== worker) return;
        this.#drop(error);
        reject(error);
      };
      worker.onerror = (event) =>
        fail(new Error(event.message || 'the compiler’s worker broke down'));
      const { href } = new URL(this.#base);
      this.#post({ type: 'load', base: href, compiler: this.#parts, modules: this.#modules });
    });
    return this.#loaded;
  }

  #heard(message: FromCompiler): void {
    switch (message.type) {
      case 'progress':
        this.#onLoading?.('loading-compiler', message.progress, message.detail);
        return;
      case 'modules':
        this.#modules = message.modules;
        return;
      case 'linking':
        this.#waiters.get(message.id)?.onPhase?.('linking');
        return;
      case 'compiled':
      case 'checked':
        this.#take(message.id)?.resolve(message);
        return;
      case 'failed':
        if (message.id !== undefined) this.#take(message.id)?.reject(new Error(message.error));
        return;
      case 'loaded':
        return;
    }
  }

  #take(id: number): Waiter | undefined {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    return waiter;
  }

  #ask(message: ToCompiler & { id: number }, onPhase?: OnPhase): Promise<FromCompiler> {
    return new Promise((resolve, reject) => {
      this.#waiters.set(message.id, { resolve, reject, ...(onPhase && { onPhase }) });
      this.#post(message);
    });
  }

  #post(message: ToCompiler): void {
    this.#worker?.postMessage(message);
  }
}
