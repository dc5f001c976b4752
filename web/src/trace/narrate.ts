/** Every event as one plain sentence that says why it happened. */
import type { TraceStore } from './store.js';

/** The sentence for event `index`, e.g. `Task-2 is put into the ready queue because Task-1, which it awaits, returned 7.` */
export function narrate(store: TraceStore, index: number): string {
  void [store, index];
  throw new Error('not there yet');
}
