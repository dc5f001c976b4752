/** C++ in the page: compiles what was edited, runs it in a worker, and tells what happens. */
import type { Checker, Diagnostic, RunMessage, RunRequest, Runtime } from '../protocol/runtime.js';
import { Cancelled, CompilerClient } from './cpp/compiler_client.js';
import { undefinedSymbol } from './cpp/diagnostics.js';
import { DEFAULT_SOURCE_NAME } from './cpp/flags.js';
import { fetchFile } from './download.js';
import { PAGE_LIMITS } from './limits.js';
import type { Manifest } from './manifest.js';
import { RunClient } from './cpp/run_client.js';
import { backendOf, chooseWaiting, hasCoMain } from './cpp/waiting.js';
import { MessageQueue } from './message_queue.js';

/** What a terminated worker has already sent arrives within this time. */
const DRAIN_MS = 30;

interface ActiveRun {
  readonly request: RunRequest;
  readonly queue: MessageQueue<RunMessage>;
  /** Set as soon as the run has ended: nothing is said after it. */
  over: boolean;
  client: RunClient | null;
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
    const active: ActiveRun = { request, queue, over: false, client: null };
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
      // What was traced so far is on its way: a terminated worker's messages are lost unless they have arrived.
      await new Promise((resolve) => setTimeout(resolve, DRAIN_MS));
    }
    this.#end(active, { how: 'stopped' });
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
    const client = await this.#takeSpare();
    if (this.#isOver(active)) {
      client.terminate();
      return;
    }
    active.client = client;
    const { request } = active;
    const coMain = hasCoMain(await WebAssembly.compile(wasm));
    const waiting = chooseWaiting(request.clock, coMain, globalThis.crossOriginIsolated);
    await client.loaded;
    if (this.#isOver(active)) return;
    this.#say(active, { type: 'clock', runId: request.runId, ...waiting });
    this.#phase(active, 'running');
    const end = await client.run(
      wasm,
      {
        program: request.program,
        args: request.args,
        backend: backendOf(waiting.waiting),
        platform: 'browser',
        source: { name: DEFAULT_SOURCE_NAME, text: request.source },
        debug: request.debug,
        seed: waiting.waiting === 'virtual' ? 0 : null,
        limits: PAGE_LIMITS,
      },
      (bytes) => this.#say(active, { type: 'trace', runId: request.runId, bytes }),
    );
    if (end.how === 'unlinked') {
      const diagnostics = end.missing.map((name) => undefinedSymbol(name, request.source));
      this.#notCompiled(active, diagnostics);
    } else {
      this.#end(active, end);
    }
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
    if (!active.over) active.queue.push(message);
  }

  #end(active: ActiveRun, end: Omit<RunMessage & { type: 'end' }, 'type' | 'runId'>): void {
    if (active.over) return;
    this.#say(active, { type: 'end', runId: active.request.runId, ...end });
    active.over = true;
    active.queue.close();
    active.client?.terminate();
    active.client = null;
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
