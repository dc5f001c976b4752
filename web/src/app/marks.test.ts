import { describe, expect, test } from 'vitest';
import type { TraceStore } from '../trace/store.js';
import { storeOf } from '../trace/testing/fixtures.js';
import { marksAt } from './marks.js';

/** A trace in a few words: the events of one task whose first step begins in line 3. */
function storeWith(...events: readonly object[]): TraceStore {
  const loop = { t: 0, loop: 1, turn: 1 };
  const first = [
    { kind: 'task_created', task: 1, name: 'Task-1', coro: 'main', parent: 0, loc: at(20) },
    { kind: 'scheduled', handle: 1, parent: 0, label: 'task_step', task: 1 },
    { kind: 'run_begin', handle: 1, task: 1 },
  ];
  return storeOf([...first, ...events].map((event, seq) => ({ seq, ...loop, ...event })) as never);
}

function at(line: number, file = 'main.py') {
  return { func: 'main', file, line };
}

function marks(store: TraceStore, source = '') {
  const { length } = store;
  const found = marksAt(store, store.stateAt(length), source);
  return {
    ...found,
    marks: found.marks.map(({ name, line, state }) => `${name} ${state} ${line}`),
  };
}

const begin = { kind: 'task_step_begin', task: 1, loc: at(3) };
const suspended = {
  kind: 'task_suspended',
  task: 1,
  awaiting: { kind: 'future', id: 1 },
  stack: [at(8)],
};
const resumed = [
  { kind: 'task_step_begin', task: 1, loc: at(3) },
  suspended,
  { kind: 'run_end', handle: 1, outcome: 'ok' },
  { kind: 'run_begin', handle: 2, task: 1 },
  { kind: 'task_step_begin', task: 1 },
];

describe('the marked line', () => {
  test('of a first step is where the body begins', () => {
    expect(marks(storeWith(begin))).toEqual({ marks: ['Task-1 running 3'], follow: 3 });
  });

  test('of a first step in C++ is found by the name of the function, and said to be above', () => {
    const source = 'asyncio::Coro<> main();\n\nasyncio::Coro<> main() {\n}\n';
    const store = storeWith({ kind: 'task_step_begin', task: 1 });
    expect(marks(store, source)).toEqual({ marks: ['Task-1 past 3'], follow: 3 });
  });

  test('is the line that writes, not the await from which the task went on', () => {
    const output = { kind: 'output', stream: 'stdout', text: 'x\n', loc: at(7) };
    expect(marks(storeWith(...resumed))).toEqual({ marks: ['Task-1 running 8'], follow: 8 });
    expect(marks(storeWith(...resumed, output))).toEqual({
      marks: ['Task-1 running 7'],
      follow: 7,
    });
  });

  test('is somewhere after the await where the event does not say', () => {
    const output = { kind: 'output', stream: 'stdout', text: 'x\n' };
    expect(marks(storeWith(...resumed, output))).toEqual({ marks: ['Task-1 past 8'], follow: 8 });
  });

  test('stays exact in what the loop does at once because of it', () => {
    const made = { kind: 'task_created', task: 2, name: 'B', coro: 'b', parent: 1, loc: at(11) };
    const soon = { kind: 'scheduled', handle: 3, parent: 2, label: 'task_step', task: 2 };
    expect(marks(storeWith(...resumed, made, soon)).marks).toEqual(['Task-1 running 11']);
  });

  test('of a task that is suspended is in sight', () => {
    expect(marks(storeWith(begin, suspended))).toEqual({ marks: ['Task-1 waiting 8'], follow: 8 });
  });

  test('of a task that failed is where the exception was thrown', () => {
    const done = { kind: 'task_done', task: 1, outcome: 'exception', error: 'E', loc: at(5) };
    expect(marks(storeWith(begin, done))).toEqual({ marks: ['Task-1 running 5'], follow: 5 });
    const after = { kind: 'run_end', handle: 1, outcome: 'ok' };
    expect(marks(storeWith(begin, done, after))).toEqual({ marks: [], follow: null });
  });

  test('of code outside any task is marked as the program', () => {
    const output = { kind: 'output', stream: 'stdout', text: 'x\n', loc: at(30) };
    const end = { kind: 'run_end', handle: 1, outcome: 'ok' };
    expect(marks(storeWith(begin, suspended, end, output))).toEqual({
      marks: ['the program running 30', 'Task-1 waiting 8'],
      follow: 30,
    });
  });

  test('is not one of a header', () => {
    const output = { kind: 'output', stream: 'stdout', text: 'x\n', loc: at(99, 'queue.hpp') };
    expect(marks(storeWith(...resumed, output)).follow).toBe(8);
  });
});
