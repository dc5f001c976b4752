import type { TraceStore } from './store.js';

/**
 * The position from which a program itself acts: just before its first words, just after its first step or callback has
 * begun; null while it has done neither. What comes before (a task is made, the loop starts) is the same in every program.
 */
export function opening(store: TraceStore): number | null {
  const step = store.stops('step')[0];
  for (let index = 0; index < (step ?? store.length); index++)
    if (store.event(index)?.kind === 'output') return index;
  return step ?? null;
}
