/** What a reader of traces hands on: the events of version 1, and those it does not know yet. */
import type {
  Awaiting,
  FutureId,
  HandleId,
  Nanoseconds,
  ResourceId,
  SourceLocation,
  TaskId,
  TraceEvent,
} from './trace.js';

/** What every event has. */
export type EventBase = Pick<TraceEvent, 'seq' | 't' | 'loop' | 'turn'>;

/**
 * An event of a kind that this reader does not know: a later version 1.x wrote it. It is kept and shown as it is.
 * `name` is its `kind` in the file, `fields` the rest of the line.
 */
export type UnknownEvent = EventBase & {
  readonly kind: 'unknown';
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

export type AnyEvent = TraceEvent | UnknownEvent;

export type SleepAwaiting = {
  readonly kind: 'sleep';
  readonly id: FutureId;
  readonly handle: HandleId;
  readonly when: Nanoseconds;
};

export function isSleep(awaiting: Awaiting): awaiting is SleepAwaiting {
  return awaiting.kind === 'sleep';
}

export function isYield(awaiting: Awaiting): awaiting is { readonly kind: 'yield' } {
  return awaiting.kind === 'yield';
}

export function isTaskAwait(
  awaiting: Awaiting,
): awaiting is { readonly kind: 'task'; readonly id: TaskId } {
  return awaiting.kind === 'task';
}

/** Where a task waits at a resource. */
export type ResourceAwaiting = {
  readonly kind: string;
  readonly id: FutureId;
  readonly resource: ResourceId;
  readonly op?: string;
};

export function isResourceAwait(awaiting: Awaiting): awaiting is ResourceAwaiting {
  return 'resource' in awaiting;
}

/** The future a task waits for: of a sleep, a gather, one made by the program, or its place at a resource. Undefined for tasks and yields. */
export function awaitedFuture(awaiting: Awaiting): FutureId | undefined {
  if (awaiting.kind === 'yield' || awaiting.kind === 'task') return undefined;
  return (awaiting as { readonly id: FutureId }).id;
}

/** The line that was running when it happened, where that is known. */
export function placeOf(event: AnyEvent): SourceLocation | undefined {
  if (!('loc' in event)) return undefined;
  // These say where they were registered, or what another thread did.
  const elsewhere =
    event.kind === 'scheduled' && (event.label === 'done_callback' || event.label === 'threadsafe');
  return elsewhere ? undefined : event.loc;
}
