/** The timeline's parts: what each task and each loop did from when to when, and what woke whom. */
import type { Awaiting, Cause, EventIndex, HandleId, Outcome, TaskId } from '../protocol/trace.js';

/**
 * A stretch of a lane. It begins with event `from` and ends with event `to`; while it lasts, `to` is undefined.
 * Times come from `TraceStore.timeAt()`; under the virtual clock many spans take no time, so a view that gives room to
 * every one of them draws along the event order, from `from` to `to`, or along `Pace`, instead.
 */
export interface TaskSpan {
  readonly kind: 'created' | 'ready' | 'running' | 'waiting';
  readonly from: EventIndex;
  readonly to: EventIndex | undefined;
  /** waiting: on what; ready: `yield` after sleep(0). */
  readonly awaiting: Awaiting | undefined;
  /** ready: the reason. */
  readonly wokenBy: Cause | undefined;
  /** running: the exception thrown in at its beginning. */
  readonly throws: string | undefined;
  /** ready, running: the handle of the step. */
  readonly handle: HandleId | undefined;
}

/** `abandoned`: with its loop; `unrecorded`: the trace was full before. */
export type LaneEnd = Outcome | 'abandoned' | 'unrecorded';

export interface TaskLane {
  readonly task: TaskId;
  readonly loop: number;
  readonly name: string;
  readonly coro: string;
  readonly parent: TaskId;
  readonly createdAt: EventIndex;
  /** One after another, without gaps. The array grows while the trace does; compare lanes, not arrays. */
  readonly spans: readonly TaskSpan[];
  /** How and when it ended. */
  readonly outcome: LaneEnd | undefined;
  readonly doneAt: EventIndex | undefined;
  /** Requests to cancel it. */
  readonly cancelsAt: readonly EventIndex[];
}

/** What a loop itself did: waiting in the poller, or running a callback that is no task's step. */
export interface LoopSpan {
  readonly kind: 'polling' | 'callback';
  readonly from: EventIndex;
  readonly to: EventIndex | undefined;
  readonly handle: HandleId | undefined;
}

export interface LoopLane {
  readonly loop: number;
  readonly spans: readonly LoopSpan[];
  /** The events with which its turns begin. */
  readonly turns: readonly EventIndex[];
}

/** From the event that made a task ready to the beginning of the step that it got for it. */
export interface WakeArrow {
  /** The task that did it, or whose end did it; undefined for callbacks, timers and code outside the loop. */
  readonly fromTask: TaskId | undefined;
  /** The handle that was running then; 0 for none. */
  readonly fromHandle: HandleId;
  /** The event of the cause: a task_done, a future_done, a task_created. */
  readonly from: EventIndex;
  readonly toTask: TaskId;
  /** The step's beginning; undefined while the task is still in the ready queue. */
  readonly to: EventIndex | undefined;
  readonly kind: 'created' | 'woken' | 'timer' | 'cancelled';
}
