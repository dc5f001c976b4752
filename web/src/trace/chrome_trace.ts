/** A trace in Chrome's trace format, as chrome://tracing and Perfetto open it: one track per task. */
import type { TraceStore } from './store.js';

/** The JSON text of the file. */
export function toChromeTrace(store: TraceStore): string {
  void store;
  throw new Error('not there yet');
}
