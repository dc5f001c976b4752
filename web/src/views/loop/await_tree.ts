/** The waiting tasks as a forest: under each task what it waits for, down to the timer or future that will end it. */
import {
  awaitedFuture,
  isResourceAwait,
  isSleep,
  isTaskAwait,
  type SleepAwaiting,
} from '../../protocol/events.js';
import type { Cause } from '../../protocol/trace.js';
import { census, LOOKED_AT } from '../../trace/census.js';
import { holderOf } from '../../trace/awaits.js';
import { numberText, resourceWaitText } from '../../trace/names.js';
import { isOver, type FutureState, type ScopeState, type TaskState } from '../../trace/state.js';

export type AwaitRow =
  | {
      readonly kind: 'task';
      readonly depth: number;
      readonly task: TaskState;
      readonly sleep: SleepAwaiting | undefined;
      /** What it waits for where that has no row of its own below, in words. */
      readonly on: string | undefined;
      /** Already drawn further up: shared, or a ring. */
      readonly repeated: 'seen' | 'cycle' | undefined;
    }
  | {
      readonly kind: 'future';
      readonly depth: number;
      readonly future: FutureState;
      /** Children that are done, of how many. */
      readonly done: number;
      readonly of: number;
    };

/** Rows of the forest, at most `limit`; roots are the waiting tasks that nobody waits for (then those in a ring). */
export function awaitForest(
  state: ScopeState,
  limit: number,
): { readonly rows: readonly AwaitRow[]; readonly more: boolean } {
  const waiting = census(state).firstWaiting;
  const awaited = new Set<number>();
  for (const task of waiting) {
    for (const child of childrenOf(state, task)) awaited.add(child.id);
  }
  const rows: AwaitRow[] = [];
  const seen = new Set<number>();
  const path = new Set<number>();
  const visit = (task: TaskState, depth: number): void => {
    if (rows.length > limit) return;
    const repeated = path.has(task.id)
      ? 'cycle'
      : seen.has(task.id) && task.status === 'waiting'
        ? 'seen'
        : undefined;
    rows.push(taskRow(state, task, depth, repeated));
    if (repeated !== undefined || task.status !== 'waiting') return;
    seen.add(task.id);
    path.add(task.id);
    let deeper = depth + 1;
    const future = futureOf(state, task);
    if (future !== undefined && future.children.length > 0) {
      const done = future.children.filter((child) => causeDone(state, child)).length;
      rows.push({ kind: 'future', depth: deeper, future, done, of: future.children.length });
      deeper++;
    }
    for (const child of childrenOf(state, task)) visit(child, deeper);
    path.delete(task.id);
  };
  for (const task of waiting) if (!awaited.has(task.id)) visit(task, 0);
  for (const task of waiting) if (!seen.has(task.id)) visit(task, 0);
  return { rows: rows.slice(0, limit), more: rows.length > limit };
}

function futureOf(state: ScopeState, task: TaskState): FutureState | undefined {
  const { awaiting } = task;
  if (awaiting === undefined) return undefined;
  const id = awaitedFuture(awaiting);
  return id === undefined ? undefined : state.futures.get(id);
}

function childrenOf(state: ScopeState, task: TaskState): TaskState[] {
  const { awaiting } = task;
  if (awaiting === undefined) return [];
  if (isTaskAwait(awaiting)) {
    const child = state.tasks.get(awaiting.id);
    return child === undefined ? [] : [child];
  }
  const holder = lockHolder(state, task);
  if (holder !== undefined) return [holder];
  const causes = futureOf(state, task)?.children ?? [];
  return causes.slice(0, LOOKED_AT).flatMap((cause) => {
    const child = cause.kind === 'task' ? state.tasks.get(cause.id) : undefined;
    return child === undefined ? [] : [child];
  });
}

/** Who has the lock that a task waits for. */
function lockHolder(state: ScopeState, task: TaskState): TaskState | undefined {
  const { awaiting } = task;
  if (awaiting === undefined || !isResourceAwait(awaiting) || awaiting.kind !== 'lock')
    return undefined;
  return holderOf(state, awaiting.resource);
}

function causeDone(state: ScopeState, cause: Cause): boolean {
  if (cause.kind === 'task') {
    const task = state.tasks.get(cause.id);
    return task !== undefined && isOver(task);
  }
  return cause.kind === 'future' && state.futures.get(cause.id)?.outcome !== undefined;
}

/** The program's own by where it was made; asyncio's by what it is for. */
function futureWords({ type, id, loc }: FutureState): string {
  const what = type.replaceAll('_', ' ');
  if (loc !== undefined) return `${what} of line ${loc.line}`;
  return type === 'future' ? `${what} ${numberText(id)}` : what;
}

function taskRow(
  state: ScopeState,
  task: TaskState,
  depth: number,
  repeated: 'seen' | 'cycle' | undefined,
): AwaitRow {
  const awaiting = task.status === 'waiting' ? task.awaiting : undefined;
  const sleep = awaiting !== undefined && isSleep(awaiting) ? awaiting : undefined;
  const future = futureOf(state, task);
  let on: string | undefined;
  if (awaiting !== undefined && sleep === undefined && !isTaskAwait(awaiting)) {
    if (isResourceAwait(awaiting))
      on = resourceWaitText(awaiting) + (lockHolder(state, task) === undefined ? '' : ', held by');
    else if (future === undefined) on = awaiting.kind;
    else if (future.children.length === 0) on = futureWords(future);
  }
  return { kind: 'task', depth, task, sleep, on, repeated };
}
