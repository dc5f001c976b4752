/** What goes wrong with locks and queues: the part of the scanner that knows them. */
import { isResourceAwait } from '../protocol/events.js';
import type { EventIndex, EventOf, ResourceId, TaskId } from '../protocol/trace.js';
import type { Deadlock } from './awaits.js';
import type { Lint } from './lint.js';
import { count, listText, resourceText, taskText } from './names.js';
import type { ScopeState, TaskState } from './state.js';
import type { TraceStore } from './store.js';

type Found = Omit<Lint, 'until' | 'handle'>;

/** Which task has which lock, as the trace goes on. */
export class LockWatch {
  readonly #holders = new Map<ResourceId, TaskId>();
  /** Locks whose holder has ended, and the number of the lint that says so. */
  readonly #kept = new Map<ResourceId, number>();

  constructor(readonly store: TraceStore) {}

  /** Gives the number of a lint that holds no more: the lock was released after all. */
  look(event: EventOf<'resource'>): number | undefined {
    if (event.type !== 'lock') return undefined;
    if (event.op === 'acquired' && event.by.kind === 'task')
      this.#holders.set(event.id, event.by.id);
    if (event.op !== 'released') return undefined;
    this.#holders.delete(event.id);
    const lint = this.#kept.get(event.id);
    this.#kept.delete(event.id);
    return lint;
  }

  /** The locks that a task takes with it when it ends. `next`: the number that the first lint will have. */
  lookAtDone(task: TaskId, at: EventIndex, next: number): Found[] {
    const lints: Found[] = [];
    for (const [lock, holder] of this.#holders) {
      if (holder !== task) continue;
      this.#kept.set(lock, next + lints.length);
      lints.push({
        code: 'lock-never-released',
        severity: 'warning',
        event: at,
        tasks: [task],
        text: `${taskText(this.store, task)} has ended without releasing ${resourceText('lock', lock)}: nobody else gets it until somebody does.`,
        advice:
          'Hold it with a scope, which releases it however it is left: const auto held = co_await lock.scoped().',
      });
    }
    return lints;
  }
}

/** Why tasks that wait at queues wait for ever, in a deadlock. */
export function explainStuckQueues(
  store: TraceStore,
  state: ScopeState,
  { tasks }: Deadlock,
  at: EventIndex,
): Found[] {
  const lines = new Map<string, [ResourceId, string, TaskState[]]>();
  for (const task of tasks) {
    const { awaiting } = task;
    if (awaiting === undefined || !isResourceAwait(awaiting)) continue;
    const { resource, op } = awaiting;
    if (op !== 'put' && op !== 'join') continue;
    const key = `${op} ${resource}`;
    const line = lines.get(key);
    if (line === undefined) lines.set(key, [resource, op, [task]]);
    else line[2].push(task);
  }
  return [...lines.values()].map(([id, op, waiting]) => {
    const queue = resourceText('queue', id);
    const names = waiting.slice(0, 5).map((task) => taskText(store, task.id));
    if (waiting.length > names.length) names.push(`${waiting.length - names.length} more`);
    const wait = `${listText(names)} ${waiting.length === 1 ? 'waits' : 'wait'}`;
    const left = state.resources.get(id)?.value ?? 0;
    const common = { severity: 'error', event: at, tasks: waiting.map((task) => task.id) } as const;
    if (op === 'put')
      return {
        ...common,
        code: 'queue-stays-full',
        text: `${queue} is full, and nobody is left who takes anything out: ${wait} for room.`,
        advice: 'Start those who get before waiting to put, or make room: a larger maxsize.',
      };
    return {
      ...common,
      code: 'task-done-missing',
      text:
        left > 0
          ? `${wait} for ${queue} to be worked off, but ${count(left, 'item')} ${left === 1 ? 'is' : 'are'} still in it, and nobody is left who gets.`
          : `${wait} for ${queue} to be worked off: it is empty, but for some items task_done() was never called.`,
      advice: 'Call task_done() once for each item that was got, also when working on it failed.',
    };
  });
}
