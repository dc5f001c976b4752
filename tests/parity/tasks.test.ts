import { expect, test } from 'vitest';
import { taskStory } from './tasks.mjs';

const header = '{"schema":"loopscope.trace","version":1}';

function traceOf(...events: object[]): string {
  const lines = events.map((event) => JSON.stringify({ t: 1_500_000_000, ...event }));
  return [header, ...lines, ''].join('\n');
}

function story(...events: object[]): string {
  return String(taskStory(traceOf(...events)));
}

const made = { kind: 'task_created', task: 1, name: 'Task-1', parent: 0 };

test('names the tasks, not their numbers', () => {
  const child = { kind: 'task_created', task: 7, name: 'child', parent: 1 };
  expect(story(made, child)).toBe(
    '1.5 s  Task-1 is made by nobody\n1.5 s  child is made by Task-1',
  );
});

test('numbers tasks anew where a language counts others in between', () => {
  const child = { kind: 'task_created', task: 2, name: 'child', parent: 1 };
  const last = { kind: 'task_created', task: 3, name: 'Task-7', parent: 2 };
  const renumbered = String(taskStory(traceOf(made, child, last), { renumber: true }));
  expect(renumbered.split('\n')[2]).toBe('1.5 s  Task-2 is made by child');
  expect(story(made, child, last)).toContain('Task-7 is made by child');
});

test('says what a future stands for when it wakes a task', () => {
  const awaiting = { kind: 'sleep', id: 3, handle: 9, when: 2e9 };
  const waits = { kind: 'task_suspended', task: 1, awaiting };
  const woken = { kind: 'task_wakeup', task: 1, by: { kind: 'future', id: 3 } };
  expect(story(made, waits, woken).split('\n').slice(1)).toEqual([
    '1.5 s  Task-1 waits for sleep until 2 s',
    '1.5 s  Task-1 is woken by sleep',
  ]);
});

test('leaves out the type of an error, which is the language’s, and keeps its message', () => {
  const end = { kind: 'task_done', task: 1, outcome: 'exception' };
  const cpp = story(made, { ...end, error: 'std::runtime_error: no' });
  expect(cpp).toBe(story(made, { ...end, error: 'RuntimeError: no' }));
  expect(cpp).toContain('exception, no');
});

test('says what is done to a resource, by whom, what it is like then, and who waits there', () => {
  const lock = { kind: 'resource', id: 2, type: 'lock', by: { kind: 'task', id: 1 } };
  const waits = { kind: 'lock', id: 4, resource: 2, op: 'acquire' };
  const told = story(
    made,
    { ...lock, op: 'acquired', state: 'locked', waiters: 1 },
    { kind: 'task_suspended', task: 1, awaiting: waits },
  );
  expect(told.split('\n').slice(1)).toEqual([
    '1.5 s  lock 2 is acquired by Task-1: locked, 1 wait',
    '1.5 s  Task-1 waits for lock 2 (acquire)',
  ]);
});

test('leaves out turns and handles', () => {
  expect(story(made, { kind: 'turn_begin' }, { kind: 'run_begin', handle: 1 })).toBe(story(made));
});
