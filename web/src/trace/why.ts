/** Why does this run now? The chain of causes from a handle back to the program's start. */
import type { EventIndex, HandleId, TaskId } from '../protocol/trace.js';
import type { TraceStore } from './store.js';

export interface WhyLink {
  /** The event this link tells of. */
  readonly event: EventIndex;
  readonly text: string;
  readonly task: TaskId | undefined;
  readonly handle: HandleId | undefined;
}

/** From the handle's run back to the program's start, nearest cause first; at most `limit` links. */
export function whyHandle(
  store: TraceStore,
  handle: HandleId,
  limit = 50,
): { readonly links: readonly WhyLink[]; readonly complete: boolean } {
  void [store, handle, limit];
  throw new Error('not there yet');
}

/** The same for what is running at a position, or was the last to run; undefined before the first handle. */
export function whyAt(
  store: TraceStore,
  position: number,
  limit = 50,
): { readonly links: readonly WhyLink[]; readonly complete: boolean } | undefined {
  void [store, position, limit];
  throw new Error('not there yet');
}
