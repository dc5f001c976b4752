/**
 * The trace, schema version 1: what every producer (native, WebAssembly, C++ or Python) writes and every viewer reads.
 *
 * JSON Lines, UTF-8. The first line is a {@link TraceHeader}; each further line is one {@link TraceEvent}.
 * An event's `loc` is the line that was running when it happened, where that is known exactly: nearly always in Python.
 * Under the virtual clock the same program gives the same bytes everywhere, `host` aside. The JSON Schema beside
 * `native/schema/` says the same thing to other languages; a test holds the two together.
 */

declare const brand: unique symbol;
/** Nanoseconds since the run began, on the loop's clock. */
export type Nanoseconds = number & { readonly [brand]: 'ns' };
/** Position of an event in its trace: 0 is the first event after the header. Equals `seq`. */
export type EventIndex = number & { readonly [brand]: 'event' };
export type HandleId = number & { readonly [brand]: 'handle' };
export type TaskId = number & { readonly [brand]: 'task' };
export type FutureId = number & { readonly [brand]: 'future' };
export type ResourceId = number & { readonly [brand]: 'resource' };

export type ClockKind = 'real' | 'virtual';

export interface TraceHeader {
  readonly schema: 'loopscope.trace';
  readonly version: 1;
  /** Name of the example, or of the file without its ending. */
  readonly program: string;
  readonly guest: 'cpp' | 'python';
  readonly clock: ClockKind;
  readonly time_unit: 'ns';
  /** Backend, platform, compiler: the only part in which the twins may differ. */
  readonly host: Readonly<Record<string, string>>;
  /** The program's main file, where the writer had it. */
  readonly source?: TraceSource;
}

/** `name`: the last part of the file's path, as `file` has it in the places of events. */
export interface TraceSource {
  readonly name: string;
  readonly text: string;
}

/** A place in the source. `func` is the bare name; `file` the last part of the path; `line` counts from 1. */
export interface SourceLocation {
  readonly func: string;
  readonly file: string;
  readonly line: number;
}

/** Who caused something: a task, a future, a handle (a callback outside any task), or the code outside the loop. */
export type Cause =
  | { readonly kind: 'task'; readonly id: TaskId }
  | { readonly kind: 'future'; readonly id: FutureId }
  | { readonly kind: 'handle'; readonly id: HandleId }
  /** `sleep(0)`: the task asked for its own next step. */
  | { readonly kind: 'yield' }
  /** Nothing of the loop was running: main(), or another thread. */
  | { readonly kind: 'outside' };

/** What a suspended task waits for. */
export type Awaiting =
  /** `sleep(0)`: nothing; the next step is already in the ready queue. */
  | { readonly kind: 'yield' }
  /** `sleep(d)`: future `id`, completed by timer `handle` at `when`. */
  | {
      readonly kind: 'sleep';
      readonly id: FutureId;
      readonly handle: HandleId;
      readonly when: Nanoseconds;
    }
  | { readonly kind: 'task'; readonly id: TaskId }
  /** `future` made by the program, or a combinator's own (`gather`, `wait`, `shield` ...). */
  | { readonly kind: string; readonly id: FutureId }
  /** At a resource: future `id` is its place there, `op` what it waits for (`acquire`, `get`, `put`, `join` ...). */
  | {
      readonly kind: string;
      readonly id: FutureId;
      readonly resource: ResourceId;
      readonly op?: string;
    };

interface Common {
  /** Counts from 0 without gaps. */
  readonly seq: EventIndex;
  readonly t: Nanoseconds;
  /** The loop this belongs to, counted from 1; 0 outside any loop. */
  readonly loop: number;
  /** The loop's turns so far, counted from 1; 0 before the first. */
  readonly turn: number;
}

type Event<K extends string, Fields = object> = Common & { readonly kind: K } & Readonly<Fields>;

export type Outcome = 'result' | 'exception' | 'cancelled';

export type TraceEvent =
  /** run_forever / run_until_complete begins (again). */
  | Event<'loop_start'>
  /** It returns; what is left stays in the queues for the next run. */
  | Event<'loop_stop', { ready: number; timers: number }>
  | Event<'loop_close'>
  /** Before the poll. `timeout`: how long the loop may wait; null is "until something happens". */
  | Event<'turn_begin', { ready: number; timers: number; timeout: Nanoseconds | null }>
  | Event<'turn_end', { ran: number }>
  /**
   * A handle was made: at the end of the ready queue, or, with `when`, in the timer heap.
   * `parent`: the handle that was running, 0 for none. `label`: `task_step` (first step, or the step after sleep(0)),
   * `task_wakeup` (what it awaited is done), `done_callback`, `callback` (call_soon), `timer` (call_later, call_at),
   * `sleep` (the timer under sleep()), `threadsafe` (call_soon_threadsafe), or a name a guest gives.
   */
  | Event<
      'scheduled',
      {
        handle: HandleId;
        parent: HandleId;
        label: string;
        task?: TaskId;
        /** The task or future whose end scheduled it (`task_wakeup`, `done_callback`). */
        by?: Cause;
        when?: Nanoseconds;
        loc?: SourceLocation;
      }
    >
  /** Its deadline is reached: from the heap to the end of the ready queue. */
  | Event<'timer_due', { handle: HandleId; when: Nanoseconds }>
  /** Handle.cancel(): it stays where it is until the loop comes across it and drops it. */
  | Event<'handle_cancelled', { handle: HandleId; parent: HandleId }>
  /** A cancelled handle left its queue without running. */
  | Event<'dropped', { handle: HandleId }>
  /** The loop was closed or destroyed while the handle was pending. */
  | Event<'abandoned', { handle: HandleId }>
  | Event<'run_begin', { handle: HandleId; task?: TaskId }>
  | Event<'run_end', { handle: HandleId; outcome: 'ok' | 'raised'; error?: string }>
  | Event<
      'task_created',
      { task: TaskId; name: string; coro: string; parent: TaskId; loc?: SourceLocation }
    >
  /** `throws`: the exception thrown into the coroutine instead of a value, e.g. `CancelledError`. `loc`: where the body begins. */
  | Event<'task_step_begin', { task: TaskId; throws?: string; loc?: SourceLocation }>
  /** `stack`: the coroutine frames, outermost first; the last one is where it waits. */
  | Event<'task_suspended', { task: TaskId; awaiting: Awaiting; stack: readonly SourceLocation[] }>
  /** `handle` (just scheduled) will resume `task`, because of `by`. */
  | Event<'task_wakeup', { task: TaskId; handle: HandleId; by: Cause }>
  | Event<'task_cancel_requested', { task: TaskId; by: Cause; loc?: SourceLocation }>
  /** A request to cancel was taken back (Task.uncancel); `left` still stand. */
  | Event<'task_uncancelled', { task: TaskId; left: number; loc?: SourceLocation }>
  /** `value`: text of the result where it is a number, a string or a bool. `error`: `Type: message`; `loc`: where that was thrown. */
  | Event<
      'task_done',
      { task: TaskId; outcome: Outcome; value?: string; error?: string; loc?: SourceLocation }
    >
  /** A future that is not a task. `type`: `future`, `gather` ...; `children`: what it collects, in order. */
  | Event<
      'future_created',
      { future: FutureId; type: string; children?: readonly Cause[]; loc?: SourceLocation }
    >
  | Event<
      'future_done',
      { future: FutureId; outcome: Outcome; by: Cause; error?: string; loc?: SourceLocation }
    >
  /**
   * Something was done to what tasks share (`lock`, `event`, `condition`, `semaphore`, `barrier`, `queue`, `channel`) or
   * live in (`timeout`, `task_group`, `cancel_scope`, `executor`): what it is like then, before those who wait are woken.
   * `op`: `created` first, then what was done, as a participle (`acquired`, `released`, `put`, `expired` ...).
   */
  | Event<
      'resource',
      {
        id: ResourceId;
        type: string;
        op: string;
        /** In words: `locked`, `3 of 10`. */
        state: string;
        /** The same as a number: items, free permits, arrived tasks; `limit`: the most it can be. */
        value?: number;
        limit?: number;
        /** How many tasks wait at it. */
        waiters: number;
        by: Cause;
        /** Its deadline. */
        when?: Nanoseconds;
        /** What was put or got, as text. */
        item?: string;
        loc?: SourceLocation;
      }
    >
  /** One line, or what was written without a line end before the next event. */
  | Event<'output', { stream: 'stdout' | 'stderr'; text: string; loc?: SourceLocation }>
  | Event<'log', { level: 'warning' | 'error'; text: string }>
  | Event<'io_ready', { fd: number; interest: 'read' | 'write' }>
  /** A cap was reached: from here on `what` is no longer recorded. */
  | Event<'truncated', { what: 'events' | 'output' | 'turns'; dropped: number }>
  /** The last event. `exited`: main returned `code`; `crashed`: `error` says how. */
  | Event<'program_end', { outcome: 'exited' | 'crashed'; code: number; error?: string }>;

export type TraceKind = TraceEvent['kind'];
export type EventOf<K extends TraceKind> = Extract<TraceEvent, { kind: K }>;
