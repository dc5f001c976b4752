/**
 * For tests only: a small event loop that writes the trace the real one would write, event for event, and notes after
 * each event what its queues and tasks really look like. So a state folded from the trace has something to be compared
 * with that was not folded.
 */
import type { AnyEvent } from '../../protocol/events.js';
import type { Awaiting, Cause, SourceLocation, TraceHeader } from '../../protocol/trace.js';

export const HEADER: TraceHeader = {
  schema: 'loopscope.trace',
  version: 1,
  program: 'model',
  guest: 'cpp',
  clock: 'virtual',
  time_unit: 'ns',
  host: {},
};

/** What the loop is like after an event. */
export interface Truth {
  readonly ready: readonly number[];
  /** In the order in which they come due. */
  readonly timers: readonly number[];
  readonly running: number | undefined;
  readonly batchLeft: number;
  /** By task id. */
  readonly tasks: Readonly<Record<number, string>>;
}

export class CancelledError extends Error {}

interface Handle {
  readonly id: number;
  readonly label: string;
  readonly task: ModelTask | undefined;
  readonly when: number | undefined;
  readonly run: () => void;
  cancelled: boolean;
}

/** What a coroutine of the model yields: what it waits for; null for sleep(0). */
export type Wait = ModelFuture | null;
export type Coroutine = Generator<Wait, number | undefined>;

interface Callback {
  readonly label: string;
  readonly task: ModelTask | undefined;
  readonly run: () => void;
}

export class ModelFuture {
  outcome: 'result' | 'exception' | 'cancelled' | undefined;
  error: string | undefined;
  readonly callbacks: Callback[] = [];

  constructor(
    readonly loop: ModelLoop,
    readonly id: number,
    readonly type: string,
  ) {}

  get cause(): Cause {
    return { kind: 'future', id: this.id } as Cause;
  }

  get awaiting(): Awaiting {
    return { kind: this.type, id: this.id } as Awaiting;
  }

  finish(outcome: 'result' | 'exception' | 'cancelled', error?: string): void {
    if (this.outcome !== undefined) return;
    this.outcome = outcome;
    this.error = error;
    this.noteDone();
    for (const callback of this.callbacks.splice(0)) this.loop.schedule(callback, this.cause);
  }

  cancel(): boolean {
    if (this.outcome !== undefined) return false;
    this.finish('cancelled');
    return true;
  }

  protected noteDone(): void {
    this.loop.emit('future_done', {
      future: this.id,
      outcome: this.outcome,
      by: this.loop.currentCause(),
      ...(this.error === undefined ? {} : { error: this.error }),
    });
  }
}

class SleepFuture extends ModelFuture {
  timer: Handle | undefined;

  override get awaiting(): Awaiting {
    return {
      kind: 'sleep',
      id: this.id,
      handle: this.timer?.id,
      when: this.timer?.when,
    } as Awaiting;
  }
}

class GatherFuture extends ModelFuture {
  constructor(
    loop: ModelLoop,
    id: number,
    readonly children: readonly ModelFuture[],
  ) {
    super(loop, id, 'gather');
  }

  override cancel(): boolean {
    return this.children.map((child) => child.cancel()).includes(true);
  }
}

export class ModelTask extends ModelFuture {
  status = 'created';
  mustCancel = false;
  waiter: ModelFuture | undefined;
  value: string | undefined;
  steps = 0;

  constructor(
    loop: ModelLoop,
    id: number,
    readonly name: string,
    readonly coroutine: Coroutine,
  ) {
    super(loop, id, 'task');
  }

  override get cause(): Cause {
    return { kind: 'task', id: this.id } as Cause;
  }

  override get awaiting(): Awaiting {
    return { kind: 'task', id: this.id } as Awaiting;
  }

  override cancel(): boolean {
    if (this.outcome !== undefined) return false;
    this.loop.emit('task_cancel_requested', { task: this.id, by: this.loop.currentCause() });
    if (this.waiter?.cancel() === true) return true;
    this.mustCancel = true;
    return true;
  }

  step(): void {
    const { loop, waiter } = this;
    const cancelled = this.mustCancel || waiter?.outcome === 'cancelled';
    const throws = cancelled
      ? 'CancelledError'
      : waiter?.outcome === 'exception'
        ? 'Error'
        : undefined;
    this.mustCancel = false;
    this.waiter = undefined;
    this.status = 'running';
    this.steps++;
    loop.current.push(this);
    loop.emit('task_step_begin', { task: this.id, ...(throws === undefined ? {} : { throws }) });
    this.#resume(
      cancelled
        ? new CancelledError()
        : throws === undefined
          ? undefined
          : new Error(waiter?.error),
    );
    loop.current.pop();
  }

  #resume(thrown: Error | undefined): void {
    try {
      const next = thrown === undefined ? this.coroutine.next() : this.coroutine.throw(thrown);
      if (next.done === true) {
        this.value = typeof next.value === 'number' ? String(next.value) : undefined;
        this.status = 'done';
        this.finish('result');
      } else {
        this.#park(next.value);
      }
    } catch (error) {
      this.status = error instanceof CancelledError ? 'cancelled' : 'failed';
      if (error instanceof CancelledError) this.finish('cancelled');
      else this.finish('exception', `Error: ${(error as Error).message}`);
    }
  }

  #park(wait: Wait): void {
    const { loop } = this;
    this.status = 'waiting';
    const callback = { label: 'task_wakeup', task: this, run: () => this.step() };
    this.waiter = wait ?? undefined;
    loop.emit('task_suspended', {
      task: this.id,
      awaiting: wait === null ? { kind: 'yield' } : wait.awaiting,
      stack: [place(`step`, this.steps)],
    });
    if (wait === null) {
      loop.schedule({ ...callback, label: 'task_step' }, { kind: 'yield' });
    } else if (wait.outcome !== undefined) {
      loop.schedule(callback, wait.cause);
    } else {
      wait.callbacks.push(callback);
      if (this.mustCancel && wait.cancel()) this.mustCancel = false;
    }
  }

  protected override noteDone(): void {
    this.loop.emit('task_done', {
      task: this.id,
      outcome: this.outcome,
      ...(this.value === undefined ? {} : { value: this.value }),
      ...(this.error === undefined ? {} : { error: this.error }),
    });
  }
}

export function place(func: string, line: number): SourceLocation {
  return { func, file: 'main.cpp', line };
}

export class ModelLoop {
  readonly events: AnyEvent[] = [];
  readonly truths: Truth[] = [];
  readonly current: ModelTask[] = [];
  now = 0;
  /** Off where there are many events: a truth is as large as the queues. */
  keepsTruths = true;
  #ready: Handle[] = [];
  #timers: Handle[] = [];
  #tasks: ModelTask[] = [];
  #running: number | undefined;
  #batchLeft = 0;
  /** In the poller: what gets ready now still belongs to this turn. */
  #polling = false;
  #turn = 0;
  #handles = 0;
  #futures = 0;

  /** `first`: continues the event numbers of another loop. */
  constructor(
    readonly id = 1,
    readonly first = 0,
    readonly firstTask = 0,
  ) {}

  emit(kind: string, fields: object = {}): void {
    const seq = this.first + this.events.length;
    this.events.push({
      seq,
      t: this.now,
      loop: this.id,
      turn: this.#turn,
      kind,
      ...fields,
    } as AnyEvent);
    if (!this.keepsTruths) return;
    this.truths.push({
      ready: this.#ready.map((handle) => handle.id),
      timers: [...this.#timers].sort(byDeadline).map((handle) => handle.id),
      running: this.#running,
      batchLeft: this.#polling ? this.#ready.length : this.#batchLeft,
      tasks: Object.fromEntries(this.#tasks.map((task) => [task.id, task.status])),
    });
  }

  currentCause(): Cause {
    const task = this.current.at(-1);
    if (task !== undefined) return task.cause;
    return this.#running === undefined
      ? { kind: 'outside' }
      : ({ kind: 'handle', id: this.#running } as Cause);
  }

  schedule(callback: Callback, by?: Cause): Handle {
    const handle = {
      ...callback,
      id: ++this.#handles + this.firstTask * 1000,
      when: undefined,
      cancelled: false,
    };
    this.#ready.push(handle);
    if (callback.task !== undefined) callback.task.status = 'ready';
    const done = by?.kind === 'task' || by?.kind === 'future';
    this.#noteScheduled(handle, done ? { by } : {});
    if (callback.task !== undefined && by !== undefined)
      this.emit('task_wakeup', { task: callback.task.id, handle: handle.id, by });
    return handle;
  }

  callSoon(run: () => void): Handle {
    return this.schedule({ label: 'callback', task: undefined, run });
  }

  callLater(delay: number, run: () => void, label = 'timer'): Handle {
    const handle = {
      id: ++this.#handles + this.firstTask * 1000,
      label,
      task: undefined,
      when: this.now + Math.max(0, delay),
      run,
      cancelled: false,
    };
    this.#timers.push(handle);
    this.#noteScheduled(handle, { when: handle.when });
    return handle;
  }

  cancelHandle(handle: Handle): void {
    if (handle.cancelled || !(this.#ready.includes(handle) || this.#timers.includes(handle)))
      return;
    handle.cancelled = true;
    this.emit('handle_cancelled', { handle: handle.id, parent: this.#running ?? 0 });
  }

  createTask(coroutine: Coroutine): ModelTask {
    const id = this.firstTask + this.#tasks.length + 1;
    const task = new ModelTask(this, id, `Task-${id}`, coroutine);
    this.#tasks.push(task);
    const parent = this.current.at(-1)?.id ?? 0;
    this.emit('task_created', {
      task: id,
      name: task.name,
      coro: 'work',
      parent,
      loc: place('work', id),
    });
    this.schedule({ label: 'task_step', task, run: () => task.step() });
    return task;
  }

  createFuture(): ModelFuture {
    const future = new ModelFuture(this, this.#nextFuture(), 'future');
    this.emit('future_created', { future: future.id, type: 'future' });
    return future;
  }

  *sleep(delay: number): Generator<Wait, void> {
    if (delay <= 0) {
      yield null;
      return;
    }
    const future = new SleepFuture(this, this.#nextFuture(), 'sleep');
    const timer = this.callLater(delay, () => future.finish('result'), 'sleep');
    future.timer = timer;
    try {
      yield future;
    } finally {
      this.cancelHandle(timer);
    }
  }

  gather(children: readonly ModelFuture[]): ModelFuture {
    const outer = new GatherFuture(this, this.#nextFuture(), children);
    this.emit('future_created', {
      future: outer.id,
      type: 'gather',
      children: children.map((child) => child.cause),
    });
    let left = new Set(children).size;
    const childDone = (child: ModelFuture): void => {
      left--;
      if (child.outcome === 'exception') outer.finish('exception', child.error);
      else if (child.outcome === 'cancelled') outer.finish('exception', 'CancelledError');
      else if (left === 0) outer.finish('result');
    };
    for (const child of new Set(children)) {
      const callback = { label: 'done_callback', task: undefined, run: () => childDone(child) };
      if (child.outcome === undefined) child.callbacks.push(callback);
      else this.schedule(callback, child.cause);
    }
    if (left === 0) outer.finish('result');
    return outer;
  }

  print(text: string): void {
    this.emit('output', { stream: 'stdout', text: `${text}\n` });
  }

  /** Runs until `task` is done, or nothing can happen any more, or so many turns have passed. */
  runUntil(task: ModelTask, turns = 1000): void {
    this.emit('loop_start');
    let stop = task.outcome !== undefined;
    task.callbacks.push({ label: 'done_callback', task: undefined, run: () => (stop = true) });
    for (let turn = 0; turn < turns && !stop && this.runTurn(); turn++);
    this.#polling = false;
    this.#batchLeft = 0;
    this.emit('loop_stop', { ready: this.#ready.length, timers: this.#timers.length });
  }

  /** False when there is nothing to wait for. */
  runTurn(): boolean {
    this.#dropCancelledTimers();
    this.#turn++;
    const due = [...this.#timers].sort(byDeadline)[0]?.when;
    const timeout =
      this.#ready.length > 0 ? 0 : due === undefined ? null : Math.max(0, due - this.now);
    this.#polling = true;
    this.emit('turn_begin', { ready: this.#ready.length, timers: this.#timers.length, timeout });
    if (timeout === null) return false;
    this.now += timeout;
    for (const handle of [...this.#timers].sort(byDeadline)) {
      if (handle.when === undefined || handle.when > this.now) break;
      this.#timers.splice(this.#timers.indexOf(handle), 1);
      this.#ready.push(handle);
      this.emit('timer_due', { handle: handle.id, when: handle.when });
    }
    this.#polling = false;
    const ran = this.#ready.length;
    for (this.#batchLeft = ran; this.#batchLeft > 0;) this.#runNext();
    this.emit('turn_end', { ran });
    return true;
  }

  close(): void {
    for (let next = this.#ready.shift(); next; next = this.#ready.shift()) this.#abandon(next);
    for (const handle of [...this.#timers].sort(byDeadline)) {
      this.#timers.splice(this.#timers.indexOf(handle), 1);
      this.#abandon(handle);
    }
    for (const task of this.#tasks) if (task.outcome === undefined) task.status = 'abandoned';
    this.emit('loop_close');
  }

  #abandon(handle: Handle): void {
    this.emit(handle.cancelled ? 'dropped' : 'abandoned', { handle: handle.id });
  }

  #runNext(): void {
    const handle = this.#ready.shift();
    this.#batchLeft--;
    if (handle === undefined) return;
    if (handle.cancelled) {
      this.emit('dropped', { handle: handle.id });
      return;
    }
    this.#running = handle.id;
    const task = handle.task;
    if (task !== undefined) task.status = 'running';
    this.emit('run_begin', { handle: handle.id, ...(task === undefined ? {} : { task: task.id }) });
    handle.run();
    this.#running = undefined;
    this.emit('run_end', { handle: handle.id, outcome: 'ok' });
  }

  #dropCancelledTimers(): void {
    for (const handle of [...this.#timers].sort(byDeadline)) {
      if (!handle.cancelled) return;
      this.#timers.splice(this.#timers.indexOf(handle), 1);
      this.emit('dropped', { handle: handle.id });
    }
  }

  #noteScheduled(handle: Handle, fields: object): void {
    this.emit('scheduled', {
      handle: handle.id,
      parent: this.#running ?? 0,
      label: handle.label,
      ...(handle.task === undefined ? {} : { task: handle.task.id }),
      ...fields,
    });
  }

  #nextFuture(): number {
    return ++this.#futures + this.firstTask * 1000;
  }
}

function byDeadline(a: Handle, b: Handle): number {
  return (a.when ?? 0) - (b.when ?? 0) || a.id - b.id;
}
