/** What led to an event: answers taken from the trace, for sentences, arrows and chains of causes. */
import type { AnyEvent } from '../protocol/events.js';
import type { EventIndex, EventOf, HandleId, TaskId, TraceKind } from '../protocol/trace.js';
import type { TraceStore } from './store.js';

export interface Found<E extends AnyEvent> {
  readonly index: EventIndex;
  readonly event: E;
}

/** The last of `indexes` (ascending) before `before` whose event is of `kind`. */
export function lastOf<K extends TraceKind>(
  store: TraceStore,
  indexes: readonly EventIndex[],
  kind: K,
  before: number,
): Found<EventOf<K>> | undefined {
  for (let k = countBelow(indexes, before) - 1; k >= 0; k--) {
    const index = indexes[k];
    const event = index === undefined ? undefined : store.event(index);
    if (index !== undefined && event?.kind === kind) return { index, event: event as EventOf<K> };
  }
  return undefined;
}

/** How many of the ascending `indexes` are below `limit`. */
export function countBelow(indexes: readonly number[], limit: number): number {
  let low = 0;
  let high = indexes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((indexes[middle] ?? Infinity) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The event with which a handle was made. */
export function scheduledOf(
  store: TraceStore,
  handle: HandleId,
): Found<EventOf<'scheduled'>> | undefined {
  return lastOf(store, store.eventsOfHandle(handle), 'scheduled', Infinity);
}

/** The task whose step a handle runs; undefined for callbacks and timers. */
export function taskOfHandle(store: TraceStore, handle: HandleId): TaskId | undefined {
  for (const index of store.eventsOfHandle(handle)) {
    const event = store.event(index);
    if ((event?.kind === 'scheduled' || event?.kind === 'run_begin') && event.task !== undefined)
      return event.task;
  }
  return undefined;
}

/** The task in whose step event `index` happened: an eager task's begins within the step of who made it. */
export function taskAt(store: TraceStore, index: number): TaskId | undefined {
  const stepping = store.steppingAt(index);
  if (stepping !== undefined) return stepping;
  const handle = store.runningAt(index);
  return handle === 0 ? undefined : taskOfHandle(store, handle);
}

/** The task a sleep's timer was set for. */
export function sleeperOf(store: TraceStore, timer: HandleId): TaskId | undefined {
  const scheduled = scheduledOf(store, timer);
  return scheduled?.event.label === 'sleep' ? taskAt(store, scheduled.index) : undefined;
}

/** The task_wakeup that belongs to a `scheduled` event: who gave the task this step. */
export function wakeupOf(
  store: TraceStore,
  scheduled: number,
): Found<EventOf<'task_wakeup'>> | undefined {
  const event = store.event(scheduled);
  if (event?.kind !== 'scheduled') return undefined;
  return lastOf(store, store.eventsOfHandle(event.handle), 'task_wakeup', Infinity);
}

/**
 * The event because of which a handle was put into the ready queue: the task_done or future_done that woke a task or
 * called a done callback, the task_created of a first step, the task_suspended of a sleep(0). Undefined where there is
 * none but the handle that ran: call_soon, call_later.
 */
export function causeOf(store: TraceStore, scheduled: number): Found<AnyEvent> | undefined {
  const event = store.event(scheduled);
  if (event?.kind !== 'scheduled') return undefined;
  const by = event.by ?? wakeupOf(store, scheduled)?.event.by;
  if (by?.kind === 'task') return lastOf(store, store.eventsOfTask(by.id), 'task_done', scheduled);
  if (by?.kind === 'future')
    return lastOf(store, store.eventsOfFuture(by.id), 'future_done', scheduled);
  if (event.task === undefined) return undefined;
  const own = store.eventsOfTask(event.task);
  return by?.kind === 'yield'
    ? lastOf(store, own, 'task_suspended', scheduled)
    : lastOf(store, own, 'task_created', scheduled);
}
