/** Finds events by what they are about. Grows with the trace; never changes what it has. */
import type { AnyEvent } from '../protocol/events.js';
import { awaitedFuture } from '../protocol/events.js';
import type {
  Cause,
  EventIndex,
  EventOf,
  FutureId,
  HandleId,
  ResourceId,
  TaskId,
} from '../protocol/trace.js';

const NONE: readonly EventIndex[] = [];

export class Lookup {
  readonly #byTask = new Map<TaskId, EventIndex[]>();
  readonly #createdTasks = new Map<TaskId, EventIndex>();
  readonly #byHandle = new Map<HandleId, EventIndex[]>();
  readonly #byFuture = new Map<FutureId, EventIndex[]>();
  readonly #byResource = new Map<ResourceId, EventIndex[]>();
  /** The first combinator that collects a task, a future. */
  readonly #collectors = new Map<string, FutureId>();
  /** For each event the handle that was running in its loop; 0 for none. */
  readonly #running: HandleId[] = [];
  readonly #runningIn = new Map<number, HandleId>();
  /** For each event the innermost step under way in its loop; undefined for none. */
  readonly #stepping: (TaskId | undefined)[] = [];
  /** The steps under way in each loop: more than one where an eager task begins within its creator's. */
  readonly #stepsIn = new Map<number, TaskId[]>();
  readonly #loops: number[] = [];
  readonly #steps: number[] = [];
  readonly #turns: number[] = [];

  /** `event` is number `index` of the trace; each is added once, in order. */
  add(event: AnyEvent, index: EventIndex): void {
    const task = taskOf(event);
    if (task !== undefined) addTo(this.#byTask, task, index);
    if (event.kind === 'task_created') this.#createdTasks.set(event.task, index);
    const handle = handleOf(event);
    if (handle !== undefined) addTo(this.#byHandle, handle, index);
    const future = futureOf(event);
    if (future !== undefined) addTo(this.#byFuture, future, index);
    if (event.kind === 'resource') addTo(this.#byResource, event.id, index);
    if (event.kind === 'future_created') this.#noteCollector(event);
    if (event.loop > 0 && !this.#loops.includes(event.loop)) this.#loops.push(event.loop);
    this.#noteRunning(event);
    this.#noteStep(event);
    // What happens from here on is not in the trace, but for what is printed.
    if (event.kind === 'truncated' && event.what === 'events') {
      this.#runningIn.clear();
      this.#stepsIn.clear();
    }
    this.#noteStop(event, index);
  }

  /** The task_created of a task. */
  createdTask(id: TaskId): EventIndex | undefined {
    return this.#createdTasks.get(id);
  }

  task(id: TaskId): readonly EventIndex[] {
    return this.#byTask.get(id) ?? NONE;
  }

  handle(id: HandleId): readonly EventIndex[] {
    return this.#byHandle.get(id) ?? NONE;
  }

  future(id: FutureId): readonly EventIndex[] {
    return this.#byFuture.get(id) ?? NONE;
  }

  resource(id: ResourceId): readonly EventIndex[] {
    return this.#byResource.get(id) ?? NONE;
  }

  collector(child: Cause): FutureId | undefined {
    return 'id' in child ? this.#collectors.get(`${child.kind}:${child.id}`) : undefined;
  }

  /** The handle that was running when the event happened; for run_begin and run_end their own. 0 for none. */
  runningAt(index: number): HandleId {
    return this.#running[index] ?? (0 as HandleId);
  }

  /** The task whose step was under way when the event happened, the innermost; for the step's first and last event its own. */
  steppingAt(index: number): TaskId | undefined {
    return this.#stepping[index];
  }

  get loops(): readonly number[] {
    return this.#loops;
  }

  /** Positions just after a task's step, or a callback that is no step, has begun. */
  get steps(): readonly number[] {
    return this.#steps;
  }

  /** Positions just after a turn has begun. */
  get turns(): readonly number[] {
    return this.#turns;
  }

  #noteCollector(event: EventOf<'future_created'>): void {
    for (const child of event.children ?? []) {
      if (!('id' in child)) continue;
      const key = `${child.kind}:${child.id}`;
      if (!this.#collectors.has(key)) this.#collectors.set(key, event.future);
    }
  }

  #noteRunning(event: AnyEvent): void {
    if (event.kind === 'run_begin') this.#runningIn.set(event.loop, event.handle);
    this.#running.push(this.#runningIn.get(event.loop) ?? (0 as HandleId));
    if (event.kind === 'run_end') this.#runningIn.delete(event.loop);
  }

  #noteStep(event: AnyEvent): void {
    let steps = this.#stepsIn.get(event.loop);
    if (steps === undefined) this.#stepsIn.set(event.loop, (steps = []));
    if (event.kind === 'task_step_begin') steps.push(event.task);
    this.#stepping.push(steps.at(-1));
    const ends = event.kind === 'task_suspended' || event.kind === 'task_done';
    if (ends && steps.at(-1) === event.task) steps.pop();
    if (event.kind === 'run_end') steps.length = 0;
  }

  #noteStop(event: AnyEvent, index: EventIndex): void {
    if (event.kind === 'task_step_begin') this.#steps.push(index + 1);
    if (event.kind === 'run_begin' && event.task === undefined) this.#steps.push(index + 1);
    if (event.kind === 'turn_begin') this.#turns.push(index + 1);
  }
}

function addTo<Id>(lists: Map<Id, EventIndex[]>, id: Id, index: EventIndex): void {
  const list = lists.get(id);
  if (list === undefined) lists.set(id, [index]);
  else list.push(index);
}

/** The task an event is about. */
export function taskOf(event: AnyEvent): TaskId | undefined {
  switch (event.kind) {
    case 'scheduled':
    case 'run_begin':
    case 'task_created':
    case 'task_step_begin':
    case 'task_suspended':
    case 'task_wakeup':
    case 'task_cancel_requested':
    case 'task_uncancelled':
    case 'task_done':
      return event.task;
    default:
      return undefined;
  }
}

/** The handle an event is about. */
export function handleOf(event: AnyEvent): HandleId | undefined {
  switch (event.kind) {
    case 'scheduled':
    case 'timer_due':
    case 'handle_cancelled':
    case 'dropped':
    case 'abandoned':
    case 'run_begin':
    case 'run_end':
    case 'task_wakeup':
      return event.handle;
    default:
      return undefined;
  }
}

function futureOf(event: AnyEvent): FutureId | undefined {
  switch (event.kind) {
    case 'future_created':
    case 'future_done':
      return event.future;
    case 'scheduled':
      return event.by?.kind === 'future' ? event.by.id : undefined;
    case 'task_suspended':
      return awaitedFuture(event.awaiting);
    default:
      return undefined;
  }
}
