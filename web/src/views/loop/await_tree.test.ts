import { describe, expect, it } from 'vitest';
import { TraceStore } from '../../trace/store.js';
import {
  HEADER,
  ModelLoop,
  type Coroutine,
  type ModelTask,
} from '../../trace/testing/model_loop.js';
import type { ScopeState } from '../../trace/state.js';
import { awaitForest } from './await_tree.js';

function stateAfter(build: (loop: ModelLoop) => ModelTask, turns = 2): ScopeState {
  const loop = new ModelLoop();
  loop.runUntil(build(loop), turns);
  const store = new TraceStore(HEADER);
  store.append(loop.events);
  return store.stateAt(store.length);
}

const rows = (state: ScopeState) =>
  awaitForest(state, 50).rows.map((row) =>
    row.kind === 'task'
      ? `${'  '.repeat(row.depth)}${row.task.name}${row.repeated === undefined ? '' : ` (${row.repeated})`}`
      : `${'  '.repeat(row.depth)}${row.future.type} ${row.done}/${row.of}`,
  );

describe('the waiting tasks', () => {
  it('stand under the gather that collects them, and that under the task that awaits it', () => {
    const state = stateAfter((loop) => {
      function* child(): Coroutine {
        yield* loop.sleep(1e9);
        return 0;
      }
      function* main(): Coroutine {
        yield loop.gather([loop.createTask(child()), loop.createTask(child())]);
        return 0;
      }
      return loop.createTask(main());
    });
    expect(rows(state)).toEqual(['Task-1', '  gather 0/2', '    Task-2', '    Task-3']);
  });

  it('name a ring of waits once, and end there', () => {
    const state = stateAfter((loop) => {
      const tasks: ModelTask[] = [];
      function* wait(index: number): Coroutine {
        const other = tasks[index];
        if (other !== undefined) yield other;
        return 0;
      }
      const first = loop.createTask(wait(1));
      tasks.push(first, loop.createTask(wait(0)));
      return first;
    });
    expect(rows(state)).toEqual(['Task-1', '  Task-2', '    Task-1 (cycle)']);
  });

  it('are cut where there are too many', () => {
    const state = stateAfter((loop) => {
      function* child(): Coroutine {
        yield* loop.sleep(1e9);
        return 0;
      }
      for (let i = 0; i < 9; i++) loop.createTask(child());
      return loop.createTask(child());
    }, 1);
    const cut = awaitForest(state, 4);
    expect(cut.rows).toHaveLength(4);
    expect(cut.more).toBe(true);
  });
});
