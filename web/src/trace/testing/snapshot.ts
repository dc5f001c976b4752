/** For tests only: a state as plain data, everything in it, to compare two states by value. */
import { waitGraph } from '../awaits.js';
import { readyQueue, timerHeap } from '../queues.js';
import type { ScopeState } from '../state.js';

export function snapshot(state: ScopeState): object {
  return {
    position: state.position,
    time: state.time,
    loops: state.loops.map((loop) => ({
      id: loop.id,
      phase: loop.phase,
      turn: loop.turn,
      running: loop.running,
      task: loop.task,
      readyCount: loop.readyCount,
      timerCount: loop.timerCount,
      batchLeft: loop.batchLeft,
      ready: readyQueue(state, loop),
      timers: timerHeap(state, loop),
    })),
    loop: state.loop?.id,
    tasks: [...state.tasks],
    futures: [...state.futures],
    handles: [...state.handles],
    resources: [...state.resources],
    console: [...state.console],
    truncations: state.truncations,
    end: state.end,
    graph: waitGraph(state),
  };
}
