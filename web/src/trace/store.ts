/** All events of one run, in order, with what is needed to find them and to give the state at any position. */
import type { AnyEvent } from '../protocol/events.js';
import type {
  Cause,
  EventIndex,
  EventOf,
  FutureId,
  HandleId,
  Nanoseconds,
  ResourceId,
  TaskId,
  TraceHeader,
} from '../protocol/trace.js';
import { Fold } from './fold.js';
import { Lookup } from './lookup.js';
import type { ScopeState } from './state.js';
import { TimeAxis } from './time_axis.js';

/** A state is kept every so many events; the others are folded from the one before. */
const CHECKPOINT_EVERY = 256;
/** As many states are kept besides: stepping to and fro costs one event, not 256. */
const RECENT = 8;

export class TraceStore {
  readonly #events: AnyEvent[] = [];
  readonly #axis = new TimeAxis();
  readonly #lookup = new Lookup();
  /** Always at the end of the trace. */
  readonly #head = new Fold();
  readonly #checkpoints: ScopeState[];
  /** The latest asked for is last. */
  #recent: ScopeState[] = [];
  readonly #listeners = new Set<(length: number) => void>();

  constructor(readonly header: TraceHeader) {
    this.#checkpoints = [this.#head.freeze()];
  }

  /** How many events there are; also the last position. */
  get length(): number {
    return this.#events.length;
  }

  /** Adds events at the end. They must be in order; listeners are told once. */
  append(events: readonly AnyEvent[]): void {
    if (events.length === 0) return;
    this.add(events);
    this.announce();
  }

  /** The same, and nobody is told before announce(): for events that come in many small blocks. */
  add(events: readonly AnyEvent[]): void {
    for (const event of events) {
      const time = this.#axis.add(event);
      this.#lookup.add(event, this.#events.length as EventIndex);
      this.#events.push(event);
      this.#head.apply(event, time);
      if (this.#events.length % CHECKPOINT_EVERY === 0) this.#checkpoints.push(this.#head.freeze());
    }
  }

  announce(): void {
    for (const listener of this.#listeners) listener(this.#events.length);
  }

  event(index: number): AnyEvent | undefined {
    return this.#events[index];
  }

  /** The state after the first `position` events (cut to what there is): backward or forward, the same. */
  stateAt(position: number): ScopeState {
    const target = Math.max(0, Math.min(Math.trunc(position), this.#events.length));
    const known = this.#recent.find((state) => state.position === target);
    if (known !== undefined) return known;
    const state = target === this.#events.length ? this.#head.freeze() : this.#foldTo(target);
    this.#recent = [...this.#recent.slice(-RECENT + 1), state];
    return state;
  }

  /**
   * When event `index` happened, on one time axis for the whole trace that never runs backwards: where a later loop's
   * clock starts anew at 0, its events follow those before.
   */
  timeAt(index: number): Nanoseconds {
    return this.#axis.at(index);
  }

  /** The last position at which no event later than `time` has happened. */
  positionAtTime(time: Nanoseconds): number {
    return this.#axis.countUntil(time);
  }

  /**
   * The positions at which stepping stops, ascending. `step`: just after a task's step, or a callback that is no step,
   * has begun; `turn`: just after a turn has begun.
   */
  stops(unit: 'step' | 'turn'): readonly number[] {
    return unit === 'step' ? this.#lookup.steps : this.#lookup.turns;
  }

  /** The events that are about this task, this handle, this future. Ascending. */
  eventsOfTask(task: TaskId): readonly EventIndex[] {
    return this.#lookup.task(task);
  }

  /** The event with which a task was made. */
  creationOf(task: TaskId): EventOf<'task_created'> | undefined {
    const index = this.#lookup.createdTask(task);
    const event = index === undefined ? undefined : this.#events[index];
    return event?.kind === 'task_created' ? event : undefined;
  }

  eventsOfHandle(handle: HandleId): readonly EventIndex[] {
    return this.#lookup.handle(handle);
  }

  eventsOfFuture(future: FutureId): readonly EventIndex[] {
    return this.#lookup.future(future);
  }

  /** What was done to a lock, a queue ... */
  eventsOfResource(resource: ResourceId): readonly EventIndex[] {
    return this.#lookup.resource(resource);
  }

  /** The gather or other combinator that collects a task or future; the first, if several do. */
  collectorOf(child: Cause): FutureId | undefined {
    return this.#lookup.collector(child);
  }

  /** The loops of the trace, in order of their first event. */
  get loops(): readonly number[] {
    return this.#lookup.loops;
  }

  /** The handle that was running when event `index` happened; 0 for none. */
  runningAt(index: number): HandleId {
    return this.#lookup.runningAt(index);
  }

  /** The task whose step was under way when event `index` happened: the innermost, where steps are nested. */
  steppingAt(index: number): TaskId | undefined {
    return this.#lookup.steppingAt(index);
  }

  /** Called after each append with the new length; returns what ends it. */
  subscribe(listener: (length: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #foldTo(target: number): ScopeState {
    let base = this.#checkpoints[Math.floor(target / CHECKPOINT_EVERY)] ?? new Fold().freeze();
    for (const state of this.#recent)
      if (state.position > base.position && state.position <= target) base = state;
    const fold = new Fold(base);
    for (let index = base.position; index < target; index++) {
      const event = this.#events[index];
      if (event !== undefined) fold.apply(event, this.#axis.at(index));
    }
    return fold.freeze();
  }
}
