/** What a lint says: something in a trace that is probably not meant so. */
import type { EventIndex, HandleId, TaskId } from '../protocol/trace.js';

export type LintCode =
  | 'exception-never-retrieved'
  | 'coroutine-never-awaited'
  | 'slow-step'
  | 'orphan-task'
  | 'never-yields'
  | 'busy-loop'
  | 'swallowed-cancellation'
  | 'deadlock'
  | 'await-cycle'
  | 'lock-never-released'
  | 'queue-stays-full'
  | 'task-done-missing'
  | 'pending-at-close';

export interface Lint {
  readonly code: LintCode;
  readonly severity: 'warning' | 'error';
  /** The event with which it shows; at earlier positions it is not known yet. */
  readonly event: EventIndex;
  /** The event from which it is no longer so: an orphan that is awaited after all, a lock that another task releases. */
  readonly until: EventIndex | undefined;
  readonly tasks: readonly TaskId[];
  readonly handle: HandleId | undefined;
  /** What is wrong. */
  readonly text: string;
  /** What helps. */
  readonly advice: string;
}
