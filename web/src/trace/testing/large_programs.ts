/** For tests and benchmarks only: traces of many events. */
import type { AnyEvent } from '../../protocol/events.js';
import { ModelLoop } from './model_loop.js';
import type { Coroutine } from './model_loop.js';

const MS = 1_000_000;

/** A few tasks that sleep again and again: at least so many events. */
export function longTrace(events: number): readonly AnyEvent[] {
  const loop = new ModelLoop();
  loop.keepsTruths = false;
  function* worker(pace: number): Coroutine {
    while (loop.events.length < events) {
      yield* loop.sleep(pace * MS);
      loop.print(`worker ${pace}`);
      yield null;
    }
    return pace;
  }
  function* main(): Coroutine {
    yield loop.gather([1, 2, 3, 5, 8, 13, 21, 34].map((pace) => loop.createTask(worker(pace))));
    return 0;
  }
  loop.runUntil(loop.createTask(main()), Infinity);
  loop.close();
  return loop.events;
}

/** So many tasks at once, all of which sleep, are gathered and end. */
export function wideTrace(tasks: number): readonly AnyEvent[] {
  const loop = new ModelLoop();
  loop.keepsTruths = false;
  function* worker(): Coroutine {
    yield null;
    return 1;
  }
  function* main(): Coroutine {
    yield loop.gather(Array.from({ length: tasks }, () => loop.createTask(worker())));
    return 0;
  }
  loop.runUntil(loop.createTask(main()), Infinity);
  loop.close();
  return loop.events;
}
