/** How fast traces are read, sought in and told: `npx vitest bench --project node --run web/src/trace`. */
import { bench, describe, expect } from 'vitest';
import { TraceReader } from '../protocol/reader.js';
import { toChromeTrace } from './chrome_trace.js';
import { Lints } from './lints.js';
import { narrate } from './narrate.js';
import { readyQueue, timerHeap } from './queues.js';
import { Timeline } from './timeline.js';
import { TraceStore } from './store.js';
import { longTrace, wideTrace } from './testing/large_programs.js';
import { HEADER } from './testing/model_loop.js';
import { seeded } from './testing/random_program.js';

for (const [name, events] of [
  ['10,000 events of 9 tasks', longTrace(10_000)],
  ['100,000 events of 9 tasks', longTrace(100_000)],
  ['2,000 tasks at once', wideTrace(2000)],
] as const) {
  const bytes = new TextEncoder().encode(
    [HEADER, ...events].map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  const store = new TraceStore(HEADER);
  store.append(events);
  const random = seeded(1);
  const anywhere = (): number => Math.floor(random() * (events.length + 1));

  describe(`${name}: ${events.length} events, ${(bytes.length / 1e6).toFixed(1)} MB`, () => {
    bench('read', () => {
      const reader = new TraceReader();
      for (let at = 0; at < bytes.length; at += 65_536)
        reader.push(bytes.subarray(at, at + 65_536));
      reader.end();
    });
    bench('append', () => {
      new TraceStore(HEADER).append(events);
    });
    bench('seek to any position, with its queues', () => {
      const state = store.stateAt(anywhere());
      for (const loop of state.loops) {
        readyQueue(state, loop);
        timerHeap(state, loop);
      }
    });
    bench('step back by one event', () => {
      const from = anywhere();
      store.stateAt(from);
      store.stateAt(from - 1);
    });
    bench('narrate an event', () => {
      narrate(store, anywhere());
    });
    bench('lanes and arrows', () => {
      expect(new Timeline(store).tasks).not.toHaveLength(0);
    });
    bench('lints', () => {
      expect(new Lints(store).all).toBeInstanceOf(Array);
    });
    bench('export for Perfetto', () => {
      toChromeTrace(store);
    });
  });
}
