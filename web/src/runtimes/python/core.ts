/**
 * The core of Python's loops, as Python sees it: loopscope/core.py has the words, the slim module the work. Thin: the busy
 * calls are WebAssembly's own functions, with the loop's pointer bound.
 */
import type { SourceLocation } from '../../protocol/trace.js';
import type { CoreModule, Told } from './core_module.js';
import { Texts } from './texts.js';
import type { Threads } from './threads.js';

/** What `begin_turn()` says where nothing can ever happen. */
const DEADLOCK = -2;
/** How old what was traced may become before the page gets it, while Python is busy. */
const FLUSH_MS = 10;

const NOWHERE: SourceLocation = { func: '', file: '', line: 0 };

/** Python's None is undefined here. */
type Value = string | number | undefined;

export interface RunOptions {
  readonly program: string;
  readonly platform: string;
  readonly interpreter: string;
  /** The name of the program's file, and what is in it. */
  readonly file: string;
  readonly source: string;
  readonly virtual: boolean;
  readonly debug: boolean;
  readonly limits: { readonly events: number; readonly output: number };
  /** False: nothing is told, and loops are faster. */
  readonly traced: boolean;
  /** After what was traced has been passed on, while the program may go on for long. */
  readonly onFlush?: () => void;
}

/** Events whose values are passed on as they come, numbers and texts; what is absent and a text is named in OPTIONAL. */
const TOLD = [
  'note',
  'raised',
  'task_created',
  'step_begin',
  'suspended',
  'cancel_requested',
  'uncancelled',
  'task_done',
  'future_created',
  'future_done',
  'resource',
  'log',
] as const;
/** Positions of texts that may be None. */
const OPTIONAL_TEXTS: Partial<Record<(typeof TOLD)[number], readonly number[]>> = {
  task_done: [2],
  resource: [10],
};

/** A core for a loop: what `newLoop()` gives Python. */
export type LoopCore = Record<string, unknown>;

/** One run of a program: its trace, its time, its loops. */
export class CoreRun {
  readonly #module: CoreModule;
  readonly #texts: Texts;
  readonly #options: RunOptions;
  #place = NOWHERE;
  /** When what was traced was last passed on; never before the program has done something. */
  #flushed = Infinity;

  constructor(module: CoreModule, options: RunOptions) {
    this.#module = module;
    this.#texts = new Texts(module);
    this.#options = options;
    module._guest_open(
      this.#texts.put(options.program),
      this.#texts.put(options.platform),
      this.#texts.put(options.interpreter),
      this.#texts.put(options.file),
      this.#texts.put(options.source),
      options.virtual,
      options.debug,
      options.traced,
      options.limits.events,
      options.limits.output,
    );
  }

  now(): number {
    return this.#module._guest_now();
  }

  /** For the program, which may be waiting for a time to come: under the virtual clock asking takes time in the end. */
  ask(): number {
    return this.#module._guest_ask();
  }

  passTime(seconds: number): void {
    this.#module._guest_pass_time(seconds);
  }

  endLines(): void {
    this.#module._guest_end_lines();
  }

  flush(): void {
    this.#module._guest_flush();
    this.#options.onFlush?.();
  }

  /** To be called often while Python runs: an endless loop that is stopped leaves all that was traced before it. */
  pulse(): void {
    const now = performance.now();
    if (now - this.#flushed < FLUSH_MS) return;
    this.#flushed = now;
    this.flush();
  }

  /** The line of the program that is about to write something; of line 0 nothing is known. */
  writing(place: SourceLocation): void {
    this.#place = place;
  }

  output(fd: number, bytes: Uint8Array): void {
    this.#begin();
    const module = this.#module;
    const { func, file, line } = this.#place;
    this.#place = NOWHERE;
    this.#texts.reset();
    const place = [this.#texts.put(func), this.#texts.put(file)] as const;
    const pointer = module._malloc(bytes.length);
    module.HEAPU8.set(bytes, pointer);
    module._guest_output(fd, pointer, bytes.length, ...place, line);
    module._free(pointer);
  }

  /** The last line of the trace; an empty error says that the program exited. */
  end(code: number, error: string): void {
    this.#texts.reset();
    this.#module._guest_end(code, this.#texts.put(error));
  }

  #begin(): void {
    if (this.#flushed === Infinity) this.#flushed = performance.now();
  }

  newLoop(threads: Threads, traced: boolean): LoopCore {
    this.#begin();
    const module = this.#module;
    const core = module._guest_new_loop(traced);
    const token = threads.newToken();
    const beginTurn = (stopping: boolean): number => module._guest_begin_turn(core, stopping);
    /** Time passes in the core only where no other thread could do something before. */
    const virtualTurn = (stopping: boolean): number => {
      if (threads.others > 0 && !stopping) {
        const wait = module._guest_next_timeout(core);
        if (wait !== 0) return wait;
      }
      return beginTurn(stopping) < 0 ? DEADLOCK : 0;
    };
    const loop: LoopCore = {
      now: () => module._guest_time(core),
      call_soon: () => module._guest_call_soon(core),
      call_at: (when: number) => module._guest_call_at(core, when),
      cancel: (handle: number) => module._guest_cancel(core, handle),
      wake: () => threads.wake(token),
      begin_turn: this.#options.virtual ? virtualTurn : beginTurn,
      wait: (seconds: number) => {
        if (!this.#options.virtual) this.flush();
        return threads.park(token, seconds);
      },
      collect: () => module._guest_collect(core),
      next: () => module._guest_next(core),
      loop_start: () => module._guest_loop_start(core),
      loop_stop: () => module._guest_loop_stop(core),
      close: () => module._guest_close(core),
      mute: (on: boolean) => module._guest_mute(core, on),
      new_task: () => module._guest_new_task(),
      new_future: () => module._guest_new_future(),
      new_resource: () => module._guest_new_resource(),
      number: module._guest_number(core),
      backend: this.#options.virtual ? 'virtual' : 'js',
      virtual: this.#options.virtual,
      debug: this.#options.debug,
      traced,
    };
    for (const name of TOLD) loop[name] = this.#teller(core, name);
    return loop;
  }

  #teller(core: number, name: (typeof TOLD)[number]): (...values: Value[]) => void {
    const texts = this.#texts;
    const told = (this.#module as unknown as Record<string, Told>)[`_guest_${name}`];
    if (told === undefined) throw new Error(`the slim module cannot tell "${name}"`);
    const optional = OPTIONAL_TEXTS[name] ?? [];
    return (...values) => {
      texts.reset();
      const passed = values.map((value, index) => {
        if (typeof value === 'string') return texts.put(value);
        return value ?? (optional.includes(index) ? 0 : NaN);
      });
      told(core, ...passed);
    };
  }
}
