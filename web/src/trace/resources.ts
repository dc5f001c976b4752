/** Locks, events, queues ...: how they change, who holds them, who waits at them. */
import { isResourceAwait } from '../protocol/events.js';
import type { EventIndex, EventOf, Nanoseconds, ResourceId, TaskId } from '../protocol/trace.js';
import type { ResourceState, ScopeState, TaskState } from './state.js';

/** A resource after an event. `time`: when it happened, on the axis of the store. */
export function changedResource(
  before: ResourceState | undefined,
  event: EventOf<'resource'>,
  at: EventIndex,
  time: Nanoseconds,
): ResourceState {
  return {
    id: event.id,
    loop: event.loop,
    type: event.type,
    op: event.op,
    state: event.state,
    value: event.value,
    limit: event.limit,
    // Deadlines are on the loop's own clock; states are on the trace's axis.
    when: event.when === undefined ? undefined : ((event.when + (time - event.t)) as Nanoseconds),
    holders: holdersAfter(before?.holders ?? [], event),
    loc: event.loc ?? before?.loc,
    createdAt: before?.createdAt ?? at,
    changedAt: at,
  };
}

/**
 * Anybody may release what another acquired, and a semaphore may count what nobody holds (a release for each item made).
 * So what the counter says is free is held by nobody, whoever acquired it: then the oldest holder is the one to go.
 */
function holdersAfter(holders: readonly TaskId[], event: EventOf<'resource'>): readonly TaskId[] {
  const task = event.by.kind === 'task' ? event.by.id : undefined;
  if (event.op === 'acquired' && task !== undefined) return taken([...holders, task], event);
  if (event.op !== 'released' || holders.length === 0) return holders;
  const own = task === undefined ? -1 : holders.lastIndexOf(task);
  return taken(own < 0 ? holders.slice(1) : holders.filter((_, index) => index !== own), event);
}

function taken(
  holders: readonly TaskId[],
  { value, limit }: EventOf<'resource'>,
): readonly TaskId[] {
  if (value === undefined || limit === undefined) return holders;
  const most = Math.max(0, limit - value);
  return holders.length > most ? holders.slice(holders.length - most) : holders;
}

const cache = new WeakMap<ScopeState, ReadonlyMap<ResourceId, readonly TaskState[]>>();

/** The tasks that wait at each resource, in the order in which they came. */
export function resourceWaiters(state: ScopeState): ReadonlyMap<ResourceId, readonly TaskState[]> {
  let waiters = cache.get(state);
  if (waiters === undefined) {
    waiters = listWaiters(state);
    cache.set(state, waiters);
  }
  return waiters;
}

function listWaiters(state: ScopeState): Map<ResourceId, TaskState[]> {
  const lists = new Map<ResourceId, TaskState[]>();
  for (const task of state.tasks) {
    const { awaiting } = task;
    if (task.status !== 'waiting' || awaiting === undefined || !isResourceAwait(awaiting)) continue;
    const list = lists.get(awaiting.resource);
    if (list === undefined) lists.set(awaiting.resource, [task]);
    else list.push(task);
  }
  for (const list of lists.values()) list.sort((a, b) => a.since - b.since);
  return lists;
}
