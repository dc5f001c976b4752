import { describe, expect, test } from 'vitest';
import type { AnyEvent } from '../../protocol/events.js';
import type { TaskState } from '../../trace/state.js';
import { fixture, storeOf } from '../../trace/testing/fixtures.js';
import { awaitForest } from './await_tree.js';
import { cardsAtMost, linesOf, shownResources } from './shared_list.js';

/** Makes so many locks, then does this to one. */
function locks(count: number, op: string, id: number, by: object): AnyEvent[] {
  const event = (resource: number, what: string, seq: number): AnyEvent =>
    ({
      seq,
      t: 0,
      loop: 1,
      turn: 1,
      kind: 'resource',
      id: resource,
      type: 'lock',
      op: what,
      state: '',
      waiters: 0,
      by,
    }) as unknown as AnyEvent;
  const made = Array.from({ length: count }, (_, index) => event(index + 1, 'created', index));
  return [...made, event(id, op, count)];
}

describe('what is shown of what tasks share', () => {
  test('is everything, in the order of making, while there is room', () => {
    const store = storeOf(locks(3, 'acquired', 3, { kind: 'task', id: 1 }));
    const shown = shownResources(store.stateAt(store.length)).map(({ id }) => id);
    expect(shown).toEqual([1, 2, 3]);
  });

  test('begins with what is in use where there are many', () => {
    const store = storeOf(locks(cardsAtMost + 2, 'acquired', 9, { kind: 'task', id: 1 }));
    const shown = shownResources(store.stateAt(store.length)).map(({ id }) => id);
    expect(shown).toEqual([9, 1, 2, 3, 4, 5, 6, 7, 8, 10]);
  });

  test('is not what was left', () => {
    const store = storeOf(locks(2, 'exited', 1, { kind: 'outside' }));
    expect(shownResources(store.stateAt(store.length)).map(({ id }) => id)).toEqual([2]);
  });

  test('is nothing any more when the loop is closed', () => {
    const store = fixture('queues');
    expect(shownResources(store.stateAt(store.length))).toEqual([]);
  });
});

test('who waits to put and who waits to get stand in two lines', () => {
  const task = (id: number, op: string): TaskState =>
    ({ id, awaiting: { kind: 'queue', id: 9, resource: 1, op } }) as unknown as TaskState;
  expect(
    linesOf([task(1, 'get'), task(2, 'put'), task(3, 'get')]).map(([title, tasks]) => [
      title,
      tasks.map(({ id }) => id),
    ]),
  ).toEqual([
    ['wait for an item', [1, 3]],
    ['wait for room', [2]],
  ]);
});

test('who holds a lock is shown under who waits for it, round a ring', () => {
  const store = fixture('lock_ring');
  const forests = Array.from({ length: store.length }, (_, position) =>
    awaitForest(store.stateAt(position), 20).rows.flatMap((row) =>
      row.kind === 'task'
        ? [`${'-'.repeat(row.depth)}${row.task.name} ${row.repeated ?? row.on ?? ''}`]
        : [],
    ),
  );
  expect(forests.find((rows) => rows.some((row) => row.endsWith('cycle')))).toEqual([
    'Task-1 ',
    '--Task-2 lock 2, held by',
    '---Task-3 lock 1, held by',
    '----Task-2 cycle',
    '--Task-3 seen',
  ]);
});
