/** Why does this run now? The chain of causes from a handle back to the program's start. */
import type { EventIndex, EventOf, HandleId, TaskId } from '../protocol/trace.js';
import { causeOf, lastOf, scheduledOf, taskAt } from './causes.js';
import { handleOf, taskOf } from './lookup.js';
import { narrate } from './narrate.js';
import type { TraceStore } from './store.js';

export interface WhyLink {
  /** The event this link tells of. */
  readonly event: EventIndex;
  readonly text: string;
  readonly task: TaskId | undefined;
  readonly handle: HandleId | undefined;
}

export interface Why {
  /** Nearest cause first. */
  readonly links: readonly WhyLink[];
  /** Whether they go back to the program's start; a long chain is cut. */
  readonly complete: boolean;
}

/** From a handle's run (or, if it has not run, its scheduling) back to the program's start. */
export function whyHandle(store: TraceStore, handle: HandleId, limit = 50): Why {
  const links: WhyLink[] = [];
  let current: HandleId = handle;
  while (current !== 0) {
    const scheduled = scheduledOf(store, current);
    for (const event of eventsBehind(store, current, scheduled?.index)) {
      if (links.length >= limit) return { links, complete: false };
      links.push(linkTo(store, event));
    }
    if (scheduled === undefined) return { links, complete: false };
    current = scheduled.event.parent;
  }
  return { links, complete: true };
}

/** The same for what is running at a position, or ran last; undefined before the first handle runs. */
export function whyAt(store: TraceStore, position: number, limit = 50): Why | undefined {
  for (let index = Math.min(position, store.length) - 1; index >= 0; index--) {
    const handle = store.runningAt(index);
    if (handle !== 0) return whyHandle(store, handle, limit);
  }
  return undefined;
}

/** The same for a task: its latest step before a position, or the one it is scheduled for. */
export function whyTask(
  store: TraceStore,
  task: TaskId,
  position: number,
  limit = 50,
): Why | undefined {
  const scheduled = lastOf(store, store.eventsOfTask(task), 'scheduled', position);
  return scheduled === undefined ? undefined : whyHandle(store, scheduled.event.handle, limit);
}

/** The events of a handle that explain it, latest first: it runs, was due, was scheduled, and what that was for. */
function eventsBehind(
  store: TraceStore,
  handle: HandleId,
  scheduled: EventIndex | undefined,
): EventIndex[] {
  const own = store.eventsOfHandle(handle);
  const kinds: readonly EventOf<'run_begin' | 'timer_due'>['kind'][] = ['run_begin', 'timer_due'];
  const events = kinds.flatMap((kind) => lastOf(store, own, kind, Infinity)?.index ?? []);
  if (scheduled === undefined) return events;
  events.push(scheduled);
  const cause = causeOf(store, scheduled);
  // A suspension says no more than the sleep(0) it led to.
  if (cause !== undefined && cause.event.kind !== 'task_suspended') events.push(cause.index);
  return events;
}

function linkTo(store: TraceStore, index: EventIndex): WhyLink {
  const event = store.event(index);
  return {
    event: index,
    text: narrate(store, index),
    task: (event === undefined ? undefined : taskOf(event)) ?? taskAt(store, index),
    handle: event === undefined ? undefined : handleOf(event),
  };
}
