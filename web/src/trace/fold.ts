/**
 * The pure fold: a state and the next event give the next state. Nothing else makes states, so a state depends on the
 * events before it alone, however it was reached.
 */
import { awaitedFuture, placeOf, type AnyEvent } from '../protocol/events.js';
import type {
  Awaiting,
  Cause,
  EventIndex,
  EventOf,
  FutureId,
  HandleId,
  Nanoseconds,
  ResourceId,
  TaskId,
} from '../protocol/trace.js';
import { LoopDraft } from './loop_draft.js';
import { changedResource } from './resources.js';
import type {
  CancelState,
  ConsoleLine,
  FutureState,
  HandleState,
  ProgramEnd,
  ResourceState,
  ScopeState,
  TaskState,
  TaskStatus,
  Truncation,
} from './state.js';
import { newFuture, newHandle, newTask } from './new_states.js';
import { isOver } from './state.js';
import { TableDraft } from './table.js';
import { VectorDraft } from './vector.js';

/** A state in the making. Give it a state to go on from; it leaves that state as it is. */
export class Fold {
  readonly #tasks: TableDraft<TaskId, TaskState>;
  readonly #futures: TableDraft<FutureId, FutureState>;
  readonly #handles: TableDraft<HandleId, HandleState>;
  readonly #resources: TableDraft<ResourceId, ResourceState>;
  readonly #console: VectorDraft<ConsoleLine>;
  readonly #loops: LoopDraft[];
  #truncations: readonly Truncation[];
  #end: ProgramEnd | undefined;
  #position: number;
  #time: Nanoseconds;
  /** The loop of the last event that had one. */
  #loop: LoopDraft | undefined;

  constructor(base?: ScopeState) {
    this.#tasks = new TableDraft(base?.tasks);
    this.#futures = new TableDraft(base?.futures);
    this.#handles = new TableDraft(base?.handles);
    this.#resources = new TableDraft(base?.resources);
    this.#console = new VectorDraft(base?.console);
    this.#loops = (base?.loops ?? []).map((loop) => new LoopDraft(loop.id, loop));
    this.#loop = this.#loops.find((loop) => loop.id === base?.loop?.id);
    this.#truncations = base?.truncations ?? [];
    this.#end = base?.end;
    this.#position = base?.position ?? 0;
    this.#time = base?.time ?? (0 as Nanoseconds);
  }

  get position(): number {
    return this.#position;
  }

  freeze(): ScopeState {
    const loops = this.#loops.map((loop) => loop.freeze());
    return {
      position: this.#position,
      time: this.#time,
      loops,
      loop: this.#loop?.freeze(),
      tasks: this.#tasks.freeze(),
      futures: this.#futures.freeze(),
      handles: this.#handles.freeze(),
      resources: this.#resources.freeze(),
      console: this.#console.freeze(),
      truncations: this.#truncations,
      end: this.#end,
    };
  }

  /** `time`: when the event happened, on the axis of the store; deadlines move with it. */
  apply(event: AnyEvent, time: Nanoseconds): void {
    const at = this.#position as EventIndex;
    this.#position++;
    this.#time = time;
    const loop = event.loop > 0 ? this.#loopOf(event.loop) : undefined;
    if (loop !== undefined) {
      this.#loop = loop;
      loop.turn = event.turn;
    }
    switch (event.kind) {
      case 'output':
      case 'log':
        this.#write(event, at, time, loop);
        break;
      case 'resource':
        this.#resources.set(
          event.id,
          changedResource(this.#resources.get(event.id), event, at, time),
        );
        break;
      case 'future_created':
        this.#futures.set(event.future, {
          ...newFuture(event.future, event.loop, event.type, at),
          children: event.children ?? [],
          loc: event.loc,
        });
        break;
      case 'future_done':
        this.#finishFuture(event, at);
        break;
      case 'truncated':
        this.#truncate(event, at);
        break;
      case 'program_end':
        this.#end = { event: at, outcome: event.outcome, code: event.code, error: event.error };
        break;
      case 'unknown':
      case 'io_ready':
        break;
      default:
        // A loop's own events outside any loop say nothing.
        if (loop !== undefined) this.#applyToLoop(event, loop, at, time);
    }
    if (loop !== undefined) this.#locate(event, loop, at);
  }

  /** Where the running task is, as the event tells. */
  #locate(event: AnyEvent, loop: LoopDraft, at: EventIndex): void {
    const location = placeOf(event);
    const id = event.kind === 'task_done' ? event.task : loop.steps.at(-1);
    const task = location === undefined || id === undefined ? undefined : this.#tasks.get(id);
    if (task !== undefined) this.#tasks.set(task.id, { ...task, location, locatedAt: at });
  }

  #applyToLoop(event: AnyEvent, loop: LoopDraft, at: EventIndex, time: Nanoseconds): void {
    switch (event.kind) {
      case 'loop_start':
        loop.phase = { kind: 'between' };
        break;
      case 'loop_stop':
        loop.leaveTurn({ kind: 'stopped' });
        break;
      case 'loop_close':
        loop.leaveTurn({ kind: 'closed' });
        this.#abandonTasks(loop.id, at);
        break;
      case 'turn_begin':
        loop.beginTurn(time, event.timeout);
        break;
      case 'turn_end':
        loop.leaveTurn({ kind: 'between' });
        break;
      case 'scheduled':
        this.#schedule(event, loop, at, time);
        break;
      case 'timer_due':
        this.#moveDue(event.handle, loop, at);
        break;
      case 'handle_cancelled':
        this.#handles.set(event.handle, {
          ...this.#handle(event.handle, loop, at),
          cancelled: true,
        });
        loop.touch();
        break;
      case 'dropped':
      case 'abandoned':
        this.#leave(event.handle, loop, at, event.kind);
        break;
      case 'run_begin':
        this.#beginRun(event, loop, at);
        break;
      case 'run_end':
        this.#endRun(event, loop, at);
        break;
      default:
        this.#applyToTask(event, loop, at, time);
    }
  }

  #applyToTask(event: AnyEvent, loop: LoopDraft, at: EventIndex, time: Nanoseconds): void {
    switch (event.kind) {
      case 'task_created':
        this.#tasks.set(event.task, {
          ...newTask(event.task, loop.id, at),
          name: event.name,
          coro: event.coro,
          parent: event.parent,
          loc: event.loc,
        });
        break;
      case 'task_step_begin':
        this.#beginStep(event, loop, at);
        break;
      case 'task_suspended':
        this.#suspend(event, loop, at, time);
        break;
      case 'task_wakeup': {
        const task = this.#task(event.task, loop, at);
        this.#tasks.set(task.id, { ...task, wokenBy: event.by, handle: event.handle });
        break;
      }
      case 'task_cancel_requested':
        this.#requestCancel(event.task, event.by, loop, at);
        break;
      case 'task_uncancelled':
        if (event.left === 0)
          this.#tasks.set(event.task, { ...this.#task(event.task, loop, at), cancel: undefined });
        break;
      case 'task_done':
        this.#finishTask(event, loop, at);
        break;
      default:
    }
  }

  // -- Handles --

  #schedule(event: EventOf<'scheduled'>, loop: LoopDraft, at: EventIndex, time: Nanoseconds): void {
    const base = newHandle(event.handle, loop.id, at);
    const timer = event.when !== undefined;
    this.#handles.set(event.handle, {
      ...base,
      label: event.label,
      parent: event.parent,
      task: event.task,
      by: event.by,
      when: timer ? shifted(event.when, event.t, time) : undefined,
      loc: event.loc,
      place: timer ? 'timers' : 'ready',
      queued: timer ? -1 : loop.enqueue(event.handle),
    });
    if (timer) loop.addTimer(event.handle, (id) => this.#handles.get(id)?.place === 'timers');
    if (event.task === undefined) return;
    const task = this.#task(event.task, loop, at);
    if (!isOver(task) && task.status !== 'running')
      this.#tasks.set(task.id, { ...withStatus(task, 'ready', at), handle: event.handle });
  }

  #moveDue(id: HandleId, loop: LoopDraft, at: EventIndex): void {
    const handle = this.#handle(id, loop, at);
    if (handle.place === 'ready') return;
    if (handle.place === 'timers') loop.timerCount--;
    this.#handles.set(id, { ...handle, place: 'ready', queued: loop.enqueue(id) });
  }

  /** Takes a handle out of the queue or heap it is in. */
  #take(handle: HandleState, loop: LoopDraft): void {
    // Written first: the queue's head moves past handles that are no longer in it.
    this.#handles.set(handle.id, { ...handle, place: 'gone' });
    if (handle.place === 'timers') loop.timerCount--;
    if (handle.place === 'ready')
      loop.dequeue(handle.queued, (id) => this.#handles.get(id)?.place === 'ready');
  }

  #leave(id: HandleId, loop: LoopDraft, at: EventIndex, end: 'dropped' | 'abandoned'): void {
    const handle = this.#handle(id, loop, at);
    this.#take(handle, loop);
    this.#handles.set(id, { ...handle, place: 'gone', end });
  }

  #beginRun(event: EventOf<'run_begin'>, loop: LoopDraft, at: EventIndex): void {
    const handle = this.#handle(event.handle, loop, at);
    this.#take(handle, loop);
    this.#handles.set(event.handle, { ...handle, place: 'running' });
    loop.running = event.handle;
    loop.steps = [];
    loop.phase = { kind: 'running' };
    if (event.task === undefined) return;
    const task = this.#task(event.task, loop, at);
    if (!isOver(task))
      this.#tasks.set(task.id, { ...withStatus(task, 'running', at), handle: event.handle });
  }

  #endRun(event: EventOf<'run_end'>, loop: LoopDraft, at: EventIndex): void {
    const handle = this.#handle(event.handle, loop, at);
    this.#handles.set(event.handle, {
      ...handle,
      place: 'gone',
      end: event.outcome === 'ok' ? 'ran' : 'raised',
      error: event.error,
    });
    loop.running = undefined;
    loop.steps = [];
    loop.phase = { kind: 'between' };
  }

  // -- Tasks --

  #beginStep(event: EventOf<'task_step_begin'>, loop: LoopDraft, at: EventIndex): void {
    const before = this.#task(event.task, loop, at);
    const task = before.status === 'running' ? before : withStatus(before, 'running', at);
    loop.steps = [...loop.steps, task.id];
    const delivered = event.throws === 'CancelledError';
    this.#tasks.set(task.id, {
      ...task,
      steps: task.steps + 1,
      throws: event.throws,
      awaiting: undefined,
      locatedAt: at,
      cancel:
        task.cancel && delivered
          ? { ...task.cancel, stage: 'delivered', deliveredAt: at }
          : task.cancel,
    });
  }

  #suspend(
    event: EventOf<'task_suspended'>,
    loop: LoopDraft,
    at: EventIndex,
    time: Nanoseconds,
  ): void {
    loop.steps = loop.steps.filter((id) => id !== event.task);
    const task = this.#task(event.task, loop, at);
    const awaiting = shiftedAwaiting(event.awaiting, event.t, time);
    const future = awaitedFuture(awaiting);
    if (future !== undefined && this.#futures.get(future) === undefined)
      this.#futures.set(future, newFuture(future, loop.id, awaiting.kind, at));
    const cancel = task.cancel;
    this.#tasks.set(task.id, {
      ...withStatus(task, 'waiting', at),
      awaiting,
      stack: event.stack,
      location: event.stack.at(-1) ?? task.location,
      locatedAt: at,
      throws: undefined,
      wokenBy: undefined,
      handle: undefined,
      cancel:
        cancel?.stage === 'must-cancel' && awaiting.kind !== 'yield'
          ? { ...cancel, stage: 'awaited' }
          : cancel,
    });
  }

  #requestCancel(id: TaskId, by: Cause, loop: LoopDraft, at: EventIndex): void {
    const task = this.#task(id, loop, at);
    if (isOver(task)) return;
    const cancel: CancelState = {
      by,
      requestedAt: at,
      requests: (task.cancel?.requests ?? 0) + 1,
      stage: task.status === 'waiting' ? 'awaited' : 'must-cancel',
      deliveredAt: task.cancel?.deliveredAt,
    };
    this.#tasks.set(id, { ...task, cancel });
  }

  #finishTask(event: EventOf<'task_done'>, loop: LoopDraft, at: EventIndex): void {
    loop.steps = loop.steps.filter((id) => id !== event.task);
    const task = this.#task(event.task, loop, at);
    const status = OUTCOME_STATUS[event.outcome];
    this.#tasks.set(task.id, {
      ...withStatus(task, status, at),
      awaiting: undefined,
      handle: undefined,
      throws: undefined,
      outcome: event.outcome,
      value: event.value,
      error: event.error,
      doneAt: at,
      cancel: task.cancel && { ...task.cancel, stage: finalStage(task.cancel, event.outcome) },
    });
  }

  #abandonTasks(loop: number, at: EventIndex): void {
    for (const task of this.#tasks)
      if (task.loop === loop && !isOver(task))
        this.#tasks.set(task.id, withStatus(task, 'abandoned', at));
  }

  /** The first time it happens, at the end how much it was: one fact, told twice. */
  #truncate(event: EventOf<'truncated'>, at: EventIndex): void {
    const { what, dropped } = event;
    const before = this.#truncations.find((cut) => cut.what === what);
    this.#truncations = [
      ...this.#truncations.filter((cut) => cut !== before),
      { event: before?.event ?? at, what, dropped },
    ];
    if (what !== 'events' || before !== undefined) return;
    for (const loop of this.#loops) loop.loseSight();
    for (const handle of this.#handles)
      if (handle.place !== 'gone') this.#handles.set(handle.id, { ...handle, place: 'gone' });
    for (const task of this.#tasks)
      if (!isOver(task)) this.#tasks.set(task.id, withStatus(task, 'unrecorded', at));
  }

  // -- Futures, output --

  #finishFuture(event: EventOf<'future_done'>, at: EventIndex): void {
    const future =
      this.#futures.get(event.future) ?? newFuture(event.future, event.loop, 'future', at);
    this.#futures.set(event.future, {
      ...future,
      outcome: event.outcome,
      by: event.by,
      error: event.error,
      doneAt: at,
    });
  }

  #write(
    event: EventOf<'output'> | EventOf<'log'>,
    at: EventIndex,
    time: Nanoseconds,
    loop: LoopDraft | undefined,
  ): void {
    this.#console.push({
      event: at,
      time,
      loop: event.loop,
      task: loop?.steps.at(-1),
      stream: event.kind === 'log' ? 'log' : event.stream,
      level: event.kind === 'log' ? event.level : undefined,
      text: event.text,
    });
  }

  // -- Look-ups. What a trace mentions without having introduced it gets a row of its own: a trace may begin late. --

  #loopOf(id: number): LoopDraft {
    let loop = this.#loops.find((candidate) => candidate.id === id);
    if (loop === undefined) {
      loop = new LoopDraft(id);
      this.#loops.push(loop);
    }
    return loop;
  }

  #handle(id: HandleId, loop: LoopDraft, at: EventIndex): HandleState {
    return this.#handles.get(id) ?? newHandle(id, loop.id, at);
  }

  #task(id: TaskId, loop: LoopDraft, at: EventIndex): TaskState {
    return this.#tasks.get(id) ?? newTask(id, loop.id, at);
  }
}

const OUTCOME_STATUS = { result: 'done', exception: 'failed', cancelled: 'cancelled' } as const;

function finalStage(cancel: CancelState, outcome: string): CancelState['stage'] {
  if (outcome === 'cancelled') return 'obeyed';
  return cancel.deliveredAt === undefined ? 'too-late' : 'swallowed';
}

function withStatus(task: TaskState, status: TaskStatus, since: EventIndex): TaskState {
  return { ...task, status, since };
}

/** Deadlines are on the loop's own clock; states are on the trace's axis. */
function shifted(when: Nanoseconds, t: Nanoseconds, time: Nanoseconds): Nanoseconds {
  return (when + (time - t)) as Nanoseconds;
}

function shiftedAwaiting(awaiting: Awaiting, t: Nanoseconds, time: Nanoseconds): Awaiting {
  if (time === t || !('when' in awaiting)) return awaiting;
  return { ...awaiting, when: shifted(awaiting.when, t, time) };
}
