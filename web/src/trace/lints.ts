/** What is probably wrong with a program, as far as its trace tells. */
import type { EventIndex, HandleId, TaskId } from '../protocol/trace.js';
import { LintScanner } from './lint_scanner.js';
import type { TraceStore } from './store.js';

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

export class Lints {
  readonly #scanner: LintScanner;

  constructor(readonly store: TraceStore) {
    this.#scanner = new LintScanner(store);
  }

  /** All there are, in order of `event`; up to date with the store whenever it is read. */
  get all(): readonly Lint[] {
    return this.#scanner.catchUp();
  }

  /** No more events come. A run that has not ended by then never gave control back: the program had to be stopped. */
  finish(): void {
    this.#scanner.finish();
  }

  /** Those that are known at a position and still so. */
  at(position: number): readonly Lint[] {
    return this.all.filter(
      (lint) => lint.event < position && (lint.until === undefined || lint.until >= position),
    );
  }
}
