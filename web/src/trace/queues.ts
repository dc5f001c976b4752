/** The ready queue and the timer heap of a loop as ordered lists. */
import type { Nanoseconds } from '../protocol/trace.js';
import type { HandleState, LoopState, ScopeState } from './state.js';

export interface ReadyEntry {
  readonly handle: HandleState;
  /** It runs in this turn; the others wait for the next. */
  readonly inBatch: boolean;
}

export interface TimerEntry {
  readonly handle: HandleState;
  readonly when: Nanoseconds;
}

const readyCache = new WeakMap<LoopState, readonly ReadyEntry[]>();
const timerCache = new WeakMap<LoopState, readonly TimerEntry[]>();

/** What is in the ready queue, first to run first; cancelled handles too, for they leave it only in their turn. */
export function readyQueue(state: ScopeState, loop: LoopState): readonly ReadyEntry[] {
  let entries = readyCache.get(loop);
  if (entries === undefined) {
    entries = listReady(state, loop);
    readyCache.set(loop, entries);
  }
  return entries;
}

/**
 * What is in the timer heap in the order in which it will come due, (when, id). Cancelled timers are in it until the
 * loop drops them (`handle.cancelled`). Time to go is `when` minus the time the view shows.
 */
export function timerHeap(state: ScopeState, loop: LoopState): readonly TimerEntry[] {
  let entries = timerCache.get(loop);
  if (entries === undefined) {
    entries = listTimers(state, loop);
    timerCache.set(loop, entries);
  }
  return entries;
}

function listReady(state: ScopeState, loop: LoopState): ReadyEntry[] {
  const entries: ReadyEntry[] = [];
  for (const id of loop.queue.slice(loop.head)) {
    const handle = state.handles.get(id);
    if (handle?.place === 'ready') entries.push({ handle, inBatch: handle.queued < loop.batchEnd });
  }
  return entries;
}

function listTimers(state: ScopeState, loop: LoopState): TimerEntry[] {
  const entries: TimerEntry[] = [];
  for (const id of loop.timers) {
    const handle = state.handles.get(id);
    if (handle?.place === 'timers' && handle.when !== undefined)
      entries.push({ handle, when: handle.when });
  }
  return entries.sort((a, b) => a.when - b.when || a.handle.id - b.handle.id);
}
