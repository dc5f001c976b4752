/** Runs one Python program in an interpreter that has not run anything yet, here: in a worker of the page, or in Node. */
import type { Diagnostic } from '../../protocol/runtime.js';
import { makeChanceRepeatable } from '../chance.js';
import { describeEnd } from './crash.js';
import { CoreRun } from './core.js';
import { instantiateCore, type CoreModule, type CoreModuleFactory } from './core_module.js';
import { bringUp, canSuspend, type InterpreterParts } from './interpreter.js';
import type { TraceLimits } from '../limits.js';
import type { PyCallable, Pyodide } from './pyodide_module.js';
import { Threads } from './threads.js';

export interface PythonRun {
  /** Its name in the trace. */
  readonly program: string;
  readonly source: string;
  /** The file's name, as tracebacks and the trace show it. */
  readonly file: string;
  readonly args: readonly string[];
  readonly virtual: boolean;
  readonly platform: string;
  readonly debug: boolean;
  readonly traced: boolean;
  /** What random numbers follow from; null: they are random. */
  readonly seed: number | null;
  readonly limits: TraceLimits;
  /** There is a standard input: input() reads from it. Otherwise a person is asked. */
  readonly terminal: boolean;
}

/** What Python says of the program beside its output. */
export type PythonEnd =
  | { readonly how: 'exited'; readonly code: number; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly how: 'crashed';
      readonly code: number;
      readonly error: string;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** Python does not understand the text; it was not started. `error`: as Python prints it. */
  | {
      readonly how: 'not-compiled';
      readonly error: string;
      readonly diagnostics: readonly Diagnostic[];
    };

export interface PythonHooks {
  /** Whole lines of the trace. */
  trace(lines: Uint8Array<ArrayBuffer>): void;
  /** Now and then while Python runs, and before it waits: what was told may go. */
  pulse?(): void;
  /** What is printed, for a terminal. */
  output?(fd: number, bytes: Uint8Array): void;
  /** A line that a person types; null: there is nobody, or no more. Where Python can wait. */
  input?(prompt: string): Promise<string | null>;
  /** Messages about the text, as soon as they are known. */
  diagnostics?(found: readonly Diagnostic[]): void;
}

export interface CoreParts {
  readonly factory: CoreModuleFactory;
  readonly module: WebAssembly.Module;
}

/** Bringing it up ahead saves a run that time. */
export class PythonRunner {
  readonly #python: Pyodide;
  readonly #core: CoreModule;
  #onTrace: (lines: Uint8Array<ArrayBuffer>) => void = () => undefined;

  static async create(parts: InterpreterParts, core: CoreParts): Promise<PythonRunner> {
    let onTrace = (_lines: Uint8Array<ArrayBuffer>): void => undefined;
    const [python, module] = await Promise.all([
      bringUp(parts),
      instantiateCore(core.factory, core.module, (lines) => onTrace(lines)),
    ]);
    const runner = new PythonRunner(python, module);
    onTrace = (lines) => runner.#onTrace(lines);
    return runner;
  }

  private constructor(python: Pyodide, core: CoreModule) {
    this.#python = python;
    this.#core = core;
  }

  get python(): Pyodide {
    return this.#python;
  }

  /** What Python says of a text without running it. */
  check(source: string, file: string): readonly Diagnostic[] {
    const { check } = this.#python.pyimport('loopscope_page.program');
    return JSON.parse(String(check?.(source, file))) as readonly Diagnostic[];
  }

  /** Once per interpreter. The hooks are called while it runs. */
  async run(run: PythonRun, hooks: PythonHooks): Promise<PythonEnd> {
    this.#onTrace = (lines) => hooks.trace(lines);
    if (run.seed !== null) makeChanceRepeatable(run.seed);
    const core = new CoreRun(this.#core, {
      ...run,
      onFlush: () => hooks.pulse?.(),
      interpreter: `CPython ${String(this.#python.pyimport('platform')['python_version']?.())}`,
    });
    this.#connect(core, hooks);
    const { run: program } = this.#python.pyimport('loopscope_page.program');
    if (program === undefined) throw new Error('the page’s Python package is not there');
    let end: PythonEnd;
    try {
      end = JSON.parse(
        String(await this.#call(program, this.#page(core, run, hooks), run)),
      ) as PythonEnd;
    } catch (error) {
      end = { ...describeEnd(error), diagnostics: [] };
    }
    if (end.how !== 'not-compiled') core.end(end.code, end.how === 'crashed' ? end.error : '');
    return end;
  }

  /** What the program prints goes into the trace as it is printed. */
  #connect(core: CoreRun, hooks: PythonHooks): void {
    const stream = (fd: number): { write: (bytes: Uint8Array) => number } => ({
      write: (bytes) => {
        hooks.output?.(fd, bytes);
        core.output(fd, bytes);
        return bytes.length;
      },
    });
    this.#python.setStdout(stream(1));
    this.#python.setStderr(stream(2));
    this.#python.setInterruptBuffer(pulsing(core));
  }

  /** A promise only where Python can wait. */
  #call(program: PyCallable, page: object, run: PythonRun): unknown {
    const options = JSON.stringify({ file: run.file, args: run.args });
    return canSuspend()
      ? program.callPromising(page, run.source, options)
      : program(page, run.source, options);
  }

  /** Everything of JavaScript's that Python gets to see. */
  #page(core: CoreRun, run: PythonRun, hooks: PythonHooks): object {
    const threads = new Threads({
      virtual: run.virtual,
      now: () => core.now(),
      passTime: (seconds) => core.passTime(seconds),
    });
    return {
      virtual: run.virtual,
      seed: run.seed ?? undefined,
      traced: run.traced,
      terminal: run.terminal,
      canSuspend: canSuspend(),
      newLoop: (traced: boolean) => core.newLoop(threads, traced),
      now: () => core.ask(),
      passTime: (seconds: number) => core.passTime(seconds),
      endLines: () => core.endLines(),
      flush: () => core.flush(),
      writing: (func: string, file: string, line: number) => core.writing({ func, file, line }),
      newToken: () => threads.newToken(),
      park: (token: number, seconds: number) => threads.park(token, seconds),
      wakeThread: (token: number) => threads.wake(token),
      spawnThread: (body: () => unknown) => threads.spawn(body),
      threadExited: () => threads.exited(),
      otherThreads: () => threads.others,
      input: async (prompt: string) => {
        core.flush();
        return (await hooks.input?.(prompt)) ?? undefined;
      },
      diagnostics: (found: string) =>
        hooks.diagnostics?.(JSON.parse(found) as readonly Diagnostic[]),
    };
  }
}

/** Python looks at the first element after every few jumps whether it is to be interrupted. It never is, but we hear of it. */
function pulsing(core: CoreRun): ArrayLike<number> {
  return {
    length: 1,
    get 0() {
      core.pulse();
      return 0;
    },
    set 0(_signal: number) {
      // Python takes notice of a signal by writing 0.
    },
  };
}
