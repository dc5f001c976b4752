// The slim module as TypeScript sees it. Emscripten generates types beside the module (build/wasm/bin/loopscope.d.mts);
// these are the same, there before a build and with words; slim_module.test.ts holds the two together.

/** A callback that a loop will run; dropping the handle does not stop it. JavaScript's own object: nothing to free. */
export interface Handle {
  cancel(): void;
  cancelled(): boolean;
}

export interface TimerHandle extends Handle {
  /** The deadline, on EventLoop.time(). */
  when(): number;
}

/** asyncio's Future. Its callbacks run through the loop's ready queue. */
export interface Future {
  done(): boolean;
  cancelled(): boolean;
  /** False when it is done already. */
  cancel(message?: string): boolean;
  /** Throws what it was given as an exception, or a CancelledError or InvalidStateError. */
  result(): unknown;
  /** What it was given as an exception; null if it has a result. */
  exception(): unknown;
  set_result(value: unknown): void;
  set_exception(error: unknown): void;
  add_done_callback(callback: () => void): void;
  /** The same promise at each call; its reactions follow the turn of the done callbacks. */
  promise(): Promise<unknown>;
}

export interface ExceptionContext {
  message: string;
  /** What was thrown. */
  exception: unknown;
  object: string;
}

/** asyncio's event loop, with times in seconds. run_forever() and run_until_complete() are in loop_driver.ts. */
export interface EventLoop {
  call_soon(callback: () => void): Handle;
  call_later(delay: number, callback: () => void): TimerHandle;
  call_at(when: number, callback: () => void): TimerHandle;
  time(): number;
  create_future(): Future;
  stop(): void;
  close(): void;
  is_running(): boolean;
  is_closed(): boolean;
  /** Null: errors are logged to the console. */
  set_exception_handler(handler: ((context: ExceptionContext) => void) | null): void;

  /** For a driver. Begins a run: turn() until it says false, each no later than next_timeout() seconds on. */
  start(): void;
  turn(): boolean;
  next_timeout(): number | undefined;
  /** `wake` is called when something was scheduled from outside a turn. */
  set_waker(wake: (() => void) | null): void;

  /** Frees it now; otherwise the garbage collector does. */
  delete(): void;
}

export interface SlimModule {
  EventLoop: {
    new (): EventLoop;
    /** A loop that is traced: `sink` gets whole lines of the trace, schema version 1. */
    traced(sink: (lines: Uint8Array) => void): EventLoop;
  };
}

/** Loads the module from where it was put: `loopscope.mjs`, with `loopscope.wasm` beside it. */
export async function loadSlimModule(url: string): Promise<SlimModule> {
  const script = (await import(/* @vite-ignore */ url)) as {
    default: () => Promise<SlimModule>;
  };
  return script.default();
}
