/** How many tasks are in which state, and the few that a view has room for. */
import type { ScopeState, TaskState } from './state.js';
import { isOver } from './state.js';

export interface Census {
  readonly waiting: number;
  /** The first of those that wait, in order of creation: at most LOOKED_AT. */
  readonly firstWaiting: readonly TaskState[];
  readonly over: number;
  /** The last of those that are over, in order of creation: at most LAST_OVER. */
  readonly lastOver: readonly TaskState[];
}

/** A forest of more waiting tasks than these is not looked through: nobody could read it. */
export const LOOKED_AT = 1000;
const LAST_OVER = 30;

const cache = new WeakMap<ScopeState['tasks'], Census>();

export function census(state: ScopeState): Census {
  let taken = cache.get(state.tasks);
  if (taken === undefined) cache.set(state.tasks, (taken = take(state.tasks)));
  return taken;
}

function take(tasks: ScopeState['tasks']): Census {
  let waiting = 0;
  const firstWaiting: TaskState[] = [];
  let over: TaskState[] = [];
  let count = 0;
  for (const task of tasks) {
    if (task.status === 'waiting') {
      waiting++;
      if (firstWaiting.length < LOOKED_AT) firstWaiting.push(task);
    } else if (isOver(task)) {
      count++;
      over.push(task);
      if (over.length > 2 * LAST_OVER) over = over.slice(-LAST_OVER);
    }
  }
  return { waiting, firstWaiting, over: count, lastOver: over.slice(-LAST_OVER) };
}
