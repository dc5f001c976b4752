import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { AnyEvent } from '../protocol/events.js';
import type { Nanoseconds } from '../protocol/trace.js';
import { Fold } from './fold.js';
import { readyQueue, timerHeap } from './queues.js';
import { isOver } from './state.js';
import { TraceStore } from './store.js';
import { FIXTURES, fixture, storeOf } from './testing/fixtures.js';
import { longTrace } from './testing/large_programs.js';
import { HEADER, ModelLoop, place } from './testing/model_loop.js';
import type { Coroutine } from './testing/model_loop.js';
import { runRandomProgram } from './testing/random_program.js';
import { snapshot } from './testing/snapshot.js';
import { Timeline } from './timeline.js';

const MS = 1_000_000;
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed + 1);

/** The state at a position without any of the store's short cuts: folded from nothing. */
function foldedFromNothing(store: TraceStore, position: number): object {
  const fold = new Fold();
  for (let index = 0; index < position; index++) {
    const event = store.event(index);
    if (event !== undefined) fold.apply(event, store.timeAt(index));
  }
  return snapshot(fold.freeze());
}

// Many events, each looked at: slow on a busy machine.
describe('a state', { timeout: 60_000 }, () => {
  test.each(SEEDS)('is what the loop was really like, after every event (program %i)', (seed) => {
    const loop = runRandomProgram(seed);
    const store = storeOf(loop.events);
    loop.truths.forEach((truth, index) => {
      const state = store.stateAt(index + 1);
      const scope = state.loops[0];
      if (scope === undefined) throw new Error('no loop');
      const ready = readyQueue(state, scope);
      const seen = {
        ready: ready.map((entry) => entry.handle.id),
        timers: timerHeap(state, scope).map((entry) => entry.handle.id),
        running: scope.running,
        batchLeft: scope.batchLeft,
        tasks: Object.fromEntries([...state.tasks].map((task) => [task.id, task.status])),
      };
      const inBatch = ready.filter((entry) => entry.inBatch).length;
      const counts = [inBatch, scope.readyCount, scope.timerCount];
      const expected = [truth.batchLeft, truth.ready.length, truth.timers.length];
      // Compared first without an assertion: there are many events, and assertions are slow.
      if (isDeepStrictEqual([seen, counts], [truth, expected])) return;
      expect({ index, ...seen, counts }).toEqual({ index, ...truth, counts: expected });
    });
  });

  test.each(SEEDS.slice(0, 10))(
    'is the same reached backward, forward and from nothing (program %i)',
    (seed) => {
      const { events } = runRandomProgram(seed, 150);
      const forward = storeOf(events);
      const backward = storeOf(events);
      const states: object[] = [];
      for (let n = 0; n <= events.length; n++) states.push(snapshot(forward.stateAt(n)));
      for (let n = events.length; n >= 0; n--) {
        const state = snapshot(backward.stateAt(n));
        expect(state).toEqual(states[n]);
        if (n % 17 === 0) expect(state).toEqual(foldedFromNothing(forward, n));
      }
    },
  );

  test.each(FIXTURES)(
    'is the same reached backward, forward and from nothing (trace %s)',
    (name) => {
      const forward = fixture(name);
      const backward = fixture(name);
      const states: object[] = [];
      for (let n = 0; n <= forward.length; n++) states.push(snapshot(forward.stateAt(n)));
      for (let n = forward.length; n >= 0; n--) {
        expect(snapshot(backward.stateAt(n))).toEqual(states[n]);
        expect(foldedFromNothing(forward, n)).toEqual(states[n]);
      }
    },
  );

  test.each(FIXTURES)('agrees with the counts that %s itself tells', (name) => {
    const store = fixture(name);
    for (let n = 0; n < store.length; n++) {
      const event = store.event(n);
      if (event?.kind !== 'turn_begin' && event?.kind !== 'loop_stop') continue;
      const loop = store.stateAt(n).loops.find((candidate) => candidate.id === event.loop);
      expect([n, loop?.readyCount, loop?.timerCount]).toEqual([n, event.ready, event.timers]);
    }
  });

  test('is the same whether its events came one by one or all at once', () => {
    const { events } = runRandomProgram(7, 150);
    const atOnce = storeOf(events);
    const oneByOne = new TraceStore(HEADER);
    for (const event of events) {
      oneByOne.append([event]);
      const n = oneByOne.length;
      expect(snapshot(oneByOne.stateAt(n))).toEqual(snapshot(atOnce.stateAt(n)));
    }
  });

  test('has every timer in its heap, however many there have been before', () => {
    const store = storeOf(longTrace(4000));
    for (let n = 0; n <= store.length; n += 37) {
      const state = store.stateAt(n);
      const expected = [...state.handles].flatMap(({ id, place }) =>
        place === 'timers' ? [id] : [],
      );
      const shown = state.loop === undefined ? [] : timerHeap(state, state.loop);
      expect(shown.map((timer) => timer.handle.id).sort((a, b) => a - b)).toEqual(expected);
    }
  });

  test('does not change when the trace goes on', () => {
    const { events } = runRandomProgram(3, 150);
    const store = storeOf(events.slice(0, 50));
    const early = store.stateAt(50);
    const before = JSON.stringify(snapshot(early));
    store.append(events.slice(50));
    store.stateAt(60);
    expect(JSON.stringify(snapshot(early))).toBe(before);
  });

  test('shares what an event did not touch with the state before', () => {
    const { events } = runRandomProgram(7, 150);
    const store = storeOf(events);
    const output = events.findIndex((event) => event.kind === 'output');
    const before = store.stateAt(output);
    const after = store.stateAt(output + 1);
    expect(after.tasks).toBe(before.tasks);
    expect(after.loops[0]).toBe(before.loops[0]);
    expect(after.console.size).toBe(before.console.size + 1);
  });

  test('at a position beyond the trace is the one at its end', () => {
    const { events } = runRandomProgram(3);
    const store = storeOf(events);
    expect(store.stateAt(1e9).position).toBe(events.length);
    expect(store.stateAt(-5).position).toBe(0);
  });
});

/** Two tasks: the first cancels the second while it sleeps. */
function cancelledSleeper(): ModelLoop {
  const loop = new ModelLoop();
  function* victim(): Coroutine {
    yield* loop.sleep(3600_000 * MS);
    return undefined;
  }
  function* main(): Coroutine {
    const task = loop.createTask(victim());
    yield* loop.sleep(10 * MS);
    task.cancel();
    yield* loop.sleep(1 * MS);
    return 7;
  }
  loop.runUntil(loop.createTask(main()));
  loop.close();
  return loop;
}

describe('a task', () => {
  test('keeps the line on which it is suspended', () => {
    const store = storeOf(cancelledSleeper().events);
    const suspended = cancelledSleeper().events.findIndex(
      (event) => event.kind === 'task_suspended' && event.task === 2,
    );
    const task = store.stateAt(suspended + 5).tasks.get(2 as never);
    expect(task?.status).toBe('waiting');
    expect(task?.location).toEqual({ func: 'step', file: 'main.cpp', line: 1 });
    expect(task?.awaiting).toMatchObject({ kind: 'sleep', when: 3600_000 * MS });
  });

  test('that waits in a coroutine of a coroutine is on the innermost line', () => {
    const stack = [place('main', 20), place('fetch', 12), place('read', 3)];
    const awaiting = { kind: 'future', id: 1 };
    const event = {
      seq: 0,
      t: 0,
      loop: 1,
      turn: 1,
      kind: 'task_suspended',
      task: 1,
      awaiting,
      stack,
    };
    const task = storeOf([event as unknown as AnyEvent])
      .stateAt(1)
      .tasks.get(1 as never);
    expect(task?.location).toEqual(place('read', 3));
    expect(task?.stack).toEqual(stack);
  });

  test('shows its cancellation from the request to the end', () => {
    const loop = cancelledSleeper();
    const store = storeOf(loop.events);
    const stages = loop.events.map(
      (_, n) => store.stateAt(n + 1).tasks.get(2 as never)?.cancel?.stage,
    );
    expect(stages.filter((stage, n) => stage !== undefined && stage !== stages[n - 1])).toEqual([
      'awaited',
      'delivered',
      'obeyed',
    ]);
    expect(store.stateAt(store.length).tasks.get(2 as never)?.cancel?.by).toEqual({
      kind: 'task',
      id: 1,
    });
  });

  test('that catches CancelledError and returns has swallowed it', () => {
    const loop = new ModelLoop();
    function* stubborn(): Coroutine {
      try {
        yield* loop.sleep(100 * MS);
      } catch {
        return 1;
      }
      return 2;
    }
    function* main(): Coroutine {
      const task = loop.createTask(stubborn());
      yield null;
      task.cancel();
      yield task;
      return undefined;
    }
    loop.runUntil(loop.createTask(main()));
    const state = storeOf(loop.events).stateAt(loop.events.length);
    expect(state.tasks.get(2 as never)?.cancel?.stage).toBe('swallowed');
    expect(state.tasks.get(2 as never)?.value).toBe('1');
  });
});

describe('several loops', () => {
  /** Two loops one after another, each with a clock that starts at 0. */
  function twoLoops(): AnyEvent[] {
    const first = new ModelLoop(1);
    function* work(loop: ModelLoop): Coroutine {
      loop.print('begin');
      yield* loop.sleep(5 * MS);
      return undefined;
    }
    first.runUntil(first.createTask(work(first)));
    first.close();
    const second = new ModelLoop(2, first.events.length, 1);
    second.runUntil(second.createTask(work(second)));
    second.close();
    return [...first.events, ...second.events];
  }

  test('follow each other on one time axis that never runs backwards', () => {
    const events = twoLoops();
    const store = storeOf(events);
    for (let n = 1; n < events.length; n++)
      expect(store.timeAt(n)).toBeGreaterThanOrEqual(store.timeAt(n - 1));
    expect(store.timeAt(events.length - 1)).toBe(10 * MS);
    expect(store.positionAtTime((5 * MS - 1) as Nanoseconds)).toBeLessThan(events.length / 2);
  });

  test('have queues, deadlines and tasks of their own', () => {
    const events = twoLoops();
    const store = storeOf(events);
    const suspended = events.findLastIndex((event) => event.kind === 'task_suspended');
    const state = store.stateAt(suspended + 1);
    expect(state.loop?.id).toBe(2);
    expect(state.loops[0]?.phase.kind).toBe('closed');
    const loop = state.loops[1];
    if (loop === undefined) throw new Error('no second loop');
    expect(timerHeap(state, loop).map((timer) => timer.when)).toEqual([10 * MS]);
    expect(state.tasks.get(2 as never)?.awaiting).toMatchObject({ when: 10 * MS });
    expect([...state.console].map((line) => [line.loop, line.task, line.time])).toEqual([
      [1, 1, 0],
      [2, 2, 5 * MS],
    ]);
  });
});

describe('the store', () => {
  test('finds events by task and handle, and stops for stepping', () => {
    const { events } = runRandomProgram(11, 100);
    const store = storeOf(events);
    const stops = events.flatMap((event, n) => (event.kind === 'turn_begin' ? [n + 1] : []));
    expect(store.stops('turn')).toEqual(stops);
    for (const n of store.stops('step'))
      expect(['task_step_begin', 'run_begin']).toContain(events[n - 1]?.kind);
    expect(store.eventsOfTask(1 as never)).toEqual(
      events.flatMap((event, n) => ('task' in event && event.task === 1 ? [n] : [])),
    );
  });

  test('tells subscribers once for each append, until they leave', () => {
    const { events } = runRandomProgram(11);
    const store = new TraceStore(HEADER);
    const lengths: number[] = [];
    const leave = store.subscribe((length) => lengths.push(length));
    store.append(events.slice(0, 3));
    store.append(events.slice(3, 5));
    leave();
    store.append(events.slice(5));
    expect(lengths).toEqual([3, 5]);
  });

  test('keeps what it does not know and goes on', () => {
    const { events } = runRandomProgram(11);
    const unknown = {
      seq: 0,
      t: 0,
      loop: 1,
      turn: 0,
      kind: 'unknown',
      name: 'moon_phase',
      fields: { phase: 'full' },
    } as never;
    const store = storeOf([unknown, ...events]);
    expect(store.event(0)?.kind).toBe('unknown');
    expect(store.stateAt(store.length).end?.outcome).toBe('exited');
  });

  test('knows nothing more of the loop once the trace is full, and says so once', () => {
    const whole = fixture('gather');
    const events = Array.from({ length: whole.length }, (_, n) => whole.event(n) as AnyEvent);
    const half = events.slice(0, events.findIndex(({ kind }) => kind === 'task_suspended') + 1);
    const rest = [
      { kind: 'truncated', what: 'events', dropped: 1 },
      { kind: 'output', stream: 'stdout', text: 'late\n' },
      { kind: 'truncated', what: 'events', dropped: 70 },
      { kind: 'program_end', outcome: 'exited', code: 0 },
    ].map((event, n) => ({ seq: half.length + n, t: 0, loop: 1, turn: 9, ...event }));
    const store = storeOf([...half, ...(rest as unknown as AnyEvent[])]);
    const state = store.stateAt(store.length);
    expect(state.truncations).toEqual([{ event: half.length, what: 'events', dropped: 70 }]);
    expect(state.loop).toMatchObject({ readyCount: 0, timerCount: 0, running: undefined });
    expect(state.loop?.phase.kind).toBe('unrecorded');
    expect([...state.tasks].filter((task) => !isOver(task))).toEqual([]);
    expect([...state.tasks].map((task) => task.status)).toContain('unrecorded');
    expect(state.console.at(state.console.size - 1)?.task).toBeUndefined();
    expect(store.steppingAt(half.length + 1)).toBeUndefined();
    const open = new Timeline(store).tasks.filter((lane) => lane.outcome === undefined);
    expect(open).toEqual([]);
  });

  test('bears a trace whose beginning is missing', () => {
    for (const seed of SEEDS.slice(0, 20)) {
      const { events } = runRandomProgram(seed);
      const store = storeOf(events.slice(Math.floor(events.length / 2)));
      for (let n = 0; n <= store.length; n++) snapshot(store.stateAt(n));
      expect(store.stateAt(store.length).end?.code).toBe(0);
    }
  });
});
