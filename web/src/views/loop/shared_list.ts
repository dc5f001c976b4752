/** Which locks, queues ... are shown, and how those who wait there are put into lines. */
import { isResourceAwait } from '../../protocol/events.js';
import { resourceWaiters } from '../../trace/resources.js';
import type { ResourceState, ScopeState, TaskState } from '../../trace/state.js';

export const cardsAtMost = 8;

/** Where somebody waits or holds something comes first; what is over is left out. */
export function shownResources(state: ScopeState): readonly ResourceState[] {
  const waiters = resourceWaiters(state);
  const closed = new Set(
    state.loops.filter((loop) => loop.phase.kind === 'closed').map((loop) => loop.id),
  );
  const inUse = (resource: ResourceState): boolean =>
    resource.holders.length > 0 || waiters.has(resource.id);
  const present = [...state.resources].filter(
    (resource) => !isOver(resource) && !closed.has(resource.loop),
  );
  if (present.length <= cardsAtMost) return present;
  return [...present.filter(inUse), ...present.filter((resource) => !inUse(resource))];
}

/** A timeout, a scope or a group that was left. */
function isOver({ op }: ResourceState): boolean {
  return op === 'exited' || op === 'closed' || op === 'finished';
}

const PURPOSES: Readonly<Record<string, string>> = {
  get: 'wait for an item',
  put: 'wait for room',
  join: 'wait for the end of the work',
  send: 'wait to send',
  receive: 'wait to receive',
};

/** The line, or the lines where they wait for different things; each in the order in which they came. */
export function linesOf(
  waiting: readonly TaskState[],
): readonly (readonly [string, TaskState[]])[] {
  const lines = new Map<string, TaskState[]>();
  for (const task of waiting) {
    const { awaiting } = task;
    const op = awaiting !== undefined && isResourceAwait(awaiting) ? awaiting.op : undefined;
    const title = PURPOSES[op ?? ''] ?? 'wait';
    const line = lines.get(title);
    if (line === undefined) lines.set(title, [task]);
    else line.push(task);
  }
  return [...lines];
}
