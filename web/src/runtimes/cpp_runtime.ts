/** C++ in the page: compiles what was edited, runs it in a worker, and tells what happens. */
import type { Checker, Diagnostic, RunMessage, RunRequest, Runtime } from '../protocol/runtime.js';
import { Cancelled, CompilerClient } from './cpp/compiler_client.js';
import { noMain, undefinedSymbol } from './cpp/diagnostics.js';
import { DEFAULT_SOURCE_NAME } from './cpp/flags.js';
import { fetchFile } from './download.js';
import { LastMessages } from './last_messages.js';
import { PAGE_LIMITS } from './limits.js';
import type { Manifest } from './manifest.js';
import { RunClient } from './cpp/run_client.js';
import type { ProgramEnd, ProgramRun } from './cpp/run_program.js';
import { Repeated } from './cpp/standard_input.js';
import { backendOf, chooseWaiting, hasCoMain } from './cpp/waiting.js';
import { MessageQueue } from './message_queue.js';

interface ActiveRun {
  readonly request: RunRequest;
  readonly queue: MessageQueue<RunMessage>;
  /** Set as soon as the run has ended: nothing is said after it. */
  over: boolean;
  client: RunClient | null;
  /** Stop was pressed. */
  last: LastMessages | null;
  /** The program waits for a line. */
  answered: ((line: string | null) => void) | null;
}

export interface CppRuntimeOptions {
  /** The folder of `wasm/manifest.json`, with a slash at the end; usually beside the page. */
  readonly base?: string;
}

/** One serves a whole page: several embeds may share it. Loads nothing before it is asked to. */
export class CppRuntime implements Runtime, Checker {
  readonly #base: string;
  #parts: Promise<{ manifest: Manifest; compiler: CompilerClient }> | null = null;
  #compiler: CompilerClient | null = null;
  #runnerModule: Promise<WebAssembly.Module> | null = null;
  /** A runner that waits for its program, so that a run need not wait for a runner. */
  #spare: Promise<RunClient> | null = null;
  #active: ActiveRun | null = null;

  constructor(options: CppRuntimeOptions = {}) {
    this.#base = options.base ?? new URL('wasm/', document.baseURI).href;
  }

  /** Brings up a runner ahead of the first run. */
  async warm(): Promise<void> {
    this.#spare ??= this.#newRunner();
    await (
      await this.#spare
    ).loaded;
  }

  run(request: RunRequest): AsyncIterable<RunMessage> {
    const before = this.stop();
    const queue = new MessageQueue<RunMessage>();
    const active: ActiveRun = {
      request,
      queue,
      over: false,
      client: null,
      last: null,
      answered: null,
    };
    this.#active = active;
    void before
      .then(() => (active.over ? undefined : this.#execute(active)))
      .catch((error: unknown) => {
        if (error instanceof Cancelled) this.#end(active, { how: 'stopped' });
        else this.#end(active, { how: 'failed', error: messageOf(error) });
      });
    return queue;
  }

  async stop(): Promise<void> {
    const active = this.#active;
    if (!active || active.over) return;
    this.#compiler?.cancel();
    if (active.client) {
      active.last ??= new LastMessages();
      await active.last.over;
    }
    this.#end(active, { how: 'stopped' });
  }

  /** The line that an `input` message asked for. */
  answer(line: string | null): void {
    this.#active?.answered?.(line);
  }

  get ready(): boolean {
    return this.#compiler?.ready ?? false;
  }

  async check(source: string): Promise<readonly Diagnostic[] | null> {
    const { compiler } = await this.#load();
    return compiler.check(source);
  }

  dispose(): void {
    if (this.#active) this.#end(this.#active, { how: 'stopped' });
    this.#compiler?.dispose();
    void this.#spare?.then((client) => client.terminate());
    this.#spare = null;
  }

  async #execute(active: ActiveRun): Promise<void> {
    this.#phase(active, 'loading-runtime');
    // Comes up while the program is loaded or compiled.
    this.#spare ??= this.#newRunner();
    this.#spare.catch(() => undefined);
    const wasm = await this.#sideModule(active);
    if (active.over || wasm === null) return;
    const { request } = active;
    const coMain = hasCoMain(await WebAssembly.compile(wasm));
    const waiting = chooseWaiting(request.clock, coMain, globalThis.crossOriginIsolated);
    if ((await this.#nextClient(active)) === null) return;
    this.#say(active, { type: 'clock', runId: request.runId, ...waiting });
    this.#phase(active, 'running');
    const end = await this.#runAsking(active, wasm, {
      program: request.program,
      args: request.args,
      backend: backendOf(waiting.waiting),
      platform: 'browser',
      source: { name: DEFAULT_SOURCE_NAME, text: request.source },
      debug: request.debug,
      seed: waiting.waiting === 'virtual' ? 0 : null,
      limits: PAGE_LIMITS,
    });
    if (end === null) return;
    if (end.how === 'no-main') {
      this.#notCompiled(active, [noMain()]);
    } else if (end.how === 'unlinked') {
      const diagnostics = end.missing.map((name) => undefinedSymbol(name, request.source));
      this.#notCompiled(active, diagnostics);
    } else {
      this.#end(active, end);
    }
  }

  /** Runs it, and again from the start with each line that a person types. Null when it was stopped meanwhile. */
  async #runAsking(
    active: ActiveRun,
    wasm: Uint8Array<ArrayBuffer>,
    run: ProgramRun,
  ): Promise<Exclude<ProgramEnd, { how: 'asks' }> | null> {
    const { runId } = active.request;
    // Where time is real a program does not do the same again: it finds the end of its input.
    const typed: (string | null)[] = run.backend === 'virtual' ? [] : [null];
    const repeated = new Repeated();
    for (;;) {
      const client = active.client ?? (await this.#nextClient(active));
      if (client === null) return null;
      const { end, prompt } = await client.run(wasm, run, typed, (bytes) => {
        const fresh = repeated.fresh(bytes);
        if (fresh !== null) this.#say(active, { type: 'trace', runId, bytes: fresh });
      });
      if (end.how !== 'asks') return end;
      client.terminate();
      active.client = null;
      this.#spare ??= this.#newRunner();
      this.#say(active, { type: 'input', runId, prompt });
      typed.push(await new Promise<string | null>((resolve) => (active.answered = resolve)));
      active.answered = null;
      if (this.#isOver(active)) return null;
      repeated.again();
    }
  }

  /** The run's next worker, loaded; null when the run was stopped meanwhile. */
  async #nextClient(active: ActiveRun): Promise<RunClient | null> {
    const client = await this.#takeSpare();
    if (this.#isOver(active)) {
      client.terminate();
      return null;
    }
    active.client = client;
    await client.loaded;
    return this.#isOver(active) ? null : client;
  }

  /** Null when it does not compile; the run has then ended. */
  async #sideModule(active: ActiveRun): Promise<Uint8Array<ArrayBuffer> | null> {
    const { request } = active;
    const { manifest, compiler } = await this.#load();
    const prebuilt = manifest.programs[request.prebuilt ?? ''];
    if (prebuilt) {
      const response = await fetchFile(new URL(prebuilt.file, this.#base));
      return new Uint8Array(await response.arrayBuffer());
    }
    const { diagnostics, wasm } = await compiler.compile(
      request.source,
      (phase, progress, detail) => this.#phase(active, phase, progress, detail),
    );
    if (wasm === null) {
      this.#notCompiled(active, diagnostics);
    } else {
      const { runId } = request;
      this.#say(active, { type: 'diagnostics', runId, diagnostics, failed: false });
    }
    return wasm;
  }

  #load(): Promise<{ manifest: Manifest; compiler: CompilerClient }> {
    const load = async (): Promise<{ manifest: Manifest; compiler: CompilerClient }> => {
      const response = await fetchFile(new URL('manifest.json', this.#base));
      const manifest = (await response.json()) as Manifest;
      const compiler = new CompilerClient(this.#base, manifest.compiler);
      this.#compiler = compiler;
      return { manifest, compiler };
    };
    this.#parts ??= load().catch((error: unknown) => {
      this.#parts = null;
      throw error;
    });
    return this.#parts;
  }

  /** The runner that was brought up ahead, or a new one; it is the caller's. */
  #takeSpare(): Promise<RunClient> {
    const spare = this.#spare ?? this.#newRunner();
    this.#spare = null;
    return spare;
  }

  async #newRunner(): Promise<RunClient> {
    const { manifest } = await this.#load();
    this.#runnerModule ??= fetchFile(new URL(manifest.runner.module.file, this.#base)).then(
      (response) => WebAssembly.compileStreaming(response),
    );
    const module = await this.#runnerModule.catch((error: unknown) => {
      this.#runnerModule = null;
      throw error;
    });
    return new RunClient(new URL(manifest.runner.script.file, this.#base).href, module);
  }

  #phase(
    active: ActiveRun,
    phase: (RunMessage & { type: 'phase' })['phase'],
    progress?: number,
    detail?: string,
  ): void {
    this.#say(active, {
      type: 'phase',
      runId: active.request.runId,
      phase,
      ...(progress === undefined ? {} : { progress }),
      ...(detail === undefined ? {} : { detail }),
    });
  }

  #notCompiled(active: ActiveRun, diagnostics: readonly Diagnostic[]): void {
    const { runId } = active.request;
    this.#say(active, { type: 'diagnostics', runId, diagnostics, failed: true });
    this.#end(active, { how: 'not-compiled' });
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

  #end(active: ActiveRun, end: Omit<RunMessage & { type: 'end' }, 'type' | 'runId'>): void {
    if (active.over) return;
    this.#say(active, { type: 'end', runId: active.request.runId, ...end });
    active.over = true;
    active.queue.close();
    active.client?.terminate();
    active.client = null;
    active.answered?.(null);
    // The next run finds a runner that is up.
    this.#spare ??= this.#newRunner();
    this.#spare.catch(() => {
      this.#spare = null;
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
