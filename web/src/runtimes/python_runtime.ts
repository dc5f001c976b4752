/** Python in the page: runs a text in a worker, and tells what happens. */
import type { Checker, Diagnostic, RunMessage, RunRequest, Runtime } from '../protocol/runtime.js';
import { LastMessages } from './last_messages.js';
import { PAGE_LIMITS } from './limits.js';
import { MessageQueue } from './message_queue.js';
import { PythonClient } from './python/python_client.js';
import { loadPythonFiles } from './python/python_files.js';
import type { PythonEnd } from './python/run_python.js';
import { chooseWaiting } from './python/waiting.js';
import type { PythonFiles } from './python/worker_messages.js';

/** The program's name in tracebacks and in the trace. */
const FILE = 'main.py';
/** How long after a run's end, in ms, the next interpreter is brought up: copying its files holds the main thread, so the page draws the end first. */
const DRAW_FIRST = 100;

interface ActiveRun {
  readonly request: RunRequest;
  readonly queue: MessageQueue<RunMessage>;
  /** Set as soon as the run has ended: nothing is said after it. */
  over: boolean;
  client: PythonClient | null;
  /** Stop was pressed. */
  last: LastMessages | null;
}

type End = Omit<RunMessage & { type: 'end' }, 'type' | 'runId'>;

export interface PythonRuntimeOptions {
  /** The folder of `wasm/manifest.json`, with a slash at the end; usually beside the page. */
  readonly base?: string;
}

/**
 * One serves a whole page. Loads nothing before the first run. Each run has an interpreter of its own, so that nothing of an
 * earlier one is left in it; the next one is brought up ahead.
 */
export class PythonRuntime implements Runtime, Checker {
  readonly #base: string;
  #files: Promise<PythonFiles> | null = null;
  #onProgress: (progress: number, detail: string) => void = () => undefined;
  #spare: Promise<PythonClient> | null = null;
  #spareTimer: ReturnType<typeof setTimeout> | undefined;
  #ready = false;
  #active: ActiveRun | null = null;
  #newestCheck = 0;

  constructor(options: PythonRuntimeOptions = {}) {
    this.#base = options.base ?? new URL('wasm/', document.baseURI).href;
  }

  /** Brings an interpreter up ahead of the first run. */
  async warm(): Promise<void> {
    await (
      await this.#bringUpSpare()
    ).loaded;
  }

  run(request: RunRequest): AsyncIterable<RunMessage> {
    const before = this.stop();
    const queue = new MessageQueue<RunMessage>();
    const active: ActiveRun = { request, queue, over: false, client: null, last: null };
    this.#active = active;
    void before
      .then(() => (active.over ? undefined : this.#execute(active)))
      .catch((error: unknown) =>
        this.#end(active, {
          how: 'failed',
          error: error instanceof Error ? error.message : String(error),
        }),
      );
    return queue;
  }

  async stop(): Promise<void> {
    const active = this.#active;
    if (!active || active.over) return;
    if (active.client) {
      active.last ??= new LastMessages();
      await active.last.over;
    }
    this.#end(active, { how: 'stopped' });
  }

  /** The line that an `input` message asked for. */
  answer(line: string | null): void {
    this.#active?.client?.answer(line);
  }

  get ready(): boolean {
    return this.#ready;
  }

  async check(source: string): Promise<readonly Diagnostic[] | null> {
    const number = ++this.#newestCheck;
    const client = await this.#bringUpSpare();
    const found = await client.check(source, FILE);
    return number === this.#newestCheck ? found : null;
  }

  dispose(): void {
    if (this.#active) this.#end(this.#active, { how: 'stopped' });
    clearTimeout(this.#spareTimer);
    void this.#spare?.then((client) => client.terminate());
    this.#spare = null;
  }

  async #execute(active: ActiveRun): Promise<void> {
    const { request } = active;
    const { runId } = request;
    this.#say(active, { type: 'phase', runId, phase: 'loading-runtime' });
    this.#onProgress = (progress, detail) =>
      this.#say(active, { type: 'phase', runId, phase: 'loading-runtime', progress, detail });
    const client = await this.#takeSpare();
    if (this.#isOver(active)) {
      client.terminate();
      return;
    }
    active.client = client;
    const { canWait } = await client.loaded;
    if (this.#isOver(active)) return;
    const waiting = chooseWaiting(request.clock, canWait);
    this.#say(active, { type: 'clock', runId, ...waiting });
    this.#say(active, { type: 'phase', runId, phase: 'running' });
    const end = await client.run(
      {
        program: request.program,
        source: request.source,
        file: FILE,
        args: request.args,
        virtual: waiting.waiting === 'virtual',
        platform: 'browser',
        debug: request.debug,
        traced: true,
        seed: waiting.waiting === 'virtual' ? 0 : null,
        limits: PAGE_LIMITS,
        terminal: false,
      },
      {
        trace: (bytes) => this.#say(active, { type: 'trace', runId, bytes }),
        diagnostics: (diagnostics) =>
          this.#say(active, { type: 'diagnostics', runId, diagnostics, failed: false }),
        input: (prompt) => this.#say(active, { type: 'input', runId, prompt }),
      },
    );
    this.#ended(active, end);
  }

  #ended(active: ActiveRun, end: PythonEnd): void {
    const { runId } = active.request;
    const failed = end.how === 'not-compiled';
    this.#say(active, { type: 'diagnostics', runId, diagnostics: end.diagnostics, failed });
    if (end.how === 'crashed')
      this.#end(active, { how: end.how, code: end.code, error: end.error });
    else if (end.how === 'exited') this.#end(active, { how: end.how, code: end.code });
    else this.#end(active, { how: end.how });
  }

  /** The interpreter that was brought up ahead, or a new one; it is the caller's. */
  #takeSpare(): Promise<PythonClient> {
    const spare = this.#bringUpSpare();
    this.#spare = null;
    return spare;
  }

  #bringUpSpare(): Promise<PythonClient> {
    // A run that begins before the timer is up has brought up its own: a second one would only slow it down.
    clearTimeout(this.#spareTimer);
    this.#spare ??= this.#newClient().catch((error: unknown) => {
      this.#spare = null;
      throw error;
    });
    return this.#spare;
  }

  async #newClient(): Promise<PythonClient> {
    this.#files ??= loadPythonFiles(this.#base, (progress, detail) =>
      this.#onProgress(progress, detail),
    );
    const files = await this.#files.catch((error: unknown) => {
      this.#files = null;
      throw error;
    });
    this.#ready = true;
    return new PythonClient(files);
  }

  /** Asked again after each wait: Stop comes in between. */
  #isOver(active: ActiveRun): boolean {
    return active.over;
  }

  #say(active: ActiveRun, message: RunMessage): void {
    if (active.over) return;
    active.queue.push(message);
    active.last?.heard();
  }

  #end(active: ActiveRun, end: End): void {
    if (active.over) return;
    this.#say(active, { type: 'end', runId: active.request.runId, ...end });
    active.over = true;
    active.queue.close();
    active.client?.terminate();
    active.client = null;
    this.#onProgress = () => undefined;
    // The next run finds an interpreter that is up.
    clearTimeout(this.#spareTimer);
    this.#spareTimer = setTimeout(() => {
      this.#bringUpSpare().catch(() => undefined);
    }, DRAW_FIRST);
  }
}
