/**
 * The state of a program at one position of its trace, as data: everything a view draws.
 *
 * A position is a number of events: at position n the first n events have happened, and the last of them is event
 * n - 1. Position 0 is before everything. States are immutable and share what did not change, so that two states can
 * be compared part by part with `===`.
 */
import type {
  Awaiting,
  Cause,
  EventIndex,
  FutureId,
  HandleId,
  Nanoseconds,
  Outcome,
  ResourceId,
  SourceLocation,
  TaskId,
} from '../protocol/trace.js';
import type { Vector } from './vector.js';

/** Things found by their id; iterated in the order in which they first appeared. */
export interface Table<Id, T> extends Iterable<T> {
  readonly size: number;
  get(id: Id): T | undefined;
}

export type LoopPhase =
  /** Made, not running: before its first run. */
  | { readonly kind: 'new' }
  /** In the poller: for `timeout` from `since` on; `until` is null when only something from outside can end it. */
  | {
      readonly kind: 'polling';
      readonly since: Nanoseconds;
      readonly timeout: Nanoseconds | null;
      readonly until: Nanoseconds | null;
    }
  /** A handle is running: `LoopState.running`. */
  | { readonly kind: 'running' }
  /** Between two handles, or between two turns. */
  | { readonly kind: 'between' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'closed' }
  /** The trace is full: what the loop does from here on is not in it. */
  | { readonly kind: 'unrecorded' };

/** One event loop. Its queues are read with `readyQueue()` and `timerHeap()` (queues.ts). */
export interface LoopState {
  /** As in the trace, counted from 1. */
  readonly id: number;
  readonly phase: LoopPhase;
  readonly turn: number;
  readonly running: HandleId | undefined;
  /** The task whose step is running. */
  readonly task: TaskId | undefined;
  /** Handles in the ready queue, cancelled ones included. */
  readonly readyCount: number;
  /** Handles in the timer heap, cancelled ones included. */
  readonly timerCount: number;
  /** Handles of this turn's batch that have not run yet. */
  readonly batchLeft: number;
  /** @internal The tasks whose steps have begun and not ended, innermost last; more than one only for eager tasks. */
  readonly steps: readonly TaskId[];
  /** @internal Every handle that was ever put into the ready queue, in order; those before `head` have left it. */
  readonly queue: Vector<HandleId>;
  /** @internal */
  readonly head: number;
  /** @internal Where in `queue` this turn's batch ends; Infinity until the first handle of the turn runs. */
  readonly batchEnd: number;
  /** @internal Handles put into the heap, in order of creation; those that left it are still in here for a while. */
  readonly timers: Vector<HandleId>;
}

/** One handle: one entry of the ready queue or of the timer heap, from being scheduled to having run. */
export interface HandleState {
  readonly id: HandleId;
  readonly loop: number;
  /** See `scheduled` in the trace. */
  readonly label: string;
  /** The handle that was running when this one was made; 0 for none. */
  readonly parent: HandleId;
  readonly task: TaskId | undefined;
  /** The task or future whose end scheduled it. */
  readonly by: Cause | undefined;
  /** Deadline, for timers. */
  readonly when: Nanoseconds | undefined;
  readonly loc: SourceLocation | undefined;
  readonly scheduledAt: EventIndex;
  readonly place: 'ready' | 'timers' | 'running' | 'gone';
  /** How it left; undefined until then. */
  readonly end: 'ran' | 'raised' | 'dropped' | 'abandoned' | undefined;
  /** Cancelled; it stays where it is until the loop comes across it. */
  readonly cancelled: boolean;
  readonly error: string | undefined;
  /** @internal Its index in `LoopState.queue`; -1 while it is not in there. */
  readonly queued: number;
}

export type TaskStatus =
  /** Made; its first step is not scheduled yet. */
  | 'created'
  | 'ready'
  | 'running'
  /** Suspended: `awaiting` says on what, `stack` where. */
  | 'waiting'
  | 'done'
  | 'failed'
  | 'cancelled'
  /** Its loop was closed before it was done. */
  | 'abandoned'
  /** The trace was full before it was done. */
  | 'unrecorded';

/** A request to cancel a task, and how far it has come. */
export interface CancelState {
  /** The latest request. */
  readonly by: Cause;
  readonly requestedAt: EventIndex;
  readonly requests: number;
  /**
   * `must-cancel`: nothing to cancel, CancelledError comes with its next step. `awaited`: what it waits for is being
   * cancelled. `delivered`: CancelledError was thrown into the coroutine, which has not ended yet. `obeyed`: it ended
   * as cancelled. `swallowed`: it ended otherwise although CancelledError had been thrown into it. `too-late`: it ended
   * before that.
   */
  readonly stage: 'must-cancel' | 'awaited' | 'delivered' | 'obeyed' | 'swallowed' | 'too-late';
  readonly deliveredAt: EventIndex | undefined;
}

export interface TaskState {
  readonly id: TaskId;
  readonly loop: number;
  readonly name: string;
  readonly coro: string;
  /** The task that made it; 0 when none did. */
  readonly parent: TaskId;
  readonly createdAt: EventIndex;
  /** Where it was created. */
  readonly loc: SourceLocation | undefined;
  readonly status: TaskStatus;
  /** The event that gave it this status. */
  readonly since: EventIndex;
  /** What it waits for; kept until its next step begins, and `yield` while it is ready after sleep(0). */
  readonly awaiting: Awaiting | undefined;
  /** Coroutine frames where it was last suspended, outermost first; empty before that. */
  readonly stack: readonly SourceLocation[];
  /** The last line known of it: where it is suspended; while it runs, where it began, went on or last told. */
  readonly location: SourceLocation | undefined;
  /** The event that told it: it was on that very line then, and is somewhere after it since. */
  readonly locatedAt: EventIndex | undefined;
  /** Why it is ready, or was before it ran. */
  readonly wokenBy: Cause | undefined;
  /** The handle that will step it, or steps it now. */
  readonly handle: HandleId | undefined;
  /** Steps begun so far. */
  readonly steps: number;
  /** The exception thrown into it at the beginning of the running step. */
  readonly throws: string | undefined;
  readonly cancel: CancelState | undefined;
  readonly outcome: Outcome | undefined;
  readonly value: string | undefined;
  readonly error: string | undefined;
  readonly doneAt: EventIndex | undefined;
}

export interface FutureState {
  readonly id: FutureId;
  readonly loop: number;
  /** `future`, `gather`, `sleep` ... */
  readonly type: string;
  /** What a combinator collects, in order. */
  readonly children: readonly Cause[];
  readonly loc: SourceLocation | undefined;
  readonly createdAt: EventIndex;
  readonly outcome: Outcome | undefined;
  readonly by: Cause | undefined;
  readonly error: string | undefined;
  readonly doneAt: EventIndex | undefined;
}

/** A lock, an event, a queue ... Who waits at it: `resourceWaiters()` in resources.ts. */
export interface ResourceState {
  readonly id: ResourceId;
  readonly loop: number;
  readonly type: string;
  /** The last thing done to it. */
  readonly op: string;
  /** What it is like, in words and, where it can be counted, as a number. */
  readonly state: string;
  readonly value: number | undefined;
  readonly limit: number | undefined;
  /** Its deadline, on the axis of `TraceStore.timeAt()`. */
  readonly when: Nanoseconds | undefined;
  /** Of a lock or semaphore: who acquired it and has not released it, in order. */
  readonly holders: readonly TaskId[];
  /** Where it was made. */
  readonly loc: SourceLocation | undefined;
  readonly createdAt: EventIndex;
  readonly changedAt: EventIndex;
}

/** Something written by the program or logged by the loop. */
export interface ConsoleLine {
  readonly event: EventIndex;
  /** On the axis of `TraceStore.timeAt()`. */
  readonly time: Nanoseconds;
  readonly loop: number;
  readonly task: TaskId | undefined;
  readonly stream: 'stdout' | 'stderr' | 'log';
  /** For logs. */
  readonly level: 'warning' | 'error' | undefined;
  readonly text: string;
}

export interface Truncation {
  readonly event: EventIndex;
  readonly what: 'events' | 'output' | 'turns';
  readonly dropped: number;
}

export interface ProgramEnd {
  readonly event: EventIndex;
  readonly outcome: 'exited' | 'crashed';
  readonly code: number;
  readonly error: string | undefined;
}

export interface ScopeState {
  /** How many events have happened. */
  readonly position: number;
  /** When the last of them happened, on the axis of `TraceStore.timeAt()`; 0 at the start. */
  readonly time: Nanoseconds;
  /** In order of their first event. */
  readonly loops: readonly LoopState[];
  /** The loop of the last event that had one: the one to show. */
  readonly loop: LoopState | undefined;
  readonly tasks: Table<TaskId, TaskState>;
  readonly futures: Table<FutureId, FutureState>;
  readonly handles: Table<HandleId, HandleState>;
  readonly resources: Table<ResourceId, ResourceState>;
  /** Output and logs, in order. */
  readonly console: Vector<ConsoleLine>;
  readonly truncations: readonly Truncation[];
  readonly end: ProgramEnd | undefined;
}

/** True for a task that will never run again. */
export function isOver(task: TaskState): boolean {
  return (
    task.status === 'done' ||
    task.status === 'failed' ||
    task.status === 'cancelled' ||
    task.status === 'abandoned' ||
    task.status === 'unrecorded'
  );
}

/** True while a cancellation is on its way to a task, or its `finally` blocks run. */
export function isCancelling(task: TaskState): boolean {
  const stage = task.cancel?.stage;
  return !isOver(task) && (stage === 'must-cancel' || stage === 'awaited' || stage === 'delivered');
}
