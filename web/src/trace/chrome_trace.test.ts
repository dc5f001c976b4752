import { describe, expect, test } from 'vitest';
import { toChromeTrace } from './chrome_trace.js';
import type { TraceStore } from './store.js';
import { FIXTURES, fixture, storeOf } from './testing/fixtures.js';
import { runRandomProgram } from './testing/random_program.js';

interface Event {
  readonly name: string;
  readonly cat?: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly id?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

function exported(store: TraceStore): readonly Event[] {
  return (JSON.parse(toChromeTrace(store)) as { traceEvents: Event[] }).traceEvents;
}

const all: [string, () => TraceStore][] = [
  ...FIXTURES.map((name): [string, () => TraceStore] => [name, () => fixture(name)]),
  ...[1, 2, 3, 4, 5].map((seed): [string, () => TraceStore] => [
    `program ${seed}`,
    () => storeOf(runRandomProgram(seed).events),
  ]),
];

describe('the export for Perfetto', () => {
  test('has a named track for each task and one for the loop', () => {
    const names = exported(fixture('gather')).filter((event) => event.name === 'thread_name');
    expect(names.map((event) => [event.tid, event.args?.['name']])).toEqual([
      [0, 'loop'],
      [1, 'Task-1 co_main'],
      [2, 'Task-2 factorial'],
      [3, 'Task-3 factorial'],
      [4, 'Task-4 factorial'],
    ]);
  });

  test('shows what each task waits for', () => {
    const waits = exported(fixture('gather')).filter((event) => event.cat === 'waiting');
    expect(waits[0]?.name).toBe('waits for gather 1 of Task-2, Task-3 and Task-4');
    expect(waits[0]?.dur).toBeGreaterThan(3e6);
    expect(waits[1]?.name).toBe('waits for a sleep that ends at 1 s');
  });

  test.each(all)(
    'of %s: slices of a track follow each other, every one is long enough to be seen',
    (_, make) => {
      const slices = exported(make()).filter((event) => event.ph === 'X');
      expect(slices.length).toBeGreaterThan(0);
      const ends = new Map<string, number>();
      for (const slice of slices) {
        const track = `${slice.pid}:${slice.tid}`;
        expect(slice.ts).toBeGreaterThanOrEqual(ends.get(track) ?? 0);
        expect(slice.dur).toBeGreaterThanOrEqual(1);
        ends.set(track, (slice.ts ?? 0) + (slice.dur ?? 0));
      }
    },
  );

  test.each(all)(
    'of %s: every arrow begins within a slice and ends at the beginning of one',
    (_, make) => {
      const events = exported(make());
      const slices = events.filter((event) => event.ph === 'X');
      const starts = events.filter((event) => event.ph === 's');
      const ends = events.filter((event) => event.ph === 'f');
      expect(starts.map((event) => event.id)).toEqual(ends.map((event) => event.id));
      for (const end of ends) {
        const ts = end.ts ?? 0;
        const begun = slices.some(
          (slice) =>
            slice.pid === end.pid &&
            slice.tid === end.tid &&
            slice.cat === 'running' &&
            (slice.ts ?? 0) <= ts &&
            ts <= (slice.ts ?? 0) + (slice.dur ?? 0),
        );
        expect(begun).toBe(true);
      }
      for (const start of starts)
        expect(start.ts).toBeLessThan(ends.find((end) => end.id === start.id)?.ts ?? 0);
    },
  );

  test('says when and where things were written', () => {
    const written = exported(fixture('hello')).filter((event) => event.cat === 'stdout');
    expect(written.map((event) => [event.name, event.tid])).toEqual([
      ['Hello ...', 1],
      ['... World!', 1],
    ]);
    expect(written[1]?.ts).toBeGreaterThan(1e6);
  });

  test('moves times by no more than a microsecond for each event', () => {
    const store = fixture('several_loops');
    for (const event of exported(store)) {
      const ns = event.args?.['ns'];
      if (typeof ns !== 'number') continue;
      expect((event.ts ?? 0) - ns / 1000).toBeGreaterThanOrEqual(0);
      expect((event.ts ?? 0) - ns / 1000).toBeLessThanOrEqual(store.length);
    }
  });

  test('of an empty trace is a file that opens', () => {
    expect(exported(storeOf([])).map((event) => event.ph)).toEqual(['M', 'M', 'M']);
  });
});

test('how full a queue is, and how many wait there, are counters', () => {
  const { traceEvents } = JSON.parse(toChromeTrace(fixture('queues'))) as {
    traceEvents: { name: string; ph: string; args: object }[];
  };
  const counted = traceEvents.filter(({ ph, name }) => ph === 'C' && name === 'queue 1');
  expect(counted.slice(0, 4).map(({ args }) => args)).toEqual([
    { value: 0, waiters: 0 },
    { value: 1, waiters: 2 },
    { value: 2, waiters: 1 },
    { value: 3, waiters: 0 },
  ]);
});
