/** What is known of a handle, a task, a future before anything has happened to it. */
import type { EventIndex, FutureId, HandleId, TaskId } from '../protocol/trace.js';
import type { FutureState, HandleState, TaskState } from './state.js';

export function newHandle(id: HandleId, loop: number, scheduledAt: EventIndex): HandleState {
  return {
    id,
    loop,
    label: 'callback',
    parent: 0 as HandleId,
    task: undefined,
    by: undefined,
    when: undefined,
    loc: undefined,
    scheduledAt,
    place: 'gone',
    end: undefined,
    cancelled: false,
    error: undefined,
    queued: -1,
  };
}

export function newTask(id: TaskId, loop: number, createdAt: EventIndex): TaskState {
  return {
    id,
    loop,
    name: `task ${id}`,
    coro: '',
    parent: 0 as TaskId,
    createdAt,
    loc: undefined,
    status: 'created',
    since: createdAt,
    awaiting: undefined,
    stack: [],
    location: undefined,
    locatedAt: undefined,
    wokenBy: undefined,
    handle: undefined,
    steps: 0,
    throws: undefined,
    cancel: undefined,
    outcome: undefined,
    value: undefined,
    error: undefined,
    doneAt: undefined,
  };
}

export function newFuture(
  id: FutureId,
  loop: number,
  type: string,
  createdAt: EventIndex,
): FutureState {
  return {
    id,
    loop,
    type,
    children: [],
    loc: undefined,
    createdAt,
    outcome: undefined,
    by: undefined,
    error: undefined,
    doneAt: undefined,
  };
}
