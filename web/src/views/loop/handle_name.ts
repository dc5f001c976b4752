/** What a handle is for, as its card says it: whose it is, and why it runs. */
import { scheduledOf, sleeperOf, taskAt } from '../../trace/causes.js';
import { causeText, futureType, numberText } from '../../trace/names.js';
import type { HandleState, ScopeState, TaskState } from '../../trace/state.js';
import type { TraceStore } from '../../trace/store.js';

export interface HandleName {
  /** The task that it steps, wakes or limits. */
  readonly owner: TaskState | undefined;
  readonly name: string;
  /** In two or three words. */
  readonly what: string;
}

export function handleName(store: TraceStore, state: ScopeState, handle: HandleState): HandleName {
  const { task, label } = handle;
  if (task !== undefined) {
    const owner = state.tasks.get(task);
    const first = owner !== undefined && owner.stack.length === 0 && owner.steps < 2;
    const what = first ? 'first step' : label === 'task_wakeup' ? 'wakes up' : 'next step';
    return { owner, name: owner?.name ?? `task ${numberText(task)}`, what };
  }
  const owner = ownerOf(store, state, handle);
  if (owner !== undefined)
    return { owner, name: owner.name, what: label === 'sleep' ? 'end of its sleep' : 'timeout' };
  return { owner, ...unowned(store, handle) };
}

/** The task whose sleep or timeout a timer ends. */
function ownerOf(store: TraceStore, state: ScopeState, handle: HandleState): TaskState | undefined {
  const scheduled = scheduledOf(store, handle.id);
  if (scheduled === undefined) return undefined;
  const task =
    handle.label === 'sleep'
      ? sleeperOf(store, handle.id)
      : handle.label === 'timeout'
        ? taskAt(store, scheduled.index)
        : undefined;
  return task === undefined ? undefined : state.tasks.get(task);
}

const NAMES: Readonly<Record<string, string>> = {
  done_callback: 'done callback',
  callback: 'callback',
  timer: 'timer',
  timeout: 'timeout',
  sleep: 'sleep',
  threadsafe: 'callback from a thread',
  executor: 'a thread’s result',
  io_ready: 'file descriptor ready',
  signal: 'signal',
};

function unowned(store: TraceStore, handle: HandleState): { name: string; what: string } {
  const { label, loc, by } = handle;
  if (label === 'done_callback' && loc === undefined && by !== undefined) {
    const collector = store.collectorOf(by);
    return {
      name:
        collector === undefined ? 'the loop' : futureType(store, collector).replaceAll('_', ' '),
      what: `learns that ${causeText(store, by)} is done`,
    };
  }
  return {
    name: NAMES[label] ?? label.replaceAll('_', ' '),
    what: loc === undefined ? `handle ${numberText(handle.id)}` : `line ${loc.line}`,
  };
}
