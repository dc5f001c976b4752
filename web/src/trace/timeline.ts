/** The timeline of a trace: a lane for each task and each loop, and the arrows between them. */
import type { AnyEvent } from '../protocol/events.js';
import type { EventIndex, EventOf, TaskId } from '../protocol/trace.js';
import { lastOf, taskAt } from './causes.js';
import { LoopLaneDraft, TaskLaneDraft } from './lanes.js';
import { futureType } from './names.js';
import type { LoopLane, TaskLane, WakeArrow } from './spans.js';
import type { TraceStore } from './store.js';

export class Timeline {
  readonly #tasks = new Map<TaskId, TaskLaneDraft>();
  readonly #loops = new Map<number, LoopLaneDraft>();
  readonly #arrows: WakeArrow[] = [];
  /** For each task the number of the arrow that waits for its step. */
  readonly #openArrows = new Map<TaskId, number>();
  /** How many events have been looked at. */
  #cursor = 0;
  #taskLanes: readonly TaskLane[] = [];
  #loopLanes: readonly LoopLane[] = [];

  constructor(readonly store: TraceStore) {}

  /**
   * In order of creation. Up to date with the store whenever it is read; the same array while nothing changed, and the
   * same lane while that lane did not.
   */
  get tasks(): readonly TaskLane[] {
    this.#catchUp();
    return this.#taskLanes;
  }

  /** In order of the loops' first events. */
  get loops(): readonly LoopLane[] {
    this.#catchUp();
    return this.#loopLanes;
  }

  /** In the order of `from`, nearly. The array grows while the trace does. */
  get arrows(): readonly WakeArrow[] {
    this.#catchUp();
    return this.#arrows;
  }

  #catchUp(): void {
    if (this.#cursor === this.store.length) return;
    for (; this.#cursor < this.store.length; this.#cursor++) {
      const event = this.store.event(this.#cursor);
      if (event === undefined || event.kind === 'unknown') continue;
      const at = this.#cursor as EventIndex;
      if (event.loop > 0) this.#loop(event.loop).add(event, at);
      this.#addToTask(event, at);
    }
    this.#taskLanes = [...this.#tasks.values()].map((lane) => lane.freeze());
    this.#loopLanes = [...this.#loops.values()].map((lane) => lane.freeze());
  }

  #addToTask(event: AnyEvent, at: EventIndex): void {
    switch (event.kind) {
      case 'task_created':
        this.#tasks.set(event.task, new TaskLaneDraft(event, at));
        this.#openArrow(event.task, {
          fromTask: event.parent === 0 ? undefined : event.parent,
          from: at,
          kind: 'created',
        });
        break;
      case 'task_wakeup':
        this.#lane(event.task)?.setWokenBy(event.by);
        this.#wake(event, at);
        break;
      case 'task_step_begin':
        this.#lane(event.task)?.beginStep(event, at);
        this.#closeArrow(event.task, at);
        break;
      case 'scheduled':
      case 'run_begin':
        if (event.task !== undefined) this.#lane(event.task)?.makeReady(event, at);
        break;
      case 'task_suspended':
      case 'task_cancel_requested':
      case 'task_done':
        this.#lane(event.task)?.add(event, at);
        break;
      case 'loop_close':
        for (const lane of this.#tasks.values())
          if (lane.loop === event.loop) lane.leave('abandoned', at);
        break;
      case 'truncated':
        if (event.what === 'events')
          for (const lane of this.#tasks.values()) lane.leave('unrecorded', at);
        break;
      default:
    }
  }

  #wake(event: EventOf<'task_wakeup'>, at: EventIndex): void {
    const { by } = event;
    if (by.kind === 'task') {
      const done = lastOf(this.store, this.store.eventsOfTask(by.id), 'task_done', at);
      if (done !== undefined)
        this.#openArrow(event.task, { fromTask: by.id, from: done.index, kind: 'woken' });
    } else if (by.kind === 'future') {
      const done = lastOf(this.store, this.store.eventsOfFuture(by.id), 'future_done', at);
      if (done === undefined) return;
      const timer = futureType(this.store, by.id) === 'sleep';
      this.#openArrow(event.task, {
        fromTask: taskAt(this.store, done.index),
        from: done.index,
        kind: done.event.outcome === 'cancelled' ? 'cancelled' : timer ? 'timer' : 'woken',
      });
    }
  }

  #openArrow(toTask: TaskId, arrow: Pick<WakeArrow, 'fromTask' | 'from' | 'kind'>): void {
    this.#openArrows.set(toTask, this.#arrows.length);
    const fromHandle = this.store.runningAt(arrow.from);
    this.#arrows.push({ ...arrow, fromHandle, toTask, to: undefined });
  }

  #closeArrow(task: TaskId, to: EventIndex): void {
    const open = this.#openArrows.get(task);
    const arrow = open === undefined ? undefined : this.#arrows[open];
    if (open === undefined || arrow === undefined) return;
    this.#arrows[open] = { ...arrow, to };
    this.#openArrows.delete(task);
  }

  #lane(task: TaskId): TaskLaneDraft | undefined {
    return this.#tasks.get(task);
  }

  #loop(id: number): LoopLaneDraft {
    let lane = this.#loops.get(id);
    if (lane === undefined) {
      lane = new LoopLaneDraft(id);
      this.#loops.set(id, lane);
    }
    return lane;
  }
}
