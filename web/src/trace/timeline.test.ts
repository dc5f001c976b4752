import { describe, expect, test } from 'vitest';
import { Timeline } from './timeline.js';
import { TraceStore } from './store.js';
import { FIXTURES, fixture, storeOf } from './testing/fixtures.js';
import { HEADER } from './testing/model_loop.js';
import { runRandomProgram } from './testing/random_program.js';

/** A lane in short: `ready 7-17, running 17-21`. */
function short(timeline: Timeline, task: number): string {
  const lane = timeline.tasks.find((candidate) => candidate.task === task);
  return (lane?.spans ?? [])
    .map((span) => `${span.kind} ${span.from}-${String(span.to)}`)
    .join(', ');
}

/** The status of each task at each position, read off its lane. */
function statusOf(timeline: Timeline, task: number, event: number): string | undefined {
  const lane = timeline.tasks.find((candidate) => candidate.task === task);
  if (lane?.doneAt !== undefined && event >= lane.doneAt) return lane.outcome;
  return lane?.spans.findLast((span) => span.from <= event)?.kind;
}

const SAME: Readonly<Record<string, string>> = {
  done: 'result',
  failed: 'exception',
};

const traces: [string, () => TraceStore][] = [
  ...FIXTURES.map((name): [string, () => TraceStore] => [name, () => fixture(name)]),
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((seed): [string, () => TraceStore] => [
    `program ${seed}`,
    () => storeOf(runRandomProgram(seed, 100).events),
  ]),
];

describe('the lanes', () => {
  test('of hello: one task that waits for a second', () => {
    const timeline = new Timeline(fixture('hello'));
    expect(short(timeline, 1)).toBe(
      'created 0-1, ready 1-4, running 4-8, waiting 8-15, ready 15-20, running 20-23',
    );
    expect(timeline.tasks[0]).toMatchObject({ name: 'Task-1', outcome: 'result', doneAt: 23 });
    expect(timeline.tasks[0]?.spans[3]?.awaiting).toMatchObject({ kind: 'sleep' });
    expect(
      timeline.loops[0]?.spans.map((span) => `${span.kind} ${span.from}-${String(span.to)}`),
    ).toEqual(['polling 11-12', 'callback 13-17', 'callback 28-29']);
    expect(timeline.loops[0]?.turns).toEqual([3, 11, 19, 27]);
  });

  test.each(traces)('of %s have no gaps and agree with the state at every event', (_, make) => {
    const store = make();
    const timeline = new Timeline(store);
    for (const lane of timeline.tasks)
      lane.spans.forEach((span, n) => {
        const following = lane.spans[n + 1];
        expect(span.to).toBe(following === undefined ? lane.doneAt : following.from);
      });
    for (let n = 0; n < store.length; n++)
      for (const task of store.stateAt(n + 1).tasks) {
        // For one event, between the suspension of sleep(0) and its next step being scheduled, the state says `waiting`.
        if (task.awaiting?.kind === 'yield') continue;
        const status = SAME[task.status] ?? task.status;
        expect([n, task.id, statusOf(timeline, task.id, n)]).toEqual([n, task.id, status]);
      }
  });

  test('of a task that sleeps for no time: it is ready all the while, in one piece', () => {
    const timeline = new Timeline(fixture('cancel_refused'));
    const span = timeline.tasks[0]?.spans.find(({ awaiting }) => awaiting?.kind === 'yield');
    expect(span).toMatchObject({ kind: 'ready', from: 34, to: 47, handle: 7 });
    expect(short(timeline, 1)).toContain('running 28-34, ready 34-47, running 47-53');
  });

  test('are the same whether events come one by one or all at once, and old lanes stay as they are', () => {
    const { events } = runRandomProgram(5, 100);
    const store = new TraceStore(HEADER);
    const timeline = new Timeline(store);
    for (const event of events) {
      store.append([event]);
      expect(timeline.tasks).toBe(timeline.tasks);
    }
    const atOnce = new Timeline(storeOf(events));
    expect(timeline.tasks).toEqual(atOnce.tasks);
    expect(timeline.loops).toEqual(atOnce.loops);
    expect(timeline.arrows).toEqual(atOnce.arrows);
  });

  test('that an event does not touch are the same object afterwards', () => {
    const store = fixture('gather');
    const growing = new TraceStore(HEADER);
    const timeline = new Timeline(growing);
    const all = Array.from({ length: store.length }, (_, n) => store.event(n)).filter(
      (event) => event !== undefined,
    );
    growing.append(all.slice(0, 60));
    const [, second, third] = timeline.tasks;
    growing.append(all.slice(60, 62));
    expect(timeline.tasks[1]).not.toBe(second);
    expect(timeline.tasks[2]).toBe(third);
  });
});

describe('the arrows', () => {
  test('of gather lead from who made or woke a task to its step', () => {
    const { arrows } = new Timeline(fixture('gather'));
    expect(arrows.slice(0, 4)).toMatchObject([
      { kind: 'created', fromTask: undefined, from: 0, toTask: 1, to: 5 },
      { kind: 'created', fromTask: 1, from: 6, toTask: 2, to: 18 },
      { kind: 'created', fromTask: 1, from: 8, toTask: 3, to: 24 },
      { kind: 'created', fromTask: 1, from: 10, toTask: 4, to: 30 },
    ]);
    expect(arrows.filter((arrow) => arrow.kind === 'timer')).toHaveLength(6);
    expect(arrows.at(-1)).toMatchObject({
      kind: 'woken',
      fromTask: undefined,
      fromHandle: 19,
      from: 130,
      toTask: 1,
      to: 137,
    });
  });

  test('of a cancellation lead from the canceller', () => {
    const { arrows } = new Timeline(fixture('cancel_refused'));
    expect(arrows.filter((arrow) => arrow.kind === 'cancelled')).toMatchObject([
      { fromTask: 1, toTask: 2 },
      { fromTask: 1, toTask: 2 },
    ]);
  });

  test.each(traces)('of %s end at a step of their task, after their cause', (_, make) => {
    const store = make();
    for (const arrow of new Timeline(store).arrows) {
      const to = arrow.to === undefined ? undefined : store.event(arrow.to);
      if (arrow.to === undefined) continue;
      expect(to).toMatchObject({ kind: 'task_step_begin', task: arrow.toTask });
      expect(arrow.to).toBeGreaterThan(arrow.from);
      const steps = store
        .eventsOfTask(arrow.toTask)
        .filter((n) => store.event(n)?.kind === 'task_step_begin');
      expect(arrow.to).toBe(steps.find((n) => n > arrow.from));
      expect(['task_created', 'task_done', 'future_done']).toContain(store.event(arrow.from)?.kind);
    }
  });
});
