/** For tests only: random programs for the model loop, the same for the same seed. */
import { CancelledError, ModelLoop } from './model_loop.js';
import type { Coroutine, ModelTask } from './model_loop.js';

/** Numbers in [0, 1), the same sequence for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const MS = 1_000_000;

/** Runs a random program to its end, or until nothing can go on, closes the loop and gives it. */
export function runRandomProgram(seed: number, operations = 40): ModelLoop {
  const random = seeded(seed);
  const upTo = (n: number): number => Math.floor(random() * n);
  const loop = new ModelLoop();
  const all: ModelTask[] = [];
  let left = operations;

  function* work(depth: number, swallows: boolean): Coroutine {
    const children: ModelTask[] = [];
    const handles: ReturnType<ModelLoop['callLater']>[] = [];
    const count = 4 + upTo(8);
    for (let k = 0; k < count && left > 0; k++) {
      left--;
      try {
        const op = upTo(12);
        if (op < 2) yield* loop.sleep(upTo(4) * MS);
        else if (op === 2) yield null;
        else if (op < 5 && depth < 4) {
          const child = loop.createTask(work(depth + 1, upTo(4) === 0));
          children.push(child);
          all.push(child);
        } else if (op === 5 && children.length > 0) yield* waitFor(children[upTo(children.length)]);
        else if (op === 6 && children.length > 0) yield* waitFor(loop.gather(children));
        else if (op === 7) all[upTo(all.length)]?.cancel();
        else if (op === 8) loop.print(`line ${k}`);
        else if (op === 9) handles.push(loop.callLater(upTo(3) * MS, () => loop.print('timer')));
        else if (op === 10) {
          handles.push(loop.callSoon(() => loop.print('soon')));
          const handle = handles[upTo(handles.length)];
          if (handle !== undefined && upTo(2) === 0) loop.cancelHandle(handle);
        } else if (op === 11 && upTo(5) === 0) throw new Error(`failed in ${depth}`);
      } catch (error) {
        if (!(swallows && error instanceof CancelledError)) throw error;
      }
    }
    return depth;
  }

  const main = loop.createTask(work(0, false));
  all.push(main);
  loop.runUntil(main, 200);
  loop.close();
  loop.emit('program_end', { outcome: 'exited', code: 0 });
  return loop;
}

function* waitFor(future: ReturnType<ModelLoop['gather']> | undefined): Coroutine {
  if (future !== undefined && future.outcome === undefined) yield future;
  if (future?.outcome === 'exception') throw new Error(future.error);
  if (future?.outcome === 'cancelled') throw new CancelledError();
  return undefined;
}
