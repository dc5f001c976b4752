import { describe, expect, test } from 'vitest';
import type { AnyEvent } from '../protocol/events.js';
import { deadlockOf, nodeKey, waitGraph, waitersOf } from './awaits.js';
import type { ScopeState } from './state.js';
import { fixture, storeOf } from './testing/fixtures.js';
import { ModelLoop } from './testing/model_loop.js';
import type { Coroutine, ModelTask } from './testing/model_loop.js';

function edges(state: ScopeState): string[] {
  return waitGraph(state).edges.map(
    (edge) => `${nodeKey(edge.from)} ${edge.kind} ${nodeKey(edge.to)}`,
  );
}

/** So many tasks, each waiting for the next, the last for the first. */
function ring(size: number): ModelLoop {
  const loop = new ModelLoop();
  const tasks: ModelTask[] = [];
  function* link(next: number): Coroutine {
    yield null;
    const task = tasks[next % size];
    if (task !== undefined) yield task;
    return undefined;
  }
  for (let k = 0; k < size; k++) tasks.push(loop.createTask(link(k + 1)));
  if (tasks[0] !== undefined) loop.runUntil(tasks[0], 10);
  return loop;
}

describe('who waits for whom', () => {
  test('goes through a gather to its children, and loses those that are done', () => {
    const store = fixture('gather');
    expect(edges(store.stateAt(14))).toEqual([
      'task:1 awaits future:1',
      'future:1 collects task:2',
      'future:1 collects task:3',
      'future:1 collects task:4',
      // The others have not begun yet.
    ]);
    expect(edges(store.stateAt(68)).filter((edge) => edge.startsWith('future:1'))).toEqual([
      'future:1 collects task:2',
      'future:1 collects task:4',
    ]);
    expect(waitersOf(store.stateAt(68), 2 as never).map((task) => task.name)).toEqual(['Task-1']);
    expect(edges(store.stateAt(store.length))).toEqual([]);
  });

  test('is nobody when nobody waits', () => {
    expect(waitersOf(fixture('gather').stateAt(68), 1 as never)).toEqual([]);
  });

  test('finds a ring of any size, once, with its members in order', () => {
    for (const size of [1, 2, 3, 50]) {
      const store = storeOf(ring(size).events);
      const { cycles } = waitGraph(store.stateAt(store.length - 1));
      expect(cycles).toHaveLength(1);
      expect(cycles[0]?.map((node) => node.id)).toEqual(
        Array.from({ length: size }, (_, k) => k + 1),
      );
    }
  });

  test('finds a ring once, however many wait for its members', () => {
    const waits: [number, number][] = [
      [1, 3],
      [2, 3],
      [3, 4],
      [4, 3],
      [5, 4],
    ];
    const events = waits.map(([task, id], seq) => ({
      seq,
      t: 0,
      loop: 1,
      turn: 1,
      kind: 'task_suspended',
      task,
      awaiting: { kind: 'task', id },
      stack: [],
    }));
    const { cycles } = waitGraph(storeOf(events as unknown as AnyEvent[]).stateAt(5));
    expect(cycles.map((cycle) => cycle.map((node) => node.id))).toEqual([[3, 4]]);
  });

  test('finds no ring in a long chain, and does not overflow the stack over it', () => {
    const size = 20_000;
    const events = Array.from({ length: size }, (_, k) => {
      const awaiting = k + 1 < size ? { kind: 'task', id: k + 2 } : { kind: 'future', id: 1 };
      return {
        seq: k,
        t: 0,
        loop: 1,
        turn: 1,
        kind: 'task_suspended',
        task: k + 1,
        awaiting,
        stack: [],
      };
    });
    const graph = waitGraph(storeOf(events as unknown as AnyEvent[]).stateAt(size));
    expect(graph.edges).toHaveLength(size);
    expect(graph.cycles).toEqual([]);
  });
});

describe('a deadlock', () => {
  test('is named with all who wait, and for what', () => {
    const store = fixture('deadlock');
    const state = store.stateAt(35);
    const loop = state.loop;
    if (loop === undefined) throw new Error('no loop');
    expect(deadlockOf(state, loop)?.text).toBe(
      'Deadlock: nothing is ready and no timer is set, while Task-1 waits for worker, worker waits for future 1.',
    );
    expect(deadlockOf(state, loop)?.tasks.map((task) => task.id)).toEqual([1, 2]);
  });

  test('is not there while a timer is set or something is ready', () => {
    const store = fixture('deadlock');
    for (let n = 0; n < store.length; n++) {
      const state = store.stateAt(n);
      const found = state.loop === undefined ? undefined : deadlockOf(state, state.loop);
      expect([n, found !== undefined]).toEqual([n, n === 35]);
    }
  });
});
