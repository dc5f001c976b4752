/**
 * A trace in Chrome's trace format, as chrome://tracing and Perfetto open it: a track for each task with its steps and
 * waits, a track for each loop with its callbacks and polls, arrows for wake-ups, output as instants, and as counters the
 * lengths of the loop's queues, how full what tasks share is, and how many wait there.
 *
 * On the virtual clock steps take no time, and viewers do not show what takes none. So every event comes at least a
 * microsecond after the one before, which moves the file's times by so much; `ns` among a slice's arguments is the time
 * of the trace itself.
 */
import type { AnyEvent } from '../protocol/events.js';
import { taskAt } from './causes.js';
import { awaitingText, resourceText } from './names.js';
import type { LoopLane, TaskLane, TaskSpan } from './spans.js';

import type { TraceStore } from './store.js';
import { Timeline } from './timeline.js';

interface ChromeEvent {
  readonly name: string;
  readonly ph: 'X' | 'M' | 'i' | 's' | 'f' | 'C';
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  readonly bp?: 'e';
  readonly s?: 't';
  readonly args?: Readonly<Record<string, unknown>>;
}

/** A loop's own track; tasks have their ids, which count from 1, behind it. */
const LOOP_TRACK = 0;

/** The JSON text of the file. */
export function toChromeTrace(store: TraceStore): string {
  return JSON.stringify({
    traceEvents: new Exporter(store).events(),
    displayTimeUnit: 'ns',
    otherData: {
      program: store.header.program,
      guest: store.header.guest,
      clock: store.header.clock,
      ...store.header.host,
    },
  });
}

class Exporter {
  readonly #store: TraceStore;
  readonly #timeline: Timeline;
  /** The file's time of each event, in µs. */
  readonly #at: Float64Array;

  constructor(store: TraceStore) {
    this.#store = store;
    this.#timeline = new Timeline(store);
    this.#at = new Float64Array(store.length + 1);
    let last = -1;
    for (let index = 0; index < store.length; index++) {
      last = Math.max(store.timeAt(index) / 1000, last + 1);
      this.#at[index] = last;
    }
    this.#at[store.length] = last + 1;
  }

  events(): ChromeEvent[] {
    const loops = this.#timeline.loops;
    const tracks = loops.length === 0 ? [{ loop: 0, spans: [], turns: [] }] : loops;
    return [
      ...tracks.flatMap((loop) => this.#loopTrack(loop)),
      ...this.#timeline.tasks.flatMap((task) => this.#taskTrack(task)),
      ...this.#flows(),
      ...this.#instants(),
    ];
  }

  #loopTrack(lane: LoopLane): ChromeEvent[] {
    const track = { pid: lane.loop, tid: LOOP_TRACK };
    const name = `${this.#store.header.program}: loop ${lane.loop}`;
    return [
      { name: 'process_name', ph: 'M', ...track, args: { name } },
      { name: 'thread_name', ph: 'M', ...track, args: { name: 'loop' } },
      { name: 'thread_sort_index', ph: 'M', ...track, args: { sort_index: -1 } },
      ...lane.spans.map((span): ChromeEvent => {
        const label = span.kind === 'polling' ? 'poll' : this.#labelOf(span.from);
        return this.#slice(label, span.kind, span.from, span.to, track, {
          ...(span.handle === undefined ? {} : { handle: span.handle }),
        });
      }),
    ];
  }

  #labelOf(runBegin: number): string {
    const event = this.#store.event(runBegin);
    const scheduled =
      event?.kind === 'run_begin' ? this.#store.eventsOfHandle(event.handle)[0] : undefined;
    const made = scheduled === undefined ? undefined : this.#store.event(scheduled);
    return made?.kind === 'scheduled' ? made.label : 'callback';
  }

  #taskTrack(lane: TaskLane): ChromeEvent[] {
    const track = { pid: lane.loop, tid: lane.task };
    const name = `${lane.name} ${lane.coro}`;
    return [
      { name: 'thread_name', ph: 'M', ...track, args: { name } },
      { name: 'thread_sort_index', ph: 'M', ...track, args: { sort_index: lane.task } },
      ...lane.spans.map((span) =>
        this.#slice(this.#nameOf(lane, span), span.kind, span.from, span.to, track, {
          ...(span.handle === undefined ? {} : { handle: span.handle }),
          ...(span.throws === undefined ? {} : { throws: span.throws }),
        }),
      ),
    ];
  }

  #nameOf(lane: TaskLane, span: TaskSpan): string {
    switch (span.kind) {
      case 'running':
        return lane.coro === '' ? lane.name : lane.coro;
      case 'waiting':
        return span.awaiting === undefined
          ? 'waits'
          : `waits for ${awaitingText(this.#store, span.awaiting)}`;
      default:
        return span.kind;
    }
  }

  #slice(
    name: string,
    cat: string,
    from: number,
    to: number | undefined,
    track: { readonly pid: number; readonly tid: number },
    args: Readonly<Record<string, unknown>>,
  ): ChromeEvent {
    const ts = this.#at[from] ?? 0;
    const end = this.#at[to ?? this.#store.length] ?? ts;
    return {
      name,
      cat,
      ph: 'X',
      ts,
      dur: end - ts,
      ...track,
      args: { event: from, ns: this.#store.timeAt(from), ...args },
    };
  }

  /** From within the step in which the cause happened to the beginning of the step it led to. */
  #flows(): ChromeEvent[] {
    return this.#timeline.arrows.flatMap((arrow, id): ChromeEvent[] => {
      if (arrow.to === undefined) return [];
      const from = this.#store.event(arrow.from);
      const to = this.#store.event(arrow.to);
      if (from === undefined || to === undefined) return [];
      const common = { name: arrow.kind, cat: 'wake', id };
      return [
        {
          ...common,
          ph: 's',
          pid: from.loop,
          // What ends a task ends its last slice: the arrow must begin within it.
          tid: arrow.fromTask ?? LOOP_TRACK,
          ts: (this.#at[arrow.from] ?? 0) - (from.kind === 'task_done' ? 0.5 : 0),
        },
        {
          ...common,
          ph: 'f',
          bp: 'e',
          pid: to.loop,
          tid: arrow.toTask,
          ts: this.#at[arrow.to] ?? 0,
        },
      ];
    });
  }

  #instants(): ChromeEvent[] {
    const events: ChromeEvent[] = [];
    for (let index = 0; index < this.#store.length; index++) {
      const event = this.#store.event(index);
      if (event === undefined) continue;
      const instant = instantOf(event);
      const ts = this.#at[index] ?? 0;
      if (instant !== undefined) {
        const tid = taskAt(this.#store, index) ?? LOOP_TRACK;
        events.push({ ...instant, ph: 'i', s: 't', pid: event.loop, tid, ts });
      }
      if (event.kind === 'turn_begin')
        events.push({
          name: 'queues',
          ph: 'C',
          pid: event.loop,
          tid: LOOP_TRACK,
          ts,
          args: { ready: event.ready, timers: event.timers },
        });
      if (event.kind === 'resource')
        events.push({
          name: resourceText(event.type, event.id),
          ph: 'C',
          pid: event.loop,
          tid: LOOP_TRACK,
          ts,
          args: {
            ...(event.value === undefined ? {} : { value: event.value }),
            waiters: event.waiters,
          },
        });
    }
    return events;
  }
}

function instantOf(event: AnyEvent): Pick<ChromeEvent, 'name' | 'cat' | 'args'> | undefined {
  switch (event.kind) {
    case 'output':
      return { name: event.text.trimEnd(), cat: event.stream, args: { text: event.text } };
    case 'log':
      return { name: event.text.split('\n')[0] ?? '', cat: 'log', args: { text: event.text } };
    case 'task_cancel_requested':
      return { name: `cancel task ${event.task}`, cat: 'cancel', args: { by: event.by } };
    default:
      return undefined;
  }
}
