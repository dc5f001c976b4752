/** Who waits for whom: edges between tasks, futures and timers, cycles among them, and deadlock. */
import { awaitedFuture, isResourceAwait, isTaskAwait } from '../protocol/events.js';
import type { Cause, FutureId, ResourceId, TaskId } from '../protocol/trace.js';
import { formatDuration } from './format.js';
import { numberText, resourceWaitText } from './names.js';
import type { LoopState, ScopeState, TaskState } from './state.js';
import { isOver } from './state.js';

export type WaitNode =
  | { readonly kind: 'task'; readonly id: TaskId }
  | { readonly kind: 'future'; readonly id: FutureId }
  /** A lock that somebody holds: others are places to wait at, which nobody in particular keeps shut. */
  | { readonly kind: 'lock'; readonly id: ResourceId };

export interface WaitEdge {
  readonly from: WaitNode;
  readonly to: WaitNode;
  /**
   * `awaits`: a suspended task and what it waits for. `collects`: a combinator and one of its children. `held`: a lock
   * and who has it.
   */
  readonly kind: 'awaits' | 'collects' | 'held';
}

export interface WaitGraph {
  /** Every task or future that is an end of an edge, in order of first mention. */
  readonly nodes: readonly WaitNode[];
  readonly edges: readonly WaitEdge[];
  /** Each a ring of nodes of which every one waits for the next and the last for the first. */
  readonly cycles: readonly (readonly WaitNode[])[];
}

const cache = new WeakMap<ScopeState, WaitGraph>();

/** The waits of all suspended tasks at this position: tasks, and the futures between them, that are not done. */
export function waitGraph(state: ScopeState): WaitGraph {
  let graph = cache.get(state);
  if (graph === undefined) {
    graph = buildGraph(state);
    cache.set(state, graph);
  }
  return graph;
}

/**
 * The rings of waits that a task is in. Looks at what the task waits for, directly and further on, not at everybody's waits.
 */
export function ringsThrough(state: ScopeState, task: TaskId): readonly (readonly WaitNode[])[] {
  const start: WaitNode = { kind: 'task', id: task };
  const rings: WaitNode[][] = [];
  const seen = new Set([nodeKey(start)]);
  const path: { readonly node: WaitNode; readonly rest: WaitNode[] }[] = [
    { node: start, rest: nextNodes(state, start) },
  ];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const to = top.rest.pop();
    if (to === undefined) path.pop();
    else if (nodeKey(to) === nodeKey(start)) rings.push(fromFirst(path.map((entry) => entry.node)));
    else if (!seen.has(nodeKey(to))) {
      seen.add(nodeKey(to));
      path.push({ node: to, rest: nextNodes(state, to) });
    }
  }
  return rings;
}

/** A ring, told from the task on that was made first. */
function fromFirst(ring: readonly WaitNode[]): WaitNode[] {
  const tasks = ring.flatMap((node) => (node.kind === 'task' ? [node.id] : []));
  const first = Math.min(...tasks);
  const begin = ring.findIndex((node) => node.kind === 'task' && node.id === first);
  return [...ring.slice(begin), ...ring.slice(0, begin)];
}

/** What a node waits for. */
function nextNodes(state: ScopeState, node: WaitNode): WaitNode[] {
  if (node.kind === 'future') return pendingChildren(state, node.id);
  if (node.kind === 'lock') {
    const holder = holderOf(state, node.id);
    return holder === undefined ? [] : [{ kind: 'task', id: holder.id }];
  }
  const task = state.tasks.get(node.id);
  const target = task?.status === 'waiting' ? awaitedNode(task) : undefined;
  return target === undefined ? [] : [target];
}

/** The tasks that wait for this one, directly or as a child of what they await. */
export function waitersOf(state: ScopeState, task: TaskId): readonly TaskState[] {
  const { edges } = waitGraph(state);
  const waiting: TaskState[] = [];
  const open = [nodeKey({ kind: 'task', id: task })];
  const seen = new Set(open);
  for (let key = open.pop(); key !== undefined; key = open.pop())
    for (const edge of edges) {
      if (nodeKey(edge.to) !== key || seen.has(nodeKey(edge.from))) continue;
      seen.add(nodeKey(edge.from));
      const waiter = edge.from.kind === 'task' ? state.tasks.get(edge.from.id) : undefined;
      if (waiter !== undefined) waiting.push(waiter);
      else open.push(nodeKey(edge.from));
    }
  return waiting;
}

export interface Deadlock {
  readonly loop: number;
  /** The tasks that wait for ever. */
  readonly tasks: readonly TaskState[];
  /** One sentence that names them and what they wait for. */
  readonly text: string;
}

/** The deadlock a loop is in: it polls with nothing ready, no timer and no end in sight, while tasks wait. */
export function deadlockOf(state: ScopeState, loop: LoopState): Deadlock | undefined {
  if (loop.phase.kind !== 'polling' || loop.phase.timeout !== null || loop.readyCount > 0)
    return undefined;
  const tasks = [...state.tasks].filter((task) => task.loop === loop.id && !isOver(task));
  if (tasks.length === 0) return undefined;
  const waits = tasks
    .slice(0, 5)
    .map((task) => `${task.name} waits for ${awaitedName(state, task)}`);
  if (tasks.length > waits.length) waits.push(`${tasks.length - waits.length} more tasks wait`);
  return {
    loop: loop.id,
    tasks,
    text: `Deadlock: nothing is ready and no timer is set, while ${waits.join(', ')}.`,
  };
}

/** What a task waits for, in words: `Task-2`, `gather 5`, `a sleep that ends at 1 s`. */
export function awaitedName(state: ScopeState, task: TaskState): string {
  const { awaiting } = task;
  if (awaiting === undefined) return 'nothing';
  if (awaiting.kind === 'yield') return 'its next turn';
  if (isTaskAwait(awaiting))
    return state.tasks.get(awaiting.id)?.name ?? `task ${numberText(awaiting.id)}`;
  if ('when' in awaiting) return `a sleep that ends at ${formatDuration(awaiting.when)}`;
  if (isResourceAwait(awaiting)) return resourceWaitText(awaiting);
  return `${awaiting.kind} ${numberText(awaitedFuture(awaiting) as FutureId)}`;
}

/** `task:3`, `future:5`: tells nodes apart. */
export function nodeKey(node: WaitNode): string {
  return `${node.kind}:${node.id}`;
}

function buildGraph(state: ScopeState): WaitGraph {
  const nodes = new Map<string, WaitNode>();
  const edges: WaitEdge[] = [];
  const add = (from: WaitNode, to: WaitNode, kind: WaitEdge['kind']): void => {
    const isNew = !nodes.has(nodeKey(to));
    nodes.set(nodeKey(from), from);
    nodes.set(nodeKey(to), to);
    edges.push({ from, to, kind });
    if (isNew && to.kind === 'future')
      for (const child of pendingChildren(state, to.id)) add(to, child, 'collects');
    if (isNew && to.kind === 'lock') {
      const holder = holderOf(state, to.id);
      if (holder !== undefined) add(to, { kind: 'task', id: holder.id }, 'held');
    }
  };
  for (const task of state.tasks) {
    const target = task.status === 'waiting' ? awaitedNode(task) : undefined;
    if (target !== undefined) add({ kind: 'task', id: task.id }, target, 'awaits');
  }
  return { nodes: [...nodes.values()], edges, cycles: findCycles(edges) };
}

function awaitedNode(task: TaskState): WaitNode | undefined {
  const { awaiting } = task;
  if (awaiting === undefined || awaiting.kind === 'yield') return undefined;
  if (isTaskAwait(awaiting)) return { kind: 'task', id: awaiting.id };
  if (isResourceAwait(awaiting) && awaiting.kind === 'lock')
    return { kind: 'lock', id: awaiting.resource };
  const future = awaitedFuture(awaiting);
  return future === undefined ? undefined : { kind: 'future', id: future };
}

/** Who has a lock, if it has not ended without releasing it. */
export function holderOf(state: ScopeState, lock: ResourceId): TaskState | undefined {
  const id = state.resources.get(lock)?.holders.at(-1);
  const holder = id === undefined ? undefined : state.tasks.get(id);
  return holder === undefined || isOver(holder) ? undefined : holder;
}

function pendingChildren(state: ScopeState, future: FutureId): WaitNode[] {
  const children: readonly Cause[] = state.futures.get(future)?.children ?? [];
  return children.flatMap((child): WaitNode[] => {
    if (child.kind === 'task') {
      const task = state.tasks.get(child.id);
      return task !== undefined && isOver(task) ? [] : [child];
    }
    if (child.kind !== 'future' || state.futures.get(child.id)?.outcome !== undefined) return [];
    return [child];
  });
}

/** Depth first, without recursion: chains of waits may be long. Every ring is reported once. */
function findCycles(edges: readonly WaitEdge[]): WaitNode[][] {
  const next = new Map<string, WaitEdge[]>();
  for (const edge of edges) {
    const list = next.get(nodeKey(edge.from));
    if (list === undefined) next.set(nodeKey(edge.from), [edge]);
    else list.push(edge);
  }
  const cycles: WaitNode[][] = [];
  const finished = new Set<string>();
  for (const edge of edges) {
    if (finished.has(nodeKey(edge.from))) continue;
    const path: { node: WaitNode; rest: WaitEdge[] }[] = [];
    const onPath = new Map<string, number>();
    const enter = (node: WaitNode): void => {
      onPath.set(nodeKey(node), path.length);
      path.push({ node, rest: [...(next.get(nodeKey(node)) ?? [])] });
    };
    enter(edge.from);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const to = top.rest.shift()?.to;
      if (to === undefined) {
        path.pop();
        onPath.delete(nodeKey(top.node));
        finished.add(nodeKey(top.node));
        continue;
      }
      const begin = onPath.get(nodeKey(to));
      if (begin !== undefined) cycles.push(path.slice(begin).map((entry) => entry.node));
      else if (!finished.has(nodeKey(to))) enter(to);
    }
  }
  return cycles;
}
