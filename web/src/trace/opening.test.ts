import { describe, expect, test } from 'vitest';
import { opening } from './opening.js';
import { TraceStore } from './store.js';
import { HEADER, ModelLoop } from './testing/model_loop.js';

function storeOf(loop: ModelLoop): TraceStore {
  const store = new TraceStore(HEADER);
  store.append(loop.events);
  return store;
}

describe('the opening of a trace', () => {
  test('ends where the first task has begun its first step', () => {
    const loop = new ModelLoop();
    loop.runUntil(
      loop.createTask(
        (function* () {
          loop.print('hello');
          yield null;
          return 0;
        })(),
      ),
      5,
    );
    const store = storeOf(loop);
    const position = opening(store) ?? -1;
    expect(store.event(position - 1)?.kind).toBe('task_step_begin');
    expect(store.event(position)?.kind).toBe('output');
  });

  test('ends before what is printed ahead of any loop', () => {
    const loop = new ModelLoop();
    loop.print('ahead');
    loop.createTask(
      (function* () {
        yield null;
        return 0;
      })(),
    );
    expect(opening(storeOf(loop))).toBe(0);
  });

  test('has not ended while nothing was run or printed', () => {
    expect(opening(new TraceStore(HEADER))).toBeNull();
  });
});
