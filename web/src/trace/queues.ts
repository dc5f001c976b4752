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

/**
 * What is in the ready queue, first to run first; cancelled handles too, for they leave it only in their turn. `most`: the
 * first so many; `LoopState.readyCount` says how many there are.
 */
export function readyQueue(
  state: ScopeState,
  loop: LoopState,
  most = Infinity,
): readonly ReadyEntry[] {
  const entries: ReadyEntry[] = [];
  for (let at = loop.head; at < loop.queue.size && entries.length < most; at += PIECE) {
    for (const id of loop.queue.slice(at, at + PIECE)) {
      const handle = state.handles.get(id);
      if (handle?.place !== 'ready') continue;
      entries.push({ handle, inBatch: handle.queued < loop.batchEnd });
      if (entries.length === most) break;
    }
  }
  return entries;
}

/**
 * What is in the timer heap in the order in which it will come due, (when, id). Cancelled timers are in it until the
 * loop drops them (`handle.cancelled`). Time to go is `when` minus the time the view shows. `most`: the first so many;
 * `LoopState.timerCount` says how many there are.
 */
export function timerHeap(
  state: ScopeState,
  loop: LoopState,
  most = Infinity,
): readonly TimerEntry[] {
  let entries: TimerEntry[] = [];
  // What cannot be among the first is not sorted again and again.
  const enough = Math.max(2 * most, PIECE);
  for (const id of loop.timers) {
    const handle = state.handles.get(id);
    if (handle?.place !== 'timers' || handle.when === undefined) continue;
    entries.push({ handle, when: handle.when });
    if (entries.length >= enough) entries = entries.sort(byDeadline).slice(0, most);
  }
  return entries.sort(byDeadline).slice(0, most);
}

const PIECE = 64;

function byDeadline(a: TimerEntry, b: TimerEntry): number {
  return a.when - b.when || a.handle.id - b.handle.id;
}
