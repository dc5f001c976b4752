import { describe, expect, test } from 'vitest';
import type { EventOf } from '../protocol/trace.js';
import { waitGraph, nodeKey } from './awaits.js';
import { changedResource, resourceWaiters } from './resources.js';
import type { ResourceState, ScopeState } from './state.js';
import { fixture } from './testing/fixtures.js';

type Change = Pick<EventOf<'resource'>, 'op'> & Partial<EventOf<'resource'>>;

/** What a resource is like after these events. */
function after(...changes: readonly Change[]): ResourceState {
  let state: ResourceState | undefined;
  changes.forEach((change, index) => {
    const event = { id: 1, loop: 1, type: 'lock', state: '', waiters: 0, t: 0, ...change };
    state = changedResource(state, event as never, index as never, 0 as never);
  });
  if (state === undefined) throw new Error('no events');
  return state;
}
const by = (id: number) => ({ kind: 'task', id }) as never;

describe('who holds a resource', () => {
  test('is who acquired it and has not released it', () => {
    expect(after({ op: 'acquired', by: by(3) }).holders).toEqual([3]);
    expect(after({ op: 'acquired', by: by(3) }, { op: 'released', by: by(3) }).holders).toEqual([]);
  });

  test('is nobody when another released it', () => {
    expect(after({ op: 'acquired', by: by(3) }, { op: 'released', by: by(4) }).holders).toEqual([]);
  });

  test('are several, of which each releases its own', () => {
    const taken = [2, 3, 4].map((id): Change => ({ op: 'acquired', by: by(id) }));
    expect(after(...taken).holders).toEqual([2, 3, 4]);
    expect(after(...taken, { op: 'released', by: by(3) }).holders).toEqual([2, 4]);
  });

  test('is nobody where a semaphore counts what was made, not who is in', () => {
    const count = (op: string, value: number): Change => ({ op, value, limit: 0, by: by(2) });
    expect(after(count('released', 1), count('acquired', 0)).holders).toEqual([]);
  });

  test('is told by the counter where it is not known who released', () => {
    const outside = { kind: 'outside' } as never;
    const taken = [2, 3].map((id, index): Change => ({
      op: 'acquired',
      by: by(id),
      value: 1 - index,
      limit: 2,
    }));
    const released: Change = { op: 'released', by: outside, value: 1, limit: 2 };
    expect(after(...taken, released).holders).toEqual([3]);
  });
});

describe('who waits at a queue', () => {
  const store = fixture('queues');
  const waits = (state: ScopeState): string[] =>
    [...resourceWaiters(state).values()].flat().map((task) => task.name);

  test('is told in the order in which they came, and only while they wait', () => {
    const seen = new Set<string>();
    for (let position = 0; position <= store.length; position++)
      seen.add(waits(store.stateAt(position)).join(', '));
    expect([...seen].slice(0, 5)).toEqual(['', 'Ada', 'Ada, Bob', 'Bob', 'Task-4']);
    expect(waits(store.stateAt(store.length))).toEqual([]);
  });

  test('agrees with what the queue itself counts', () => {
    for (let index = 0; index < store.length; index++) {
      const event = store.event(index);
      if (event?.kind !== 'resource') continue;
      const waiting = resourceWaiters(store.stateAt(index)).get(event.id)?.length ?? 0;
      expect({ index, waiting }).toEqual({ index, waiting: event.waiters });
    }
  });
});

test('a lock leads from who waits for it to who holds it', () => {
  const store = fixture('lock_ring');
  const ring = Array.from({ length: store.length }, (_, position) => store.stateAt(position)).find(
    (state) => waitGraph(state).cycles.length > 0,
  );
  if (ring === undefined) throw new Error('there is no ring');
  expect(
    waitGraph(ring)
      .edges.filter(({ from, to }) => from.kind === 'lock' || to.kind === 'lock')
      .map(({ from, kind, to }) => `${nodeKey(from)} ${kind} ${nodeKey(to)}`),
  ).toEqual([
    'task:2 awaits lock:2',
    'lock:2 held task:3',
    'task:3 awaits lock:1',
    'lock:1 held task:2',
  ]);
});
