/** Runs one compiled program in a fresh instance of the runner, here: in a worker of the page, or in Node. */
import type { TraceSource } from '../../protocol/trace.js';
import { makeChanceRepeatable } from '../chance.js';
import { describeCrash, explained } from './crash.js';
import type { TraceLimits } from '../limits.js';
import {
  instantiateRunner,
  type RunnerFactory,
  type RunnerHooks,
  type RunnerModule,
} from './runner_module.js';
import { hasEntry, missingSymbols } from './side_module.js';
import { NeedsLine } from './standard_input.js';
import { nextTask } from './tasks.js';

export interface ProgramRun {
  /** Its name in the trace. */
  readonly program: string;
  readonly args: readonly string[];
  /** Of the runner's backends. */
  readonly backend: string;
  /** Where it runs, for the trace's header. */
  readonly platform: string;
  readonly source: TraceSource;
  readonly debug: boolean;
  /** What random numbers follow from; null: they are random. */
  readonly seed: number | null;
  readonly limits: TraceLimits;
}

export type ProgramEnd =
  | { readonly how: 'exited'; readonly code: number }
  | { readonly how: 'crashed'; readonly code: number; readonly error: string }
  /** It reads a line that nobody has typed yet, and was given up. */
  | { readonly how: 'asks' }
  /** It does not say where it begins; it was not started. */
  | { readonly how: 'no-main' }
  /** Functions that the program uses and nobody defines; it was not started. */
  | { readonly how: 'unlinked'; readonly missing: readonly string[] };

/** How long turns run before the host's own tasks get their turn. */
const SLICE_MS = 8;
/** Shorter timers than this are waited for with tasks: browsers stretch nested short timeouts to 4 ms. */
const SHORT_TIMER_MS = 5;

const PROGRAM_FILE = '/program.wasm';

/** An instance that has not run anything yet. Bringing it up ahead saves a run that time. */
export class Runner {
  readonly #module: RunnerModule;
  readonly #hooks: RunnerHooks;
  #aborted: string | null = null;

  static async create(factory: RunnerFactory, wasm: WebAssembly.Module): Promise<Runner> {
    const hooks: RunnerHooks = { trace: () => undefined };
    let aborted = (_what: string): void => undefined;
    const module = await instantiateRunner(factory, wasm, hooks, (what) => aborted(String(what)));
    const runner = new Runner(module, hooks);
    aborted = (what) => (runner.#aborted = what);
    return runner;
  }

  private constructor(module: RunnerModule, hooks: RunnerHooks) {
    this.#module = module;
    this.#hooks = hooks;
  }

  /** Name and description of each way of waiting. */
  backends(): { readonly name: string; readonly about: string }[] {
    const text = this.#module.UTF8ToString(this.#module._loopscope_backends());
    return text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [name = '', about = ''] = line.split('\t');
        return { name, about };
      });
  }

  /** Once per instance. The hooks are called while it runs. */
  async run(
    side: Uint8Array<ArrayBuffer>,
    run: ProgramRun,
    hooks: RunnerHooks,
  ): Promise<ProgramEnd> {
    const module = this.#module;
    Object.assign(this.#hooks, hooks);
    if (run.seed !== null) makeChanceRepeatable(run.seed);
    const program = new WebAssembly.Module(side);
    const missing = missingSymbols(program, (name) => module.hasSymbol(name));
    if (missing.length > 0) {
      return { how: 'unlinked', missing: missing.map((name) => this.#demangle(name)) };
    }
    if (!hasEntry(program)) return { how: 'no-main' };
    module.FS.writeFile(PROGRAM_FILE, side);
    if (hooks.input !== undefined) this.#connectInput(hooks.input);
    this.#openSession(run);
    try {
      this.#start(run);
      return await this.#driveUntilExit();
    } catch (error) {
      return this.#end(error);
    }
  }

  #connectInput(input: () => Uint8Array | null): void {
    const stdin = this.#module.FS.getStream(0);
    let rest = new Uint8Array();
    stdin.stream_ops = {
      ...stdin.stream_ops,
      read: (_stream, buffer, offset, length) => {
        if (rest.length === 0) rest = new Uint8Array(input() ?? []);
        const part = rest.subarray(0, length);
        buffer.set(part, offset);
        rest = rest.subarray(part.length);
        return part.length;
      },
    };
  }

  #openSession(run: ProgramRun): void {
    this.#module._loopscope_session(
      this.#text(run.program),
      this.#text(run.backend),
      this.#text(run.platform),
      this.#text(run.source.name),
      this.#text(run.source.text),
      run.debug,
      run.backend === 'js',
      run.limits.events,
      run.limits.output,
    );
  }

  #start(run: ProgramRun): void {
    const module = this.#module;
    const args = [run.program, ...run.args];
    const argv = module._malloc(4 * args.length);
    args.forEach((arg, index) => module.setValue(argv + 4 * index, this.#text(arg), '*'));
    module._loopscope_start(this.#text(PROGRAM_FILE), args.length, argv);
  }

  /** A C string; it lives as long as the run. */
  #text(value: string): number {
    return this.#module.stringToNewUTF8(value);
  }

  /** Gives the program's loop its turns from the host's event loop; the program's exit comes out as an exception. */
  async #driveUntilExit(): Promise<never> {
    for (;;) {
      const delay = this.#module._loopscope_advance(SLICE_MS);
      this.#hooks.pause?.();
      if (delay < SHORT_TIMER_MS) await nextTask();
      else await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }

  #end(error: unknown): ProgramEnd {
    if (error instanceof NeedsLine) return { how: 'asks' };
    if (isExitStatus(error)) {
      this.#module._loopscope_end(error.status, 0);
      return { how: 'exited', code: error.status };
    }
    const module = this.#module;
    const crash = describeCrash(error, module.stack.left(), this.#aborted);
    // There may be nothing left of it, and the recorder needs a little.
    module.stack.reset();
    const told = module._loopscope_error();
    if (told !== 0)
      return { how: 'crashed', code: crash.code, error: explained(module.UTF8ToString(told)) };
    const message = module.stringToNewUTF8(crash.message);
    if (message !== 0) module._loopscope_end(crash.code, message);
    return { how: 'crashed', code: crash.code, error: crash.message };
  }

  #demangle(name: string): string {
    const module = this.#module;
    const mangled = module.stringToNewUTF8(name);
    const readable = module._loopscope_demangle(mangled);
    module._free(mangled);
    if (readable === 0) return name;
    const text = module.UTF8ToString(readable);
    module._free(readable);
    return text;
  }
}

function isExitStatus(error: unknown): error is { status: number } {
  return (
    typeof error === 'object' && error !== null && 'name' in error && error.name === 'ExitStatus'
  );
}
