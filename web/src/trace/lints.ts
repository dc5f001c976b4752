/** What is probably wrong with a program, as far as its trace tells. */
import type { Lint } from './lint.js';
import { LintScanner } from './lint_scanner.js';
import type { TraceStore } from './store.js';

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
