import { describe, expect, test } from 'vitest';
import type { Lint, LintCode } from './lint.js';
import { Lints } from './lints.js';
import { narrate } from './narrate.js';
import { TraceStore } from './store.js';
import { fixture, storeOf } from './testing/fixtures.js';
import { CancelledError, HEADER, ModelLoop } from './testing/model_loop.js';
import type { Coroutine, ModelTask } from './testing/model_loop.js';
import { runRandomProgram } from './testing/random_program.js';

const MS = 1_000_000;

/** Runs a program and gives its loop, closed. */
function run(main: (loop: ModelLoop) => Coroutine): ModelLoop {
  const loop = new ModelLoop();
  loop.runUntil(loop.createTask(main(loop)), 500);
  loop.close();
  return loop;
}

function lintsOf(loop: ModelLoop): readonly Lint[] {
  return new Lints(storeOf(loop.events)).all;
}

function codes(loop: ModelLoop): LintCode[] {
  return lintsOf(loop).map((lint) => lint.code);
}

test('a program in which nothing is wrong has no lints', () => {
  expect(new Lints(fixture('queues')).all).toEqual([]);
  expect(new Lints(fixture('events_and_conditions')).all).toEqual([]);
  expect(new Lints(fixture('gather')).all).toEqual([]);
  expect(new Lints(fixture('hello')).all).toEqual([]);
});

describe('what the loop itself complains of', () => {
  const complaining = (text: string): ModelLoop =>
    run(function* main(loop) {
      loop.emit('log', { level: 'error', text });
      yield null;
      return undefined;
    });

  test('an exception that nobody retrieved is named with its task', () => {
    const text =
      "Task exception was never retrieved\n<Task finished name='Task-1' coro=<save()> exception=std::runtime_error: full>\nstd::runtime_error: full";
    expect(lintsOf(complaining(text))).toMatchObject([
      {
        code: 'exception-never-retrieved',
        severity: 'error',
        tasks: [1],
        text: 'Task-1 failed, and nobody ever looked: std::runtime_error: full',
      },
    ]);
  });

  test('may be a future, which has no name', () => {
    expect(
      lintsOf(complaining('Future exception was never retrieved\nstd::bad_alloc')),
    ).toMatchObject([
      { tasks: [], text: 'A future failed, and nobody ever looked: std::bad_alloc' },
    ]);
  });

  test('a coroutine that was never awaited', () => {
    expect(codes(complaining("coroutine 'save' was never awaited"))).toEqual([
      'coroutine-never-awaited',
    ]);
  });

  test('other errors are no lints', () => {
    expect(codes(complaining('Exception in callback\nstd::bad_alloc'))).toEqual([]);
  });
});

describe('a slow step', () => {
  const blocking = (ms: number): ModelLoop =>
    run(function* main(loop) {
      yield null;
      loop.now += ms * MS;
      return undefined;
    });

  test('is one that takes more than 100 ms of the loop', () => {
    expect(lintsOf(blocking(250))).toMatchObject([
      {
        code: 'slow-step',
        tasks: [1],
        text: 'The loop was frozen for 250 ms by a step of Task-1: nothing else could run.',
      },
    ]);
  });

  test('is not one that takes 100 ms', () => {
    expect(codes(blocking(100))).toEqual([]);
  });

  test('may be a callback', () => {
    const loop = run(function* main(loop) {
      loop.callSoon(() => (loop.now += 200 * MS));
      yield null;
      return undefined;
    });
    expect(lintsOf(loop)).toMatchObject([
      {
        code: 'slow-step',
        tasks: [],
        text: expect.stringContaining('by the callback #2') as string,
      },
    ]);
  });
});

describe('an orphan', () => {
  function* sleeper(loop: ModelLoop): Coroutine {
    yield* loop.sleep(5 * MS);
    return undefined;
  }
  function* parent(loop: ModelLoop, made: ModelTask[]): Coroutine {
    made.push(loop.createTask(sleeper(loop)));
    yield null;
    return undefined;
  }

  test('is a task that outlives the task that made it while nobody waits for it', () => {
    const loop = run(function* main(loop) {
      yield loop.createTask(parent(loop, []));
      yield* loop.sleep(10 * MS);
      return undefined;
    });
    expect(lintsOf(loop)).toMatchObject([{ code: 'orphan-task', tasks: [3], until: undefined }]);
  });

  test('is one no longer when somebody waits for it after all', () => {
    const loop = run(function* main(loop) {
      const made: ModelTask[] = [];
      yield loop.createTask(parent(loop, made));
      if (made[0] !== undefined) yield made[0];
      return undefined;
    });
    const lints = new Lints(storeOf(loop.events));
    const { event, until } = lints.all[0] ?? {};
    if (event === undefined || until === undefined) throw new Error('no lint');
    expect(loop.events[until]).toMatchObject({ kind: 'task_suspended', task: 1 });
    expect([event, event + 1, until, until + 1].map((n) => lints.at(n).length)).toEqual([
      0, 1, 1, 0,
    ]);
  });

  test('is not one that somebody else waits for', () => {
    const loop = run(function* main(loop) {
      const made: ModelTask[] = [];
      const task = loop.createTask(parent(loop, made));
      yield null;
      if (made[0] !== undefined) yield made[0];
      expect(task.outcome).toBe('result');
      return undefined;
    });
    expect(codes(loop)).toEqual([]);
  });

  test('is not one that is gathered or has ended before', () => {
    const loop = run(function* main(loop) {
      yield loop.gather([loop.createTask(sleeper(loop)), loop.createTask(sleeper(loop))]);
      loop.createTask(sleeper(loop));
      yield* loop.sleep(20 * MS);
      return undefined;
    });
    expect(codes(loop)).toEqual([]);
  });
});

describe('a cancellation', () => {
  const cancelled = (stubborn: boolean): ModelLoop =>
    run(function* main(loop) {
      function* victim(): Coroutine {
        try {
          yield* loop.sleep(5 * MS);
        } catch (error) {
          if (!stubborn || !(error instanceof CancelledError)) throw error;
        }
        return 1;
      }
      const task = loop.createTask(victim());
      yield null;
      task.cancel();
      yield* loop.sleep(1 * MS);
      return undefined;
    });

  test('that a task keeps to itself is swallowed', () => {
    expect(lintsOf(cancelled(true))).toMatchObject([
      {
        code: 'swallowed-cancellation',
        tasks: [2],
        text: 'Task-2 was cancelled and ended as if nothing had happened: it kept CancelledError to itself.',
      },
    ]);
  });

  test('that is taken back is not, as by a timeout', () => {
    const loop = cancelled(true);
    const delivered = loop.events.findIndex(
      (event) => event.kind === 'task_step_begin' && event.throws === 'CancelledError',
    );
    const step = loop.events[delivered];
    if (step === undefined) throw new Error('nothing was cancelled');
    const back = { ...step, kind: 'task_uncancelled', task: 2, left: 0 } as unknown as typeof step;
    const store = storeOf([
      ...loop.events.slice(0, delivered + 1),
      back,
      ...loop.events.slice(delivered + 1),
    ]);
    expect(new Lints(store).all).toEqual([]);
    expect(store.stateAt(store.length).tasks.get(2 as never)?.cancel).toBeUndefined();
    expect(narrate(store, delivered + 1)).toBe(
      'A request to cancel Task-2 is taken back: whoever asked has dealt with it.',
    );
  });

  test('that a task lets through is not', () => {
    expect(codes(cancelled(false))).toEqual([]);
  });
});

test('a task that yields two hundred times in a row is a busy loop', () => {
  const spinning = (rounds: number): ModelLoop =>
    run(function* main() {
      for (let k = 0; k < rounds; k++) yield null;
      return undefined;
    });
  expect(codes(spinning(199))).toEqual([]);
  expect(codes(spinning(450))).toEqual(['busy-loop']);
  expect(lintsOf(spinning(450))[0]?.text).toBe(
    'Task-1 has yielded 200 times in a row without waiting for anything: it polls.',
  );
});

test('a deadlock is found where it is, and only once', () => {
  const lints = new Lints(fixture('deadlock'));
  expect(lints.all).toMatchObject([
    { code: 'deadlock', severity: 'error', event: 34, tasks: [1, 2] },
  ]);
  expect(lints.at(34)).toEqual([]);
  expect(lints.at(35)).toHaveLength(1);
});

test('a ring of waits is found the moment it closes', () => {
  const loop = new ModelLoop();
  const tasks: ModelTask[] = [];
  function* waitFor(index: number): Coroutine {
    yield null;
    const other = tasks[index];
    if (other !== undefined) yield other;
    return undefined;
  }
  tasks.push(loop.createTask(waitFor(1)), loop.createTask(waitFor(0)));
  if (tasks[0] !== undefined) loop.runUntil(tasks[0]);
  const lints = lintsOf(loop);
  expect(lints.map((lint) => lint.code)).toEqual(['await-cycle', 'deadlock']);
  expect(lints[0]?.text).toBe(
    'Task-1 waits for Task-2 waits for Task-1: none of them can ever go on.',
  );
  expect(loop.events[lints[0]?.event ?? 0]).toMatchObject({ kind: 'task_suspended', task: 2 });
});

test('tasks that are not done when their loop is closed are named', () => {
  const loop = run(function* main(loop) {
    function* child(): Coroutine {
      yield loop.createFuture();
      return undefined;
    }
    for (let k = 0; k < 7; k++) loop.createTask(child());
    yield null;
    return undefined;
  });
  expect(lintsOf(loop).at(-1)).toMatchObject({
    code: 'pending-at-close',
    tasks: [2, 3, 4, 5, 6, 7, 8],
    text: 'The loop was closed while 7 tasks had not finished: Task-2, Task-3, Task-4, Task-5, Task-6 and 2 more.',
  });
});

describe('a step that never gives control back', () => {
  const endless = (): ModelLoop => {
    const loop = run(function* main(loop) {
      yield null;
      loop.print('for ever');
      return undefined;
    });
    const end = loop.events.findIndex((event) => event.kind === 'output');
    loop.events.splice(end + 1);
    return loop;
  };

  test('is found when the program had to be stopped', () => {
    const lints = new Lints(storeOf(endless().events));
    expect(lints.all).toEqual([]);
    lints.finish();
    expect(lints.all).toMatchObject([
      {
        code: 'never-yields',
        tasks: [1],
        text: 'The program was stopped in the last step of Task-1, which never gave control back to the loop.',
      },
    ]);
    lints.finish();
    expect(lints.all).toHaveLength(1);
  });

  test('is found when the program crashed in it', () => {
    const loop = endless();
    loop.emit('program_end', { outcome: 'crashed', code: 134, error: 'abort' });
    expect(codes(loop)).toEqual(['never-yields']);
  });

  test('is not there when the program was stopped while its loop was waiting', () => {
    const store = fixture('gather');
    const lints = new Lints(
      storeOf(
        Array.from({ length: 37 }, (_, n) => store.event(n)).filter((event) => event !== undefined),
      ),
    );
    lints.finish();
    expect(lints.all).toEqual([]);
  });
});

test('lints are the same whether events come one by one or all at once', () => {
  for (let seed = 1; seed <= 25; seed++) {
    const { events } = runRandomProgram(seed, 120);
    const store = new TraceStore(HEADER);
    const lints = new Lints(store);
    for (const event of events) {
      store.append([event]);
      expect(lints.all.every((lint) => lint.event < store.length)).toBe(true);
    }
    expect(lints.all).toEqual(new Lints(storeOf(events)).all);
  }
});

describe('locks and queues', () => {
  const texts = (name: string): string[] =>
    new Lints(fixture(name)).all.map((lint) => `${lint.code}: ${lint.text}`);

  test('a ring of locks is found when it closes', () => {
    expect(texts('lock_ring')[0]).toBe(
      'await-cycle: Task-2 waits for lock 2, held by Task-3, which waits for lock 1, held by Task-2: none of them can ever go on.',
    );
  });

  test('a lock that a task takes with it is missed, until another releases it', () => {
    const lints = new Lints(fixture('kept_lock')).all;
    expect(lints.map(({ code, tasks, until }) => [code, tasks, until !== undefined])).toEqual([
      ['lock-never-released', [2], false],
      ['lock-never-released', [3], true],
    ]);
    expect(lints[0]?.text).toBe(
      'Task-2 has ended without releasing lock 2: nobody else gets it until somebody does.',
    );
  });

  test('a deadlock at queues says what is missing', () => {
    expect(texts('stuck_queues').slice(1)).toEqual([
      'queue-stays-full: Queue 1 is full, and nobody is left who takes anything out: Task-2 and Task-3 wait for room.',
      'task-done-missing: Task-4 waits for queue 2 to be worked off: it is empty, but for some items task_done() was never called.',
      'task-done-missing: Task-5 waits for queue 3 to be worked off, but 1 item is still in it, and nobody is left who gets.',
    ]);
  });
});
