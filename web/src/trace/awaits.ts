/** Who waits for whom: edges between tasks, futures and timers, cycles among them, and deadlock. */
import type { FutureId, TaskId } from '../protocol/trace.js';
import type { LoopState, ScopeState, TaskState } from './state.js';

export type WaitNode =
  | { readonly kind: 'task'; readonly id: TaskId }
  | { readonly kind: 'future'; readonly id: FutureId };

export interface WaitEdge {
  readonly from: WaitNode;
  readonly to: WaitNode;
  /** `awaits`: a suspended task and what it waits for. `collects`: a combinator and one of its children. */
  readonly kind: 'awaits' | 'collects';
}

export interface WaitGraph {
  /** Every task or future that is an end of an edge, in order of first mention. */
  readonly nodes: readonly WaitNode[];
  readonly edges: readonly WaitEdge[];
  /** Each a ring of nodes of which every one waits for the next and the last for the first. */
  readonly cycles: readonly (readonly WaitNode[])[];
}

/** The waits of all suspended tasks at this position. */
export function waitGraph(state: ScopeState): WaitGraph {
  void state;
  throw new Error('not there yet');
}

/** The tasks that wait for this one, directly or as a child of what they await. */
export function waitersOf(state: ScopeState, task: TaskId): readonly TaskState[] {
  void [state, task];
  throw new Error('not there yet');
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
  void [state, loop];
  throw new Error('not there yet');
}
