/** Goes through a trace once, event by event as it grows, and collects lints. */
import type { AnyEvent } from '../protocol/events.js';
import { isResourceAwait, isTaskAwait } from '../protocol/events.js';
import type { Awaiting, EventIndex, EventOf, HandleId, TaskId } from '../protocol/trace.js';
import { deadlockOf, holderOf, ringsThrough } from './awaits.js';
import type { WaitNode } from './awaits.js';
import { formatDuration } from './format.js';
import type { Lint } from './lint.js';
import {
  capitalised,
  count,
  handleText,
  listText,
  resourceText,
  taskName,
  taskText,
} from './names.js';
import { explainStuckQueues, LockWatch } from './resource_lints.js';
import type { ScopeState, TaskState } from './state.js';
import type { TraceStore } from './store.js';

/** asyncio's slow_callback_duration. */
const SLOW = 100_000_000;
/** As many sleep(0) in a row, with no time passing, are a busy loop. */
const BUSY = 200;
/** More of them say no more than these: a program that leaves tasks behind does so on purpose, or everywhere. */
const MOST_ORPHANS = 100;

interface Watched {
  readonly id: TaskId;
  readonly loop: number;
  readonly parent: TaskId;
  over: boolean;
  /** Somebody has waited for it, or collects it. */
  awaited: boolean;
  yields: number;
  cancelled: boolean;
  delivered: boolean;
  orphan: number | undefined;
}

export class LintScanner {
  readonly #lints: Lint[] = [];
  readonly #tasks = new Map<TaskId, Watched>();
  readonly #children = new Map<TaskId, Watched[]>();
  readonly #runs = new Map<number, { readonly handle: HandleId; readonly at: EventIndex }>();
  readonly #locks: LockWatch;
  #orphans = 0;
  #cursor = 0;
  #ended = false;

  constructor(readonly store: TraceStore) {
    this.#locks = new LockWatch(store);
  }

  catchUp(): readonly Lint[] {
    for (; this.#cursor < this.store.length; this.#cursor++) {
      const event = this.store.event(this.#cursor);
      if (event !== undefined) this.#look(event, this.#cursor as EventIndex);
    }
    return this.#lints;
  }

  /** No more events come, and the program may not have ended by itself. */
  finish(): void {
    this.catchUp();
    if (!this.#ended && this.#cursor > 0)
      this.#lookAtEnd((this.#cursor - 1) as EventIndex, 'was stopped');
  }

  #look(event: AnyEvent, at: EventIndex): void {
    switch (event.kind) {
      case 'log':
        this.#lookAtLog(event, at);
        break;
      case 'run_begin':
        this.#runs.set(event.loop, { handle: event.handle, at });
        break;
      case 'run_end':
        this.#lookAtRun(event, at);
        break;
      case 'turn_begin':
        if (event.timeout === null) this.#lookForDeadlock(event, at);
        break;
      case 'loop_close':
        this.#lookAtClose(event.loop, at);
        break;
      case 'future_created':
        for (const child of event.children ?? [])
          if (child.kind === 'task') this.#noteAwaited(child.id, at);
        break;
      case 'resource':
        this.#retract(this.#locks.look(event), at);
        break;
      case 'program_end':
        this.#ended = true;
        if (event.outcome === 'crashed') this.#lookAtEnd(at, 'ended');
        break;
      default:
        this.#lookAtTask(event, at);
    }
  }

  #lookAtTask(event: AnyEvent, at: EventIndex): void {
    switch (event.kind) {
      case 'task_created':
        this.#watch(event);
        break;
      case 'task_step_begin': {
        const task = this.#tasks.get(event.task);
        if (task !== undefined && event.throws === 'CancelledError' && task.cancelled)
          task.delivered = true;
        break;
      }
      case 'task_suspended':
        this.#lookAtWait(event, at);
        break;
      case 'task_cancel_requested': {
        const task = this.#tasks.get(event.task);
        if (task !== undefined) task.cancelled = true;
        break;
      }
      case 'task_uncancelled': {
        const task = this.#tasks.get(event.task);
        if (task !== undefined && event.left === 0) task.cancelled = task.delivered = false;
        break;
      }
      case 'task_done':
        this.#lookAtDone(event, at);
        break;
      // Done callbacks look at the result, too: the orphan has somebody.
      case 'scheduled':
        if (event.by?.kind === 'task') this.#noteAwaited(event.by.id, at);
        break;
      default:
    }
  }

  #watch(event: EventOf<'task_created'>): void {
    const task: Watched = {
      id: event.task,
      loop: event.loop,
      parent: event.parent,
      over: false,
      awaited: false,
      yields: 0,
      cancelled: false,
      delivered: false,
      orphan: undefined,
    };
    this.#tasks.set(task.id, task);
    const siblings = this.#children.get(task.parent);
    if (siblings === undefined) this.#children.set(task.parent, [task]);
    else siblings.push(task);
  }

  #noteAwaited(id: TaskId, at: EventIndex): void {
    const task = this.#tasks.get(id);
    if (task === undefined || task.awaited) return;
    task.awaited = true;
    this.#retract(task.orphan, at);
  }

  /** From this event on it is no longer so. */
  #retract(number: number | undefined, at: EventIndex): void {
    const lint = number === undefined ? undefined : this.#lints[number];
    if (number !== undefined && lint !== undefined) this.#lints[number] = { ...lint, until: at };
  }

  #lookAtLog(event: EventOf<'log'>, at: EventIndex): void {
    const task = this.#taskNamedIn(event.text);
    if (/exception was never retrieved/.test(event.text))
      this.#add({
        code: 'exception-never-retrieved',
        severity: 'error',
        event: at,
        tasks: task === undefined ? [] : [task],
        text: `${
          task === undefined ? 'A future' : taskText(this.store, task)
        } failed, and nobody ever looked: ${lastLine(event.text)}`,
        advice: 'Await the task, or gather it, so that its exception surfaces.',
      });
    else if (/was never awaited/.test(event.text))
      this.#add({
        code: 'coroutine-never-awaited',
        severity: 'warning',
        event: at,
        tasks: task === undefined ? [] : [task],
        text: `${lastLine(event.text)}: calling a coroutine function runs nothing.`,
        advice: 'Await the coroutine, or make a task of it with create_task().',
      });
  }

  #lookAtRun(event: EventOf<'run_end'>, at: EventIndex): void {
    const run = this.#runs.get(event.loop);
    this.#runs.delete(event.loop);
    if (run?.handle !== event.handle) return;
    const took = this.store.timeAt(at) - this.store.timeAt(run.at);
    if (took <= SLOW) return;
    const begin = this.store.event(run.at);
    const task = begin?.kind === 'run_begin' ? begin.task : undefined;
    const what =
      task === undefined
        ? handleText(this.store, event.handle)
        : `a step of ${taskText(this.store, task)}`;
    this.#add({
      code: 'slow-step',
      severity: 'warning',
      event: at,
      tasks: task === undefined ? [] : [task],
      handle: event.handle,
      text: `The loop was frozen for ${formatDuration(took)} by ${what}: nothing else could run.`,
      advice: 'Split the work with await, or move it to a thread with to_thread().',
    });
  }

  #lookAtWait(event: EventOf<'task_suspended'>, at: EventIndex): void {
    const task = this.#tasks.get(event.task);
    if (event.awaiting.kind === 'yield') {
      if (task !== undefined) this.#countYield(task, at);
      return;
    }
    if (task !== undefined) task.yields = 0;
    if (isResourceAwait(event.awaiting) && event.awaiting.kind === 'lock')
      this.#lookForCycle(event, at);
    if (!isTaskAwait(event.awaiting)) return;
    this.#noteAwaited(event.awaiting.id, at);
    this.#lookForCycle(event, at);
  }

  #countYield(task: Watched, at: EventIndex): void {
    task.yields++;
    if (task.yields !== BUSY) return;
    this.#add({
      code: 'busy-loop',
      severity: 'warning',
      event: at,
      tasks: [task.id],
      text: `${taskText(this.store, task.id)} has yielded ${BUSY} times in a row without waiting for anything: it polls.`,
      advice:
        'Wait for what it looks for, with a future, an event or a queue, instead of sleep(0).',
    });
  }

  #lookForCycle(event: EventOf<'task_suspended'>, at: EventIndex): void {
    // A ring can only close if what is awaited waits itself.
    const state = this.store.stateAt(at + 1);
    const awaited = awaitedTask(state, event.awaiting);
    if (awaited?.status !== 'waiting' || awaited.awaiting?.kind === 'sleep') return;
    for (const cycle of ringsThrough(state, event.task)) {
      const tasks = cycle.flatMap((node) => (node.kind === 'task' ? [node.id] : []));
      this.#add({
        code: 'await-cycle',
        severity: 'error',
        event: at,
        tasks,
        text: `${this.#ringText(cycle)}: none of them can ever go on.`,
        advice: 'Break the ring: one of them must finish, or be cancelled, without the others.',
      });
    }
  }

  /** `Task-1 waits for Task-2 waits for Task-1`; `Task-1 waits for lock 2, held by Task-2, which waits for ...`. */
  #ringText(cycle: readonly WaitNode[]): string {
    const begin = cycle.findIndex((node) => node.kind === 'task');
    const nodes = [...cycle.slice(begin), ...cycle.slice(0, begin + 1)];
    return nodes
      .map((node, index) => {
        if (node.kind === 'lock') return `${resourceText('lock', node.id)}, held by `;
        if (node.kind === 'future') return '';
        const name = taskText(this.store, node.id);
        if (index === nodes.length - 1) return name;
        return `${name}${nodes[index - 1]?.kind === 'lock' ? ', which' : ''} waits for `;
      })
      .join('');
  }

  #lookForDeadlock(event: EventOf<'turn_begin'>, at: EventIndex): void {
    if (event.ready > 0 || event.timers > 0) return;
    const state = this.store.stateAt(at + 1);
    const loop = state.loops.find((candidate) => candidate.id === event.loop);
    const deadlock = loop === undefined ? undefined : deadlockOf(state, loop);
    if (deadlock === undefined) return;
    this.#add({
      code: 'deadlock',
      severity: 'error',
      event: at,
      tasks: deadlock.tasks.map((task) => task.id),
      text: deadlock.text,
      advice: 'Somebody must complete what they wait for, or they need a timeout.',
    });
    for (const lint of explainStuckQueues(this.store, state, deadlock, at)) this.#add(lint);
  }

  #lookAtDone(event: EventOf<'task_done'>, at: EventIndex): void {
    const task = this.#tasks.get(event.task);
    if (task === undefined) return;
    task.over = true;
    if (task.delivered && event.outcome !== 'cancelled')
      this.#add({
        code: 'swallowed-cancellation',
        severity: 'warning',
        event: at,
        tasks: [task.id],
        text: `${taskText(this.store, task.id)} was cancelled and ended ${
          event.outcome === 'result'
            ? 'as if nothing had happened'
            : `with ${event.error ?? 'an exception'}`
        }: it kept CancelledError to itself.`,
        advice: 'Let CancelledError through: clean up, then throw it again.',
      });
    for (const child of this.#children.get(task.id) ?? []) this.#noteOrphan(child, task, at);
    for (const lint of this.#locks.lookAtDone(task.id, at, this.#lints.length)) this.#add(lint);
  }

  #noteOrphan(child: Watched, parent: Watched, at: EventIndex): void {
    if (child.over || child.awaited || ++this.#orphans > MOST_ORPHANS) return;
    child.orphan = this.#lints.length;
    const name = taskText(this.store, child.id);
    this.#add({
      code: 'orphan-task',
      severity: 'warning',
      event: at,
      tasks: [child.id],
      text: `${name} outlives ${taskText(this.store, parent.id)}, which made it, and nobody has waited for it: if it fails, or the loop ends first, nobody will know.`,
      advice: 'Await it, gather it, or make it in a task group.',
    });
  }

  #lookAtClose(loop: number, at: EventIndex): void {
    const pending = [...this.#tasks.values()].filter((task) => task.loop === loop && !task.over);
    for (const task of pending) task.over = true;
    if (pending.length === 0) return;
    const names = pending.slice(0, 5).map((task) => taskText(this.store, task.id));
    if (pending.length > names.length) names.push(`${pending.length - names.length} more`);
    this.#add({
      code: 'pending-at-close',
      severity: 'error',
      event: at,
      tasks: pending.map((task) => task.id),
      text: `The loop was closed while ${count(pending.length, 'task')} had not finished: ${listText(names)}.`,
      advice: 'Wait for them, or cancel them and wait, before the loop is closed; run() does.',
    });
  }

  /** A program that ends within a step: that step never gave control back. */
  #lookAtEnd(at: EventIndex, how: string): void {
    for (const run of this.#runs.values()) {
      const begin = this.store.event(run.at);
      const task = begin?.kind === 'run_begin' ? begin.task : undefined;
      const what =
        task === undefined
          ? handleText(this.store, run.handle)
          : `the last step of ${taskText(this.store, task)}`;
      this.#add({
        code: 'never-yields',
        severity: 'error',
        event: at,
        tasks: task === undefined ? [] : [task],
        handle: run.handle,
        text: `The program ${how} in ${what}, which never gave control back to the loop.`,
        advice: 'Look at what that step does: an endless loop, an abort, or too deep a recursion.',
      });
    }
    this.#runs.clear();
  }

  /** The task that a text of the loop's own names: `<Task finished name='Task-2' ...>`. */
  #taskNamedIn(text: string): TaskId | undefined {
    const name = /name='([^']*)'/.exec(text)?.[1];
    if (name === undefined) return undefined;
    for (const task of this.#tasks.keys()) if (taskName(this.store, task) === name) return task;
    return undefined;
  }

  #add(lint: Omit<Lint, 'until' | 'handle'> & { readonly handle?: HandleId }): void {
    this.#lints.push({
      handle: undefined,
      until: undefined,
      ...lint,
      text: capitalised(lint.text),
    });
  }
}

/** The task that must go on for a wait to end, where there is one in particular. */
function awaitedTask(state: ScopeState, awaiting: Awaiting): TaskState | undefined {
  if (isTaskAwait(awaiting)) return state.tasks.get(awaiting.id);
  return isResourceAwait(awaiting) ? holderOf(state, awaiting.resource) : undefined;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
