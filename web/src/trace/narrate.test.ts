import { describe, expect, test } from 'vitest';
import type { AnyEvent } from '../protocol/events.js';
import type { HandleId } from '../protocol/trace.js';
import { numberText } from './names.js';
import { narrate } from './narrate.js';
import { FIXTURES, fixture, fixtureText, storeOf } from './testing/fixtures.js';
import { ModelLoop } from './testing/model_loop.js';
import type { Coroutine } from './testing/model_loop.js';
import { runRandomProgram } from './testing/random_program.js';
import { whyAt, whyHandle, whyTask } from './why.js';
import type { TraceStore } from './store.js';

const MS = 1_000_000;

function sentences(store: TraceStore): string[] {
  return Array.from({ length: store.length }, (_, index) => narrate(store, index));
}

/** The sentences of one kind of event. */
function sentencesOf(store: TraceStore, kind: AnyEvent['kind']): string[] {
  return sentences(store).filter((_, index) => store.event(index)?.kind === kind);
}

function run(main: (loop: ModelLoop) => Coroutine): TraceStore {
  const loop = new ModelLoop();
  loop.runUntil(loop.createTask(main(loop)));
  loop.close();
  return storeOf(loop.events);
}

test('a number of a further thread is told with the thread', () => {
  expect(numberText(7 as HandleId)).toBe('7');
  expect(numberText((2 ** 32 + 7) as HandleId)).toBe('2:7');
});

describe('the narration', () => {
  test.each(FIXTURES)('of %s reads as written down', (name) => {
    expect(`${sentences(fixture(name)).join('\n')}\n`).toBe(fixtureText(`${name}.txt`));
  });

  test('is one finished sentence for every event of every program', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const store = storeOf(runRandomProgram(seed).events);
      for (const sentence of sentences(store)) {
        expect(sentence).toMatch(/^[^\n]+\.$/);
        expect(sentence).not.toMatch(/undefined|NaN|\[object|null|task \d/);
      }
    }
  });

  test('tells a suspended task from one that has returned', () => {
    const store = run(function* main(loop) {
      yield* loop.sleep(MS);
      return 7;
    });
    expect(sentencesOf(store, 'task_suspended')).toEqual([
      'Task-1 is suspended in step(), line 1: it sleeps until 1 ms.',
    ]);
    expect(sentencesOf(store, 'task_done')).toEqual(['Task-1 returned 7.']);
  });

  test('knows who prints where an eager task begins within the step of another', () => {
    const store = storeOf(
      [
        { kind: 'run_begin', handle: 1, task: 1 },
        { kind: 'task_step_begin', task: 1 },
        { kind: 'task_created', task: 2, name: 'Task-2', coro: 'child', parent: 1 },
        { kind: 'task_step_begin', task: 2 },
        { kind: 'output', stream: 'stdout', text: 'inner\n' },
        { kind: 'task_suspended', task: 2, awaiting: { kind: 'yield' }, stack: [] },
        { kind: 'output', stream: 'stdout', text: 'outer\n' },
      ].map((event, seq) => ({ seq, t: 0, loop: 1, turn: 1, ...event }) as never),
    );
    expect(sentencesOf(store, 'output')).toEqual([
      'Task-2 writes "inner".',
      'Task 1 writes "outer".',
    ]);
  });

  test('says why a task gets ready', () => {
    const store = run(function* main(loop) {
      function* child(): Coroutine {
        yield null;
        return 7;
      }
      yield loop.createTask(child());
      return undefined;
    });
    expect(sentencesOf(store, 'scheduled')).toEqual([
      'Task-1 is put into the ready queue because it is new: this will be its first step.',
      'Task-2 is put into the ready queue because it is new: this will be its first step.',
      'Task-2 is put at the end of the ready queue at once: sleep(0) only lets the others run first.',
      'Task-1 is put into the ready queue because Task-2, which it awaits, returned 7.',
      'The callback #5 that tells the loop that Task-1 is done is put into the ready queue because Task-1 returned.',
    ]);
  });

  test('follows a cancellation from the request to the end', () => {
    const store = run(function* main(loop) {
      function* inner(): Coroutine {
        yield* loop.sleep(100 * MS);
        return 1;
      }
      function* outer(): Coroutine {
        yield loop.createTask(inner());
        return 2;
      }
      const task = loop.createTask(outer());
      yield* loop.sleep(MS);
      task.cancel();
      yield* loop.sleep(MS);
      return undefined;
    });
    const story = sentences(store).filter((sentence) => /cancel/i.test(sentence));
    expect(story).toEqual([
      'Task-1 asks Task-2 to cancel: it waits for Task-3, so the request goes on to that.',
      'Task-1 asks Task-3 to cancel: what it waits for is cancelled first.',
      "Task-3's sleep is cancelled by Task-1.",
      'Task-3 is put into the ready queue because its sleep was cancelled by Task-1.',
      'Task-3 will go on with handle #7, woken by the cancellation of its sleep.',
      'Task-3 goes on in step(), line 1, with CancelledError thrown into it, because Task-1 cancelled it.',
      'Task-3 cancels the timer #5 of its sleep; it stays in the heap until the loop comes across it.',
      'Task-3 ends cancelled, as Task-1 asked.',
      'Task-2 is put into the ready queue because Task-3, which it awaits, was cancelled.',
      'Task-2 goes on in step(), line 1, with CancelledError thrown into it, because Task-1 cancelled it.',
      'Task-2 ends cancelled, as Task-1 asked.',
      "The timer #5 of Task-3's sleep was cancelled, so the loop drops it without running it.",
    ]);
  });

  test('passes a request on to all that a gather collects', () => {
    const store = run(function* main(loop) {
      function* child(): Coroutine {
        yield* loop.sleep(MS);
        return undefined;
      }
      function* pair(): Coroutine {
        yield loop.gather([loop.createTask(child()), loop.createTask(child())]);
        return undefined;
      }
      const task = loop.createTask(pair());
      yield* loop.sleep(MS / 2);
      task.cancel();
      yield null;
      return undefined;
    });
    expect(sentencesOf(store, 'task_cancel_requested')).toEqual([
      'Task-1 asks Task-2 to cancel: it waits for gather 2 of Task-3 and Task-4, so the request goes on to them.',
      'Task-1 asks Task-3 to cancel: what it waits for is cancelled first.',
      'Task-1 asks Task-4 to cancel: what it waits for is cancelled first.',
    ]);
    expect(sentencesOf(store, 'task_wakeup')).toContain(
      'Task-3 will go on with handle #9, woken by the cancellation of its sleep.',
    );
  });

  test('says that a task was cancelled before it began, or by itself', () => {
    const store = run(function* main(loop) {
      function* never(): Coroutine {
        yield null;
        return 1;
      }
      loop.createTask(never()).cancel();
      yield null;
      loop.current.at(-1)?.cancel();
      yield null;
      return undefined;
    });
    expect(sentencesOf(store, 'task_cancel_requested')).toEqual([
      'Task-1 asks Task-2 to cancel: CancelledError will be thrown into it when it runs next.',
      'Task-1 asks for its own cancellation: CancelledError will be thrown into it when it runs next.',
    ]);
    expect(sentencesOf(store, 'task_done')).toEqual([
      'Task-2 is cancelled; it never began.',
      'Task-1 ends cancelled, as it asked.',
    ]);
  });

  test('names all who wait for a future', () => {
    const store = run(function* main(loop) {
      const future = loop.createFuture();
      function* waiter(): Coroutine {
        yield future;
        return undefined;
      }
      const tasks = [1, 2, 3, 4, 5, 6].map(() => loop.createTask(waiter()));
      yield null;
      future.finish('result');
      yield loop.gather(tasks);
      return undefined;
    });
    expect(sentencesOf(store, 'future_done')).toEqual([
      'Future 1, for which Task-2, Task-3 and 4 more wait, gets its result from Task-1.',
      'Gather 2, for which Task-1 waits, is done, because Task-2, Task-3 and 4 more all are.',
    ]);
  });

  test('does not say of a task that has gone on that it waits still', () => {
    const base = { t: 0, loop: 1, turn: 1, task: 1 };
    const events = [
      { ...base, kind: 'task_suspended', awaiting: { kind: 'future', id: 1 }, stack: [] },
      { ...base, kind: 'task_step_begin', throws: 'CancelledError' },
      { ...base, kind: 'future_done', future: 1, outcome: 'result', by: { kind: 'outside' } },
    ] as unknown as AnyEvent[];
    expect(narrate(storeOf(events), 2)).toBe(
      'Future 1 gets its result from code outside the loop.',
    );
  });

  test.each<[object, string]>([
    [
      { kind: 'output', stream: 'stderr', text: 'oh "no"\n' },
      'The program writes "oh \\"no\\"" to stderr.',
    ],
    [
      { kind: 'log', level: 'warning', text: 'Executing task Task-1 took 0.150 seconds' },
      'The loop logs a warning: Executing task Task-1 took 0.150 seconds',
    ],
    [
      { kind: 'truncated', what: 'output', dropped: 1 },
      'The limit for output is reached: from here on it is no longer recorded.',
    ],
    [
      { kind: 'truncated', what: 'events', dropped: 1 },
      'The limit for events is reached: from here on they are no longer recorded.',
    ],
    [
      { kind: 'program_end', outcome: 'crashed', code: 134, error: 'std::logic_error: x' },
      'The program crashes: std::logic_error: x.',
    ],
    [{ kind: 'program_end', outcome: 'exited', code: 3 }, 'The program ends with exit code 3.'],
    [
      { kind: 'run_end', handle: 1, outcome: 'raised', error: 'std::runtime_error: x' },
      'Handle #1 raised std::runtime_error: x: the exception handler is told, and the loop goes on.',
    ],
    [{ kind: 'io_ready', fd: 5, interest: 'read' }, 'File descriptor 5 is ready to read.'],
    [
      {
        kind: 'resource',
        id: 1,
        type: 'task_group',
        op: 'task_added',
        state: '2 tasks',
        waiters: 2,
        by: { kind: 'outside' },
      },
      'Task group 1: task added by code outside the loop: 2 tasks; 2 tasks wait.',
    ],
    [
      {
        kind: 'resource',
        id: 2,
        type: 'queue',
        op: 'put',
        state: '1 of 3',
        value: 1,
        limit: 3,
        waiters: 1,
        by: { kind: 'task', id: 4 },
        item: '$1',
      },
      'Task 4 puts $1 into queue 2: 1 of 3; 1 task waits.',
    ],
    [
      {
        kind: 'resource',
        id: 5,
        type: 'executor',
        op: 'returned',
        state: '0 calls',
        waiters: 0,
        by: { kind: 'handle', id: 4 },
      },
      'A call in executor 5 has returned: 0 calls.',
    ],
    [
      {
        kind: 'resource',
        id: 3,
        type: 'timeout',
        op: 'created',
        state: 'set',
        waiters: 0,
        by: { kind: 'task', id: 4 },
        when: 2_000_000_000,
        loc: { func: 'main', file: 'main.cpp', line: 5 },
      },
      'Task 4 makes timeout 3 (main.cpp:5): set, until 2 s.',
    ],
    [
      { kind: 'abandoned', handle: 1 },
      'Handle #1 will never run: it was still waiting when the loop was closed.',
    ],
    [
      { kind: 'unknown', name: 'moon', fields: { phase: 'full' } },
      '"moon", a kind of event that this version does not know: {"phase":"full"}',
    ],
  ])('of %j', (fields, expected) => {
    const event = { seq: 0, t: 0, loop: 1, turn: 1, ...fields } as unknown as AnyEvent;
    expect(narrate(storeOf([event]), 0)).toBe(expected);
  });

  test('says at the end how much was not recorded', () => {
    const truncated = (dropped: number): AnyEvent =>
      ({
        seq: 0,
        t: 0,
        loop: 1,
        turn: 1,
        kind: 'truncated',
        what: 'events',
        dropped,
      }) as unknown as AnyEvent;
    expect(narrate(storeOf([truncated(1), truncated(900)]), 1)).toBe(
      'In all, 900 events of the trace were not recorded.',
    );
  });

  test('of an event that is not there is empty', () => {
    expect(narrate(storeOf([]), 0)).toBe('');
  });
});

describe('why something runs', () => {
  test('is told back to the start of the program', () => {
    const store = fixture('gather');
    const why = whyAt(store, 138);
    expect(why?.complete).toBe(true);
    expect(why?.links.map((link) => link.text).slice(0, 5)).toEqual([
      'The loop takes Task-1 from the front of the ready queue (handle #20).',
      'Task-1 is put into the ready queue because gather 1, which it awaits, has its result.',
      'Gather 1, for which Task-1 waits, is done, because Task-2, Task-3 and Task-4 all are.',
      'The callback #19 that tells gather 1 that Task-2 is done runs.',
      'The callback #19 that tells gather 1 that Task-2 is done is put into the ready queue because Task-2 returned 24.',
    ]);
    expect(why?.links.at(-1)).toMatchObject({ event: 0, task: 1 });
  });

  test('goes only back, and ends, for every handle of every program', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { events } = runRandomProgram(seed);
      const store = storeOf(events);
      for (const event of events) {
        if (event.kind !== 'run_begin') continue;
        const why = whyHandle(store, event.handle, 10_000);
        expect(why.complete).toBe(true);
        const indexes = why.links.map((link) => link.event);
        expect(indexes).toEqual(indexes.toSorted((a, b) => b - a));
      }
    }
  });

  test('is cut where a chain is long, and says so', () => {
    const store = fixture('gather');
    const why = whyAt(store, 138, 4);
    expect([why?.links.length, why?.complete]).toEqual([4, false]);
  });

  test('of a waiting task is why its last step ran', () => {
    const store = fixture('gather');
    expect(whyTask(store, 2 as never, 30)?.links[0]?.text).toBe(
      'The loop takes Task-2 from the front of the ready queue (handle #2).',
    );
  });

  test('is nothing before anything runs', () => {
    expect(whyAt(fixture('gather'), 3)).toBeUndefined();
    expect(whyTask(fixture('gather'), 99 as never, 30)).toBeUndefined();
  });
});
