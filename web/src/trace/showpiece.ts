import { readyQueue, timerHeap } from './queues.js';
import { isOver } from './state.js';
import type { TraceStore } from './store.js';

/** Steps that are looked at: enough to find a good one. */
const looks = 60;

/** The position that shows the most of a program at once: the step at whose beginning most is under way. */
export function showpiece(store: TraceStore): number {
  const stops = store.stops('step');
  const apart = Math.max(1, Math.floor(stops.length / looks));
  let best = 0;
  let most = -1;
  for (let at = 0; at < stops.length; at += apart) {
    const position = stops[at] ?? 0;
    const state = store.stateAt(position);
    const alive = [...state.tasks].filter((task) => !isOver(task)).length;
    const { loop } = state;
    const ready = loop === undefined ? 0 : readyQueue(state, loop).length;
    const timers = loop === undefined ? 0 : timerHeap(state, loop).length;
    // Something of each kind says more than much of one.
    const score =
      2 * alive +
      Math.min(ready, 2) +
      2 * Math.min(timers, 2) +
      Math.min(state.console.size, 2) +
      (loop?.task === undefined ? 0 : 1);
    if (score <= most) continue;
    most = score;
    best = position;
  }
  return best;
}
